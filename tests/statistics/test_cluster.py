"""Swendsen–Wang against enumeration, the exact distribution of the energy and Kaufman; the independence it promises.

Seeds are fixed.  Two-sided χ² tests pass for 1e-3 < P(χ² > found) < 1 − 1e-3, false alarm 2e-3 each; |z| < 4: 6e-5.
"""

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import exact, stats
from rbmrg.lattice import energy, magnetisation
from rbmrg.sampling import cluster


def excess_probability(counts, probabilities):
    """P(χ² > the one found) of `counts` for exact `probabilities`; cells that expect fewer than 10 are one cell."""
    expected = counts.sum() * probabilities
    rare = expected < 10
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    return distributions.chi2.sf(np.sum((observed - expected) ** 2 / expected), observed.size - 1)


def energy_scores(spins, T):
    """Mean and variance of the energy of independent configurations, as σ from Kaufman's."""
    n, L = len(spins), spins.shape[-1]
    deviation = energy(spins) - L**2 * exact.energy_per_spin(L, T)
    variance = T**2 * L**2 * exact.specific_heat(L, T)
    squares = deviation**2
    return deviation.mean() / np.sqrt(variance / n), (squares.mean() - variance) / (squares.std() / np.sqrt(n))


def excess_times(spins):
    """Autocorrelation times of E and m² of successive configurations, less the 1/2 of independent ones, in σ."""
    times = [stats.autocorrelation_time(series) for series in (energy(spins), magnetisation(spins) ** 2)]
    return np.array([(tau - 0.5) / error for tau, error in times])


@pytest.mark.parametrize("L", [2, 3, 4])
def test_every_state_has_its_boltzmann_probability(L):
    T, place = 3.0, 1 << np.arange(L * L)
    states, spins = exact.enumerate_states(L), cluster.sample(L, T, 200_000, rng=1)
    weights = np.exp(-(energy(states) + 2 * L * L) / T)
    counts = np.bincount((spins.reshape(-1, L * L) > 0) @ place, minlength=len(states))
    order = (states.reshape(-1, L * L) > 0) @ place
    assert 1e-3 < excess_probability(counts[order], weights / weights.sum()) < 1 - 1e-3


@pytest.mark.parametrize("T", [1.5, exact.TC, 3.5])
def test_energy_histogram(T):
    counts = np.bincount((energy(cluster.sample(10, T, 20_000, rng=2)) + 200) // 2, minlength=201)
    assert 1e-3 < excess_probability(counts, exact.energy_distribution(10, T)) < 1 - 1e-3


@pytest.mark.parametrize("T", [2.0, exact.TC, 2.5])
def test_energy_its_variance_and_independence_at_L_32(T):
    spins = cluster.sample(32, T, 2000, rng=3)
    assert np.abs(energy_scores(spins, T)).max() < 4
    assert np.abs(excess_times(spins)).max() < 4


@pytest.mark.long
@pytest.mark.parametrize("T", [2.0, exact.TC, 2.5])
def test_energy_its_variance_and_independence_of_many(T):
    spins = cluster.sample(32, T, 100_000, rng=4)
    assert np.abs(energy_scores(spins, T)).max() < 4
    assert np.abs(excess_times(spins)).max() < 4


def test_the_energy_notices_a_bond_probability_wrong_by_one_percent(monkeypatch):
    right = cluster.bond_probability
    monkeypatch.setattr(cluster, "bond_probability", lambda T: 1.01 * right(T))
    assert np.abs(energy_scores(cluster.sample(32, exact.TC, 2000, rng=3), exact.TC)).max() > 20


def test_independence_notices_a_thinning_of_three_sweeps():
    spins = cluster.sample(32, exact.TC, 2000, rng=3, thin=3)
    assert excess_times(spins).min() > 4


@pytest.mark.parametrize("T", [0.0, 5e-324, 0.02])
def test_only_the_two_ground_states_at_and_next_to_zero(T):
    spins = cluster.sample(16, T, 1000, rng=5)
    first = spins[:, 0, 0]
    np.testing.assert_array_equal(spins, np.broadcast_to(first[:, None, None], spins.shape))
    assert abs(first.sum(dtype=int)) < 4 * np.sqrt(1000)


def test_infinite_temperature_is_fair_and_independent_coins():
    spins = cluster.sample(8, np.inf, 50_000, rng=6).reshape(-1, 64).astype(float)
    z = spins.T @ spins / np.sqrt(len(spins))
    assert np.abs(z[np.triu_indices(64, 1)]).max() < 5.5  # 2016 pairs: false alarm 8e-5
    assert np.abs(spins.sum(axis=0)).max() / np.sqrt(len(spins)) < 4.5  # 64 sites: 4e-4
