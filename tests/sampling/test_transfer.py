"""The transfer-matrix sampler: tests that only perfect and fast samples allow.  See test_samplers.py.

Seeds are fixed.  Two-sided χ² tests pass for 1e-3 < P(χ² > found) < 1 − 1e-3, false alarm 2e-3 each; |z| < 4: 6e-5.
"""

import numpy as np
import pytest
from scipy import stats
from scores import energies_probability, lagged, state_numbers

from rbmrg import exact
from rbmrg.lattice import energy
from rbmrg.sampling import transfer

FIVE_TEMPERATURES = [1.5, 2.0, exact.TC, 3.0, 5.0]


def sample(L, T, n, rng):
    return transfer.sampler(L, T, rng)(n)


def test_energy_histogram_notices_two_thousandths_of_the_temperature():
    assert energies_probability(energy(sample(10, 1.002 * exact.TC, 400_000, rng=2)), 10, exact.TC) < 1e-6


@pytest.mark.long
@pytest.mark.parametrize("T", [0.8, *FIVE_TEMPERATURES, 20.0])
def test_energy_histogram_of_many(T):
    draw = transfer.sampler(10, T, rng=100)
    energies = np.concatenate([energy(draw(10**6)) for _ in range(50)])
    assert 1e-3 < energies_probability(energies, 10, T) < 1 - 1e-3


def test_mean_energy_at_the_sixty_temperatures_of_the_paper():
    n = 20_000
    excited = []
    z = []
    for k in range(60):
        E = energy(sample(10, k / 10, n, rng=k))
        T = k / 10
        if T < 0.7:  # fewer than 20 excited configurations are expected: count them instead
            excited.append(np.count_nonzero(E > -200))
            continue
        error = T * np.sqrt(exact.specific_heat(10, T) / 100 / n)
        z.append((E.mean() / 100 - exact.energy_per_spin(10, T)) / error)
    assert np.max(np.abs(z)) < 4
    assert 5e-4 < stats.chi2.sf(np.sum(np.square(z)), len(z)) < 1 - 5e-4
    expected = n * sum(1 - exact.energy_distribution(10, k / 10)[0] for k in range(7))
    assert stats.poisson.ppf(5e-4, expected) <= sum(excited) <= stats.poisson.isf(5e-4, expected)


@pytest.mark.parametrize("L", [3, 5, 6, 7, 9, 11, 12])
def test_mean_energy_of_other_sizes(L):
    n = 100_000
    T = 2.4
    u = energy(sample(L, T, n, rng=L)).mean() / L**2
    assert abs(u - exact.energy_per_spin(L, T)) < 4 * T * np.sqrt(exact.specific_heat(L, T) / L**2 / n)


@pytest.mark.parametrize("T", [0.0, 5e-324, 1e-3, 0.02, 0.03, 0.04, 0.05, 0.1])
@pytest.mark.parametrize("L", [2, 9, 10, 12])
def test_only_the_two_ground_states_at_and_next_to_zero(L, T):
    spins = sample(L, T, 1000, rng=3)
    first = spins[:, 0, 0]
    np.testing.assert_array_equal(spins, np.broadcast_to(first[:, None, None], spins.shape))
    assert abs(first.sum(dtype=int)) < 4 * np.sqrt(1000)


def test_the_first_row_is_distributed_as_any_other():
    """All 2^L patterns, mirror images apart: the first row is drawn by its class and the others site by site."""
    # rng=9 with 800 000 gave P = 2e-4; 40 other seeds of 800 000 together gave 0.88 (and P > 0.1 each): it was chance.
    spins = sample(10, 4.0, 2_000_000, rng=10)
    first, other = (np.bincount(state_numbers(half), minlength=1024) for half in (spins[::2, 0], spins[1::2, 5]))
    assert np.min(first + other) > 20
    statistic = np.sum((first - other) ** 2 / (first + other))  # of independent halves, equally large
    assert 1e-3 < stats.chi2.sf(statistic, 1023) < 1 - 1e-3


def test_configurations_come_in_random_order():
    spins = sample(10, exact.TC, 200_000, rng=6)
    assert abs(lagged(energy(spins))) < 4
    assert abs(lagged(energy(grouped(spins)))) > 100


def grouped(spins):
    """The configurations sorted by the class of their first rows: the order in which they are computed."""
    classes, _, mirrored = transfer.row_classes(spins.shape[-1])
    turned = [np.roll(spins[:, 0] * sign, k, axis=1) for sign in (1, -1) for k in range(spins.shape[-1])]
    smallest = np.min([np.minimum(state_numbers(t), mirrored[state_numbers(t)]) for t in turned], axis=0)
    return spins[np.argsort(np.searchsorted(classes, smallest), kind="stable")]
