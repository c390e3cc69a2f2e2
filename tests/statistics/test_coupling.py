"""Coupling from the past against enumeration, exact distributions of the energy, Kaufman and the transfer matrix.

Seeds are fixed.  Two-sided χ² tests pass for 1e-3 < P(χ² > found) < 1 − 1e-3, false alarm 2e-3 each; |z| < 4: 6e-5.
"""

import numba
import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import exact, stats
from rbmrg.lattice import energy, magnetisation
from rbmrg.sampling import coupling, transfer, wolff

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


def lag_one(series):
    """The correlation of successive values, in σ of independent ones."""
    deviation = (series - series.mean()) / series.std()
    return np.mean(deviation[1:] * deviation[:-1]) * np.sqrt(deviation[1:].size)


# --- perfect samples ------------------------------------------------------------------------------


@pytest.mark.parametrize(("L", "T", "n"), [(2, 3.0, 10**5), (3, 2.0, 10**5), (4, exact.TC, 10**5), (4, 5.0, 10**5)])
def test_every_state_has_its_boltzmann_probability(L, T, n):
    place, states, spins = 1 << np.arange(L * L), exact.enumerate_states(L), coupling.sample(L, T, n, rng=1)
    weights = np.exp(-(energy(states) + 2 * L * L) / T)
    counts = np.bincount((spins.reshape(-1, L * L) > 0) @ place, minlength=len(states))
    order = (states.reshape(-1, L * L) > 0) @ place
    assert 1e-3 < excess_probability(counts[order], weights / weights.sum()) < 1 - 1e-3


@pytest.mark.parametrize("T", [1.5, exact.TC, 3.5])
def test_energy_histogram(T):
    assert 1e-3 < energies_probability(coupling.sample(10, T, 10_000, rng=2), T) < 1 - 1e-3


@pytest.mark.parametrize("T", [2.0, exact.TC, 2.5, 4.0])
@pytest.mark.parametrize(
    ("L", "n"),
    [(16, 2000), pytest.param(32, 20_000, marks=pytest.mark.long), pytest.param(64, 2000, marks=pytest.mark.long)],
)
def test_energy_its_variance_and_independence(L, T, n):
    spins = coupling.sample(L, T, n, rng=3)
    assert np.abs(energy_scores(spins, T)).max() < 4
    assert abs(lag_one(energy(spins))) < 4
    assert abs(lag_one(magnetisation(spins) ** 2)) < 4
    assert abs(lag_one(magnetisation(spins))) < 4
    assert abs(np.sum(np.sign(magnetisation(spins)))) < 4 * np.sqrt(n)


@pytest.mark.parametrize("T", [2.0, exact.TC, 3.0])
def test_magnetisation_is_that_of_the_transfer_matrix(T):
    squares = [magnetisation(sampler(10, T, 5000, 4)) ** 2 for sampler in (coupling.sample, transfer.sample)]
    (mean, error), (other_mean, other_error) = map(stats.mean_error, squares)
    assert abs(mean - other_mean) < 4 * np.hypot(error, other_error)


def test_the_energy_notices_bond_probabilities_wrong_by_one_percent(monkeypatch):
    right = coupling.bond_probability
    monkeypatch.setattr(coupling, "bond_probability", lambda T: 1.01 * right(T))
    assert np.abs(energy_scores(coupling.sample(16, exact.TC, 2000, rng=3), exact.TC)).max() > 8


@pytest.mark.parametrize("T", [0.0, 5e-324, 0.02])
def test_only_the_two_ground_states_at_and_next_to_zero(T):
    spins = coupling.sample(16, T, 1000, rng=5)
    first = spins[:, 0, 0]
    np.testing.assert_array_equal(spins, np.broadcast_to(first[:, None, None], spins.shape))
    assert abs(first.sum(dtype=int)) < 4 * np.sqrt(1000)


def test_infinite_temperature_is_fair_and_independent_coins():
    spins = coupling.sample(8, np.inf, 50_000, rng=6).reshape(-1, 64).astype(float)
    z = spins.T @ spins / np.sqrt(len(spins))
    assert np.abs(z[np.triu_indices(64, 1)]).max() < 5.5  # 2016 pairs: false alarm 8e-5
    assert np.abs(spins.sum(axis=0)).max() / np.sqrt(len(spins)) < 4.5  # 64 sites: 4e-4


@pytest.mark.parametrize("L", [9, 10])
def test_all_sites_and_both_directions_are_equivalent(L):
    """The order of updates distinguishes them, and a chain that had not forgotten it would show."""
    n, T = 20_000, 2.5
    spins = coupling.sample(L, T, n, rng=7)
    bond = -exact.energy_per_spin(L, T) / 2
    for axis in (1, 2):
        correlations = np.mean(spins * np.roll(spins, -1, axis), axis=0, dtype=np.float64)
        assert np.abs(correlations - bond).max() < 4.5 * np.sqrt((1 - bond**2) / n)  # 100 bonds: 7e-4
    assert np.abs(spins.mean(axis=0, dtype=np.float64)).max() < 4.5 / np.sqrt(n)


def test_a_configuration_depends_on_its_place_and_not_on_their_number():
    few, many = coupling.sample(10, 2.3, 70, rng=8), coupling.sample(10, 2.3, 500, rng=8)
    np.testing.assert_array_equal(few, many[:70])
    assert np.any(coupling.sample(10, 2.3, 70, rng=9) != few)


def test_a_configuration_does_not_depend_on_how_far_back_the_first_attempt_goes(monkeypatch):
    """What the same numbers in every attempt mean: further into the past than needed, nothing changes."""
    few = coupling.sample(16, exact.TC, 50, rng=10)
    for span in (1, 3, 64):
        monkeypatch.setattr(coupling, "first_span", lambda L, T, span=span: span)
        np.testing.assert_array_equal(coupling.sample(16, exact.TC, 50, rng=10), few)


# --- the kernels ----------------------------------------------------------------------------------


def sample_by_attempts(L, T, n, seed, stream, span):
    """As `coupling.sample`, but attempt a at configuration k has the numbers of stream(k, a) and span(a) sweeps."""
    low, high = coupling.thresholds(T)
    near, links, words, work = coupling.workspace(L)
    spins = np.empty((n, L * L), np.int8)
    for k in range(n):
        attempt = 0
        while not coupling.coalesce(L, low, high, seed, stream(k, attempt), span(attempt), near, links, words, work):
            attempt += 1
        coupling.set_signs(L, seed, stream(k, 0), near, links, words, work, spins[k])
    return spins.reshape(n, L, L)


def test_attempts_with_the_same_numbers_are_the_sampler():
    seed = np.uint64(np.random.default_rng(11).integers(2**64, dtype=np.uint64))
    mine = sample_by_attempts(8, exact.TC, 100, seed, lambda k, attempt: k, lambda attempt: 2 ** (attempt + 1))
    np.testing.assert_array_equal(mine, coupling.sample(8, exact.TC, 100, rng=11))


# Sizes and temperatures at which these wrong samplers are seen: chosen from a scan on one seed; near Tc, where open and
# closed bonds are alike, and on larger lattices they are harder to see.
def test_the_energy_passes_where_the_wrong_samplers_fail():
    assert np.abs(energy_scores(coupling.sample(4, 4.0, 120_000, rng=12), 4.0)).max() < 4
    assert np.abs(energy_scores(coupling.sample(4, 3.0, 50_000, rng=12), 3.0)).max() < 4


def test_the_energy_notices_fresh_numbers_in_every_attempt():
    spins = sample_by_attempts(4, 4.0, 120_000, np.uint64(12), lambda k, a: 1000 * k + a, lambda a: 2**a)
    assert np.abs(energy_scores(spins, 4.0)).max() > 4


def test_the_energy_notices_that_slow_attempts_are_given_up():
    spins = sample_by_attempts(4, 3.0, 50_000, np.uint64(12), lambda k, a: 1000 * k + a, lambda a: 2)
    assert np.abs(energy_scores(spins, 3.0)).max() > 4


def test_connections_are_those_found_by_spreading_labels():
    """Random bonds, those of the lower chain among those of the upper one; and the bond itself does not count."""
    rng, L = np.random.default_rng(14), 4
    near, links, _, work = coupling.workspace(L)
    work[:] = 0
    found = []
    for trial in range(1000):
        upper = rng.random((L * L, 2)) < rng.uniform(0.3, 0.6)
        lower = upper & (rng.random((L * L, 2)) < rng.choice([0.8, 1.0]))
        site, direction = rng.integers(L * L), rng.integers(2)
        other = near[4 * site + direction]
        links[:] = 0
        for a, d in np.argwhere(upper):
            coupling.set_bond.py_func(links, a, near[4 * a + d], d, 0x11 if lower[a, d] else 0x10)
        expected = 0
        for chain, bonds in ((0x01, lower), (0x10, upper)):
            labels = np.arange(L * L)
            bonds[site, direction] = False
            for _ in range(L * L):
                for a, d in np.argwhere(bonds):
                    labels[a] = labels[near[4 * a + d]] = min(labels[a], labels[near[4 * a + d]])
            expected |= chain * (labels[site] == labels[other])
        coupling.set_bond.py_func(links, site, other, direction, 0)
        assert coupling.connection(links, near, work, site, other, 4 * (trial + 1)) == expected
        found.append(expected)
    assert min(np.unique(found, return_counts=True)[1]) > 50
    assert len(set(found)) == 3


# --- perfect starts -------------------------------------------------------------------------------


def test_hybrid_starts_are_perfect_samples_and_configurations_are_independent():
    T, each = exact.TC, coupling.PER_START
    spins = coupling.hybrid(10, T, 200 * each + 7, rng=15)
    assert len(spins) == 200 * each + 7
    np.testing.assert_array_equal(spins[::each], coupling.sample(10, T, 201, rng=15))
    assert 1e-3 < energies_probability(spins, T) < 1 - 1e-3
    assert abs(lag_one(energy(spins))) < 4
    assert abs(lag_one(magnetisation(spins) ** 2)) < 4


def test_hybrid_configurations_are_unbiased_wherever_they_stand_after_a_start(monkeypatch):
    """Right after the start too, and even if the chain were too short to equilibrate: one sweep from each other."""
    T, n = exact.TC, 3000
    monkeypatch.setattr(wolff, "thinning", lambda L, T: 1)
    monkeypatch.setattr(coupling, "PER_START", 3)
    spins = coupling.hybrid(16, T, 3 * n, rng=16).reshape(n, 3, 16, 16)
    for place in range(3):
        assert np.abs(energy_scores(spins[:, place], T)).max() < 4
    assert lag_one(energy(spins[:, :2]).ravel()) > 4


@pytest.mark.parametrize("T", [0.0, np.inf])
def test_hybrid_at_the_extremes(T):
    spins = coupling.hybrid(8, T, 2000, rng=17)
    E = energy(spins)
    assert (E == -128).all() if T == 0 else abs(E.sum()) < 4 * np.sqrt(2000 * 128)
    assert abs(np.sign(spins[:, 0, 0]).sum(dtype=int)) < 4 * np.sqrt(2000)


def test_hybrid_depends_on_the_place_and_not_on_the_number():
    few, many = coupling.hybrid(10, 2.3, 70, rng=18), coupling.hybrid(10, 2.3, 500, rng=18)
    np.testing.assert_array_equal(few, many[:70])


def test_kernels_are_compiled_for_one_signature():
    coupling.sample(4, 0.0, 1, 1)
    coupling.hybrid(5, np.inf, 5, np.random.default_rng(1))
    kernels = [value for value in vars(coupling).values() if isinstance(value, numba.core.dispatcher.Dispatcher)]
    own = [kernel for kernel in kernels if kernel.py_func.__module__ == coupling.__name__]
    assert own
    assert [kernel.py_func.__name__ for kernel in own if len(kernel.signatures) > 1] == []
