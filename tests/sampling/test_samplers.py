"""The same tests of every algorithm: enumeration, exact distributions, Kaufman, each other, independence.

Seeds are fixed.  Two-sided χ² tests pass for 1e-3 < P(χ² > found) < 1 − 1e-3, false alarm 2e-3 each; |z| < 4: 6e-5.
That these tests notice wrong samplers is shown in the file of each algorithm.
"""

from functools import cache

import numpy as np
import pytest
from scores import difference, energies_probability, energy_scores, lagged, states_probability

from rbmrg import exact, sampling
from rbmrg.lattice import energy, magnetisation
from rbmrg.sampling import multispin
from rbmrg.stats import block_means

FAST = {"transfer": 1_000_000, "multispin": 1_000_000}  # a hundred times cheaper than the others at L = 4
TEMPERATURES = [2.0, exact.TC, 2.5, 4.0]
LARGE = [name for name, module in sampling.ALGORITHMS.items() if 64 in module.SIZES]


def observables(spins):
    """Of each configuration: E and m; m², m⁴ and G(r) at r = 1, 2, 4, … L/2 along a row, float64 [n, …]."""
    L = spins.shape[-1]
    m = magnetisation(spins)
    distances = [2**k for k in range(L.bit_length() - 1)]
    G = [np.mean(spins * np.roll(spins, r, axis=2), axis=(1, 2), dtype=np.float64) for r in distances]
    return energy(spins), m, np.column_stack([m**2, m**4, *G])


@cache
def measured(algorithm, L, T, n):
    """`observables` of n configurations, as they are streamed."""
    parts = [observables(spins) for spins in sampling.batches(L, T, n, 4, algorithm)]
    return [np.concatenate(part) for part in zip(*parts, strict=True)]


def check_energy_and_independence(algorithm, L, T, n):
    E, m, columns = measured(algorithm, L, T, n)
    assert np.abs(energy_scores(E, L, T)).max() < 4
    lag = multispin.replicas(L) if algorithm == "multispin" else 1  # from one of a chain to its next
    assert np.abs([lagged(E, lag), lagged(columns[:, 0], lag)]).max() < 4
    assert abs(np.sign(m).sum()) < 4 * np.sqrt(n)


@pytest.mark.parametrize("L", [2, 4])
@pytest.mark.parametrize("T", [exact.TC, 5.0, 10.0])
@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_every_state_has_its_boltzmann_probability(algorithm, L, T):
    n = FAST.get(algorithm, 100_000) // (4 if L == 2 else 1)
    assert 1e-3 < states_probability(sampling.sample(L, T, n, 1, algorithm), T) < 1 - 1e-3


@pytest.mark.long
@pytest.mark.parametrize("T", [exact.TC, 5.0, 10.0])
@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_every_state_of_millions(algorithm, T):
    n = 4 * FAST.get(algorithm, 250_000)
    assert 1e-3 < states_probability(sampling.sample(4, T, n, 2, algorithm), T) < 1 - 1e-3


@pytest.mark.parametrize("T", [1.5, exact.TC, 3.5, 20.0])
@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_energy_histogram(algorithm, T):
    n = 400_000 if algorithm in FAST else 10_000
    assert 1e-3 < energies_probability(energy(sampling.sample(10, T, n, 2, algorithm)), 10, T) < 1 - 1e-3


@pytest.mark.parametrize("T", TEMPERATURES)
@pytest.mark.parametrize("algorithm", LARGE)
def test_energy_and_independence_at_L_32(algorithm, T):
    check_energy_and_independence(algorithm, 32, T, 8192 if algorithm == "multispin" else 1000)


@pytest.mark.long
@pytest.mark.parametrize("T", TEMPERATURES)
@pytest.mark.parametrize(("L", "n"), [(32, 100_000), (64, 20_000)])
@pytest.mark.parametrize("algorithm", LARGE)
def test_energy_and_independence_of_many(algorithm, L, n, T):
    check_energy_and_independence(algorithm, L, T, n)


@pytest.mark.long
@pytest.mark.parametrize("T", TEMPERATURES)
@pytest.mark.parametrize(("L", "n"), [(32, 100_000), (64, 20_000)])
@pytest.mark.parametrize("algorithm", [name for name in LARGE if name != "multispin"])
def test_moments_and_correlations_agree_of_many(algorithm, L, n, T):
    assert_agreement(measured(algorithm, L, T, n), measured("multispin", L, T, n))


@pytest.mark.parametrize("T", [2.0, exact.TC, 3.0])
@pytest.mark.parametrize("algorithm", [name for name in sampling.ALGORITHMS if name != "transfer"])
def test_moments_and_correlations_agree_with_the_transfer_matrix(algorithm, T):
    n = 40_000 if algorithm in FAST else 4000
    assert_agreement(measured(algorithm, 10, T, n), measured("transfer", 10, T, 40_000))


def assert_agreement(first, second, blocks=100):
    """m², m⁴, G(r) and Binder's 1 − ⟨m⁴⟩/3⟨m²⟩²: at most 9 correlated z-scores, false alarm 6e-4."""
    pair = [block_means(columns, blocks) for _, _, columns in (first, second)]
    assert difference(*pair) < 4
    assert difference(*map(binder_influence, pair)) < 4


def binder_influence(means):
    """⟨m⁴⟩/⟨m²⟩² to first order in the deviations of each block: its mean is the ratio, its scatter gives the error."""
    m2 = means[:, 0] / means[:, 0].mean()
    m4 = means[:, 1] / means[:, 1].mean()
    return (means[:, 1].mean() / means[:, 0].mean() ** 2 * (2 + m4 - 2 * m2))[:, None]


@pytest.mark.parametrize("T", [0.0, 5e-324, 0.02])
@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_only_the_two_ground_states_at_and_next_to_zero(algorithm, T):
    spins = sampling.sample(12, T, 1000, 7, algorithm)
    first = spins[:, 0, 0].astype(int)
    np.testing.assert_array_equal(spins, np.broadcast_to(first[:, None, None], spins.shape))
    assert abs(first.sum()) < 4 * np.sqrt(1000)
    assert abs(np.sum(first[1:] * first[:-1])) < 4 * np.sqrt(1000)


@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_infinite_temperature_is_fair_and_independent_coins(algorithm):
    spins = sampling.sample(8, np.inf, 20_000, 8, algorithm).reshape(-1, 64).astype(float)
    z = spins.T @ spins / np.sqrt(len(spins))
    assert np.abs(z[np.triu_indices(64, 1)]).max() < 5.5  # 2016 pairs: false alarm 8e-5
    assert np.abs(spins.sum(axis=0)).max() / np.sqrt(len(spins)) < 4.5  # 64 sites: 4e-4
    parity = np.prod(spins, axis=1)  # each update of Wolff changes it
    assert abs(parity.sum()) < 4 * np.sqrt(len(parity))
    assert abs(np.sum(parity[1:] * parity[:-1])) < 4 * np.sqrt(len(parity))


@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_all_sites_and_both_directions_are_equivalent(algorithm):
    """Updates and draws have an order of sites and directions, which a chain must have forgotten."""
    n = 200_000 if algorithm in FAST else 10_000
    T = 2.5
    L = 10
    spins = sampling.sample(L, T, n, 5, algorithm)
    bond = -exact.energy_per_spin(L, T) / 2
    for axis in (1, 2):
        correlations = np.mean(spins * np.roll(spins, -1, axis), axis=0, dtype=np.float64)
        assert np.abs(correlations - bond).max() < 4.5 * np.sqrt((1 - bond**2) / n)  # 100 bonds: 7e-4
    assert np.abs(spins.mean(axis=0, dtype=np.float64)).max() < 5 / np.sqrt(n)
    diagonals = [np.mean(spins * np.roll(spins, (1, shift), (1, 2)), axis=(1, 2)) for shift in (1, -1)]
    excess = diagonals[0] - diagonals[1]
    assert abs(excess.mean()) < 4 * excess.std() / np.sqrt(n)


@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_a_configuration_depends_on_its_place_and_not_on_how_many_are_drawn(algorithm):
    many = sampling.sample(10, 2.3, 500, 14, algorithm)
    np.testing.assert_array_equal(sampling.sample(10, 2.3, 70, 14, algorithm), many[:70])
    draw = sampling.ALGORITHMS[algorithm].sampler(10, 2.3, 14)
    np.testing.assert_array_equal(np.concatenate([draw(k) for k in (1, 69, 130, 300)]), many)
    assert np.any(sampling.sample(10, 2.3, 70, 15, algorithm) != many[:70])
