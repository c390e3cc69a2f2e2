"""Pseudolikelihood: configurations drawn from all states with couplings set by us come back within errors."""

import numpy as np
import pytest

from rbmrg import exact, operators, rg, sampling
from rbmrg.exponents import critical_line, pseudolikelihood
from rbmrg.lattice import TC

NAMES = ("nn", "nnn", "plaquette", "field")  # on 4 × 4, where others coincide with their images
HAMILTONIANS = [(0.3, 0.08, -0.05, 0.0), (0.15, -0.1, 0.2, 0.05), (0.0, 0.0, 0.0, 0.0), (-0.3, 0.1, 0.0, -0.02)]


def draw(K, n, rng, names=NAMES):
    """`n` independent configurations of 4 × 4 spins from p ∝ exp Σ K S, by their weights."""
    states = exact.enumerate_states(4)
    log_p = operators.sums(states, names) @ np.array(K)
    p = np.exp(log_p - log_p.max())
    return states[rng.choice(len(states), n, p=p / p.sum())]


@pytest.mark.parametrize("K", HAMILTONIANS)
def test_couplings_that_were_set_come_back(K):
    """z² of four couplings, correlated; with Student's t of 19 degrees, P(any |z| > 4.5) < 1e-3."""
    table = pseudolikelihood.of(draw(K, 20_000, np.random.default_rng(1)), NAMES, None)
    total = critical_line.equivalent(K, NAMES)
    z = (table.coupling - np.array([*K, total, (total - K[0]) / 2**0.5])) / table.error
    assert list(table.operator) == [*NAMES, "equivalent", "others"]
    assert (z.abs() < 4.5).all()
    assert (table.error < 0.02).all()


def test_couplings_are_not_those_of_another_hamiltonian():
    table = pseudolikelihood.of(draw(HAMILTONIANS[0], 20_000, np.random.default_rng(1)), NAMES, None)
    z = (table.coupling[:4] - np.array(HAMILTONIANS[1])) / table.error[:4]
    assert (z.abs() > 5).all()


def test_ising_configurations_have_the_coupling_of_their_temperature():
    table = pseudolikelihood.of(sampling.sample(10, TC, 4000, rng=3)).set_index("operator")
    expected = dict.fromkeys([*pseudolikelihood.FEW, "others"], 0.0) | {"nn": 1 / TC, "equivalent": 1 / TC}
    z = (table.coupling - [expected[name] for name in table.index]) / table.error
    assert (z.abs() < 4.5).all()
    assert table.truncation.nn < 4 * table.error.nn


def test_blocks_of_critical_configurations_stay_at_criticality_and_others_leave_it():
    """The distance from K_c doubles in a step, y_t = 1; at Tc it is what the first order leaves out, 2 %."""
    away = []
    for T in (2.15, TC, 2.4):
        blocks = rg.coarse_grain(sampling.sample(32, T, 1000, rng=5), "majority", rng=6)
        table = pseudolikelihood.of(blocks, more=None)
        away.append(table.coupling.iloc[-2] / critical_line.KC - 1)
    cold, critical, hot = away
    assert abs(critical) < 0.03
    assert cold - critical == pytest.approx(2 * (TC / 2.15 - 1), rel=0.2)
    assert hot - critical == pytest.approx(2 * (TC / 2.4 - 1), rel=0.2)


def test_the_sum_of_products_is_the_change_of_the_hamiltonian_when_a_spin_flips():
    spins = np.random.default_rng(2).choice(np.array([-1, 1], np.int8), (3, 6, 6))
    flipped = spins.copy()
    flipped[:, 2, 3] *= -1
    for name in operators.OPERATORS:
        change = operators.sums(spins, [name]) - operators.sums(flipped, [name])
        assert (2 * pseudolikelihood.containing(spins, name)[:, 2, 3].astype(int) == change[:, 0]).all(), name


def test_frozen_configurations_have_no_couplings():
    table = pseudolikelihood.of(np.ones((40, 6, 6), np.int8), more=None)
    assert table.coupling.isna().all()


def test_too_few_configurations_are_refused():
    with pytest.raises(ValueError, match="19 configurations: must be at least 20"):
        pseudolikelihood.of(np.ones((19, 6, 6), np.int8))
