"""Wolff against enumeration, the exact distribution of the energy, Kaufman and the transfer matrix; its independence.

Seeds are fixed.  Two-sided χ² tests pass for 1e-3 < P(χ² > found) < 1 − 1e-3, false alarm 2e-3 each; |z| < 4: 6e-5.
"""

import numba
import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import exact, stats
from rbmrg.lattice import energy, magnetisation
from rbmrg.sampling import transfer, wolff

pytestmark = pytest.mark.long  # not in the registry yet, see rbmrg.sampling


def excess_probability(counts, probabilities):
    """P(χ² > the one found) of `counts` for exact `probabilities`; cells that expect fewer than 10 are one cell."""
    expected = counts.sum() * probabilities
    rare = expected < 10
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    return distributions.chi2.sf(np.sum((observed - expected) ** 2 / expected), observed.size - 1)


def energies_probability(spins, T):
    """Test of the energy histogram."""
    L = spins.shape[-1]
    counts = np.bincount((energy(spins) + 2 * L**2) // 2, minlength=2 * L**2 + 1)
    return excess_probability(counts, exact.energy_distribution(L, T))


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


@pytest.mark.parametrize(("L", "n"), [(2, 200_000), (3, 200_000), (4, 1_000_000)])
@pytest.mark.parametrize("T", [3.0, 10.0])
def test_every_state_has_its_boltzmann_probability(L, T, n):
    place, states, spins = 1 << np.arange(L * L), exact.enumerate_states(L), wolff.sample(L, T, n, rng=1)
    weights = np.exp(-(energy(states) + 2 * L * L) / T)
    counts = np.bincount((spins.reshape(-1, L * L) > 0) @ place, minlength=len(states))
    order = (states.reshape(-1, L * L) > 0) @ place
    assert 1e-3 < excess_probability(counts[order], weights / weights.sum()) < 1 - 1e-3


@pytest.mark.parametrize("T", [1.5, exact.TC, 3.5, 20.0])
def test_energy_histogram(T):
    assert 1e-3 < energies_probability(wolff.sample(10, T, 20_000, rng=2), T) < 1 - 1e-3


@pytest.mark.parametrize("T", [2.0, exact.TC, 2.5, 4.0])
def test_energy_its_variance_and_independence_at_L_32(T):
    spins = wolff.sample(32, T, 3000, rng=3)
    assert np.abs(energy_scores(spins, T)).max() < 4
    assert np.abs(excess_times(spins)).max() < 4


@pytest.mark.long
@pytest.mark.parametrize("T", [2.0, exact.TC, 2.5, 4.0])
def test_energy_its_variance_and_independence_of_many(T):
    spins = wolff.sample(32, T, 100_000, rng=4)
    assert np.abs(energy_scores(spins, T)).max() < 4
    assert np.abs(excess_times(spins)).max() < 4


@pytest.mark.parametrize("T", [2.0, exact.TC, 3.0])
def test_magnetisation_is_that_of_the_transfer_matrix(T):
    squares = [magnetisation(sampler(10, T, 20_000, 5)) ** 2 for sampler in (wolff.sample, transfer.sample)]
    (mean, error), (other_mean, other_error) = map(stats.mean_error, squares)
    assert abs(mean - other_mean) < 4 * np.hypot(error, other_error)


def test_the_energy_notices_a_bond_probability_wrong_by_one_percent(monkeypatch):
    right = wolff.bond_probability
    monkeypatch.setattr(wolff, "bond_probability", lambda T: 1.01 * right(T))
    assert np.abs(energy_scores(wolff.sample(32, exact.TC, 2000, rng=3), exact.TC)).max() > 20


def test_independence_notices_a_thinning_of_one_sweep():
    assert excess_times(wolff.sample(32, exact.TC, 2000, rng=3, thin=1)).min() > 4


def test_energy_notices_configurations_emitted_once_enough_spins_are_flipped():
    """The bias that a fixed number of updates avoids: large clusters are what makes it enough."""
    L, T, spins, position = 10, exact.TC, np.ones(100, np.int8), np.uint64(6)
    threshold, queue = np.uint64(wolff.bond_probability(T) * 2**32), np.empty(104, np.int32)
    configurations = np.empty((20_000, L, L), np.int8)
    for configuration in configurations:
        flipped = 0
        while flipped < 20 * L * L:
            size, position = wolff.update(spins, L, threshold, np.uint64(position), queue)
            flipped += size
        configuration[:] = spins.reshape(L, L)
    assert energies_probability(configurations, T) < 1e-6


@pytest.mark.parametrize("T", [0.0, 5e-324, 0.02])
def test_only_the_two_ground_states_at_and_next_to_zero(T):
    spins = wolff.sample(16, T, 1000, rng=7)
    first = spins[:, 0, 0].astype(int)
    np.testing.assert_array_equal(spins, np.broadcast_to(first[:, None, None], spins.shape))
    assert abs(first.sum()) < 4 * np.sqrt(1000)
    assert abs(np.sum(first[1:] * first[:-1])) < 4 * np.sqrt(1000)


@pytest.mark.parametrize("T", [np.inf, 1e9])
def test_infinite_temperature_is_fair_and_independent_coins(T):
    spins = wolff.sample(8, T, 50_000, rng=8).reshape(-1, 64).astype(float)
    z = spins.T @ spins / np.sqrt(len(spins))
    assert np.abs(z[np.triu_indices(64, 1)]).max() < 5.5  # 2016 pairs: false alarm 8e-5
    assert np.abs(spins.sum(axis=0)).max() / np.sqrt(len(spins)) < 4.5  # 64 sites: 4e-4
    parity = np.prod(spins, axis=1)  # each update changes it
    assert abs(parity.sum()) < 4 * np.sqrt(len(parity))
    assert abs(np.sum(parity[1:] * parity[:-1])) < 4 * np.sqrt(len(parity))


def test_chains_emit_their_start_and_what_follows():
    start = transfer.sample(6, 4.0, 3, rng=9)
    spins = wolff.sample(6, 4.0, 8, rng=9, start=start)
    np.testing.assert_array_equal(spins[::3], start)
    assert all(np.any(spins[k] != spins[k - 1]) for k in (1, 2, 4, 5, 7))


def test_the_same_seed_gives_the_same_and_more_the_same_and_more():
    few, many = wolff.sample(10, 2.3, 70, rng=10), wolff.sample(10, 2.3, 500, rng=10)
    np.testing.assert_array_equal(few, many[:70])
    assert np.any(wolff.sample(10, 2.3, 70, rng=11) != few)


def test_kernels_are_compiled_for_one_signature():
    wolff.sample(4, 0.0, 1, 1)
    wolff.sample(5, np.inf, 5, np.random.default_rng(1), thin=5, start=np.ones((1, 5, 5), np.int8))
    kernels = [value for value in vars(wolff).values() if isinstance(value, numba.core.dispatcher.Dispatcher)]
    assert kernels
    assert [kernel.py_func.__name__ for kernel in kernels if len(kernel.signatures) > 1] == []
