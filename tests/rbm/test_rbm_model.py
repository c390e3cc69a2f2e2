"""The RBM as an object: shapes, types and limits; sums over all states are in test_rbm_exact.py."""

import numpy as np
import pytest
from enumeration import random_machine

from rbmrg import rbm

SPINS = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (60, 4, 4))


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        rbm.RBM(np.zeros((4, 3)), np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match=r"shape \(6,\): must be .* \[n, ...\]"):
        rbm.RBM(np.zeros((6, 3)), np.zeros(6), np.zeros(3)).hidden_mean(np.ones(6))
    for v in (np.ones((2, 5)), np.ones((2, 2, 2))):
        with pytest.raises(ValueError, match="layer of 6"):
            random_machine(6, 5, scale=1).hidden_mean(v)


def test_lattices_and_flat_rows_are_the_same_units():
    machine = random_machine(16, 5, scale=1)
    flat = SPINS.reshape(60, 16)
    np.testing.assert_array_equal(machine.free_energy(SPINS), machine.free_energy(flat.astype(float)))
    np.testing.assert_array_equal(machine.gibbs(SPINS, 3, 1).reshape(60, 16), machine.gibbs(flat, 3, 1))


def test_units_are_int8_and_flows_keep_the_shape():
    machine = random_machine(16, 5, scale=1)
    hidden = machine.sample_hidden(SPINS, 1)
    flowed = machine.gibbs(SPINS, 2, 1)
    visible = machine.sample_visible(hidden, 1)
    assert (hidden.shape, visible.shape, flowed.shape) == ((60, 5), (60, 16), (60, 4, 4))
    for units in (hidden, visible, flowed):
        assert units.dtype == np.int8
        np.testing.assert_array_equal(np.abs(units), 1)
    np.testing.assert_array_equal(machine.gibbs(SPINS, 0, 1), SPINS)
    with pytest.raises(ValueError, match="steps = -1: must be an integer ≥ 0"):
        machine.gibbs(SPINS, -1, 1)


def test_saturated_units_never_flip():
    machine = rbm.RBM(np.full((16, 3), 100.0), np.zeros(16), np.zeros(3))
    up = np.ones((20_000, 16))
    assert (machine.gibbs(up, 2, 1) == 1).all()
    assert (machine.gibbs(-up, 2, 1) == -1).all()


@pytest.mark.parametrize("T", [0, -1, np.nan])
def test_there_is_no_exact_machine_at_zero_temperature(T):
    with pytest.raises(ValueError, match=f"T = {T}: must be a number ≥ 1e-30"):
        rbm.exact_machine(4, T)
