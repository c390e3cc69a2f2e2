"""Exact probabilities of configurations against sums over all of them, and the entropies that follow."""

import math

import numpy as np
import pytest

from rbmrg import exact, lattice


@pytest.mark.parametrize("T", [0, 0.5, exact.TC, 4.0, math.inf])
def test_probabilities_add_up(T):
    for L in (4, 10):
        p = exact.energy_distribution(L, T)
        E = 2 * np.arange(p.size) - 2 * L**2
        g = np.array(exact.density_of_states(L), float)
        assert p.sum() == pytest.approx(1, rel=1e-13)
        tiny = np.finfo(float).tiny  # numbers below it have fewer digits
        np.testing.assert_allclose(g * np.exp(exact.log_probability(E, L, T)), p, rtol=1e-11, atol=tiny)
        assert p @ E / L**2 == pytest.approx(exact.energy_per_spin(L, T), abs=1e-12)


def test_probability_of_one_configuration():
    E = np.array([-200, -192, 0])
    np.testing.assert_array_equal(exact.log_probability(E, 10, 0), [-math.log(2), -np.inf, -np.inf])
    np.testing.assert_allclose(exact.log_probability(E, 10, math.inf), -100 * math.log(2), rtol=1e-15)
    np.testing.assert_allclose(exact.log_probability(E, 10, 2.0), -E / 2 - exact.log_partition(10, 2.0), rtol=1e-13)
    assert np.shape(exact.log_probability(-200, 10, 2.0)) == ()


def test_entropy_of_a_single_temperature():
    for T in (0, 0.2, 1.0, exact.TC, 5.0, math.inf):
        assert exact.mixture_entropy(10, [T]) == pytest.approx(exact.entropy(10, T), rel=1e-11)
        assert exact.mixture_entropy(10, [T, T, T]) == pytest.approx(exact.entropy(10, T), rel=1e-11)


def test_entropy_of_a_mixture_is_that_of_all_configurations():
    temperatures = [0, 1.5, exact.TC, math.inf]
    E = lattice.energy(exact.enumerate_states(4))
    p = np.mean([np.exp(exact.log_probability(E, 4, T)) for T in temperatures], axis=0)
    np.testing.assert_allclose(np.exp(exact.log_mixture(E, 4, temperatures)), p, rtol=1e-12)
    mixed = exact.mixture_entropy(4, temperatures)
    assert mixed == pytest.approx(-(p * np.log(p)).sum(), rel=1e-12)
    parts = exact.entropy(4, temperatures).mean()
    assert parts < mixed < parts + math.log(4)  # concave, and the label holds at most ln 4


def test_enumerated_states_are_all_states():
    states = exact.enumerate_states(4)
    assert states.dtype == np.int8
    assert states.shape == (65536, 4, 4)
    assert len(np.unique(states.reshape(-1, 16), axis=0)) == 65536
    assert set(np.unique(states)) == {-1, 1}


def test_lattices_too_large_to_enumerate_and_mixtures_of_nothing_are_refused():
    with pytest.raises(ValueError, match="L = 5: must be at most 4"):
        exact.enumerate_states(5)
    with pytest.raises(ValueError, match=r"temperatures = \[\]: must contain at least one temperature"):
        exact.log_mixture(0, 10, [])
