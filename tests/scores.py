"""How far samples are from what is known exactly, as probabilities and as z-scores; series of known correlation."""

from functools import cache

import numpy as np
from scipy import stats as distributions

from rbmrg import exact, stats
from rbmrg.lattice import energy, magnetisation


def excess_probability(counts, probabilities):
    """P(χ² > the one found) of `counts` for exact `probabilities`; cells that expect fewer than 10 are one cell."""
    expected = counts.sum() * probabilities
    rare = expected < 10
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = np.append(expected[~rare], expected[rare].sum())
    observed = observed[expected > 0]
    expected = expected[expected > 0]
    return distributions.chi2.sf(np.sum((observed - expected) ** 2 / expected), observed.size - 1)


def state_numbers(spins):
    """Each configuration of at most 16 spins as an integer, its first spin the lowest bit."""
    packed = np.packbits(spins.reshape(len(spins), -1) > 0, axis=1, bitorder="little")
    return packed.view(f"<u{packed.shape[1]}")[:, 0]


@cache
def all_states(L):
    """The numbers and energies of all 2^N states."""
    states = exact.enumerate_states(L)
    return state_numbers(states), energy(states)


def states_probability(spins, T):
    """P of the frequencies of all 2^N states."""
    L = spins.shape[-1]
    numbers, energies = all_states(L)
    weights = np.exp(-(energies + 2 * L * L) / T)
    counts = np.bincount(state_numbers(spins), minlength=len(numbers))
    return excess_probability(counts[numbers], weights / weights.sum())


def energies_probability(energies, L, T):
    """P of the histogram of energies, against Beale's density of states."""
    counts = np.bincount((energies + 2 * L**2) // 2, minlength=2 * L**2 + 1)
    return excess_probability(counts, exact.energy_distribution(L, T))


def energy_scores(energies, L, T):
    """Mean and variance of independent energies, as σ from Kaufman's."""
    deviation = np.ravel(energies) - L**2 * exact.energy_per_spin(L, T)
    variance = T**2 * L**2 * exact.specific_heat(L, T)
    n = deviation.size
    squares = deviation**2
    return np.array(
        [deviation.mean() / np.sqrt(variance / n), (squares.mean() - variance) / (squares.std() / np.sqrt(n))]
    )


def lagged(series, lag=1):
    """The correlation of values `lag` apart, in σ of independent ones."""
    deviation = (series - series.mean()) / series.std()
    return np.mean(deviation[lag:] * deviation[:-lag]) * np.sqrt(deviation[lag:].size)


def excess_times(spins):
    """Autocorrelation times of E and m² of successive configurations, less the 1/2 of independent ones, in σ."""
    times = [stats.autocorrelation_time(series) for series in (energy(spins), magnetisation(spins) ** 2)]
    return np.array([(tau - 0.5) / error for tau, error in times])


def difference(blocks, other):
    """The largest difference of the column means of two independent arrays of block means [blocks, columns], in σ."""
    mean, error = stats.mean_error(blocks)
    other_mean, other_error = stats.mean_error(other)
    return np.abs((mean - other_mean) / np.hypot(error, other_error)).max()


def autoregressive(a, n, series, rng):
    """Stationary AR(1) series [series, n] of unit variance with correlation a^t: τ_int = (1 + a)/(2(1 − a))."""
    from scipy.signal import lfilter  # slow to import

    noise = np.random.default_rng(rng).normal(size=(series, n + 1)) * np.sqrt(1 - a**2)
    noise[:, 0] /= np.sqrt(1 - a**2)  # the first value is drawn from the stationary distribution
    return lfilter([1], [1, -a], noise, axis=1)[:, 1:]


def variance_score(z, expected=1.0, kurtosis=3.0):
    """⟨z²⟩ of independent z against its expectation, in σ; `kurtosis` ⟨z⁴⟩/⟨z²⟩² of z."""
    return (np.mean(np.square(z)) / expected - 1) / np.sqrt((kurtosis - 1) / len(z))
