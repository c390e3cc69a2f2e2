"""Exact probabilities of configurations: at one temperature, in a mixture of temperatures, and by enumeration."""

import functools
import math

import numpy as np

from rbmrg import arguments
from rbmrg.exact.counting import density_of_states
from rbmrg.exact.thermodynamics import COLDEST, excess

LARGEST_ENUMERATED = 4


def log_probability(E, L, T):
    """ln p(v) = −E/T − ln Z of one configuration of energy `E` (a number or an array) at one temperature T.

    At T = 0 each of the two ground states has −ln 2 and all others have −inf; at T = inf all have −N ln 2.  Raises
    ValueError for L < 2, for T < 0 or NaN, and for an `E` that no configuration has: it is from −2N to 2N, and even.
    """
    L = arguments.integer("L", L, 2)
    T = arguments.temperature(T)
    above_ground = energies(E, L) + 2 * L**2
    if T == 0:
        return np.where(above_ground == 0, -math.log(2), -math.inf)[()]
    with np.errstate(over="ignore"):  # at a T so low the probability is 0
        return -above_ground / T - excess(L, T)[0]


def energies(E, L):
    """`E`, a number or an array, as float64; ValueError for one that no configuration of the L × L torus has."""
    E = arguments.finite(E, None, "E")
    wrong = (np.abs(E) > 2 * L**2) | (E % 2 != 0)
    if wrong.any():
        raise ValueError(f"E = {E[wrong].flat[0]}: must be an even number from {-2 * L**2} to {2 * L**2} at L = {L}")
    return E


def log_mixture(E, L, temperatures):
    """ln of (1/n) Σ_k p(v|T_k), the equal mixture of n temperatures, for one configuration of each energy `E`.

    Raises ValueError if there are no temperatures, and as `log_probability` does.
    """
    temperatures = arguments.mixture(temperatures)
    levels, level = np.unique(E, return_inverse=True)  # far fewer than configurations
    parts = (log_probability(levels, L, T) for T in temperatures)
    return (functools.reduce(np.logaddexp, parts) - math.log(temperatures.size))[level]


def energy_distribution(L, T):
    """p(E = −2N + 2j) at one temperature T, float64 [2N + 1], from the density of states.

    Raises ValueError unless L is even and 2 ≤ L ≤ 32, and for T < 0 or NaN.
    """
    L = arguments.integer("L", L, 2)
    T = arguments.temperature(T)
    log_counts = _log_counts(L)
    if T < COLDEST:
        return (np.arange(log_counts.size) == 0).astype(float)
    log_weights = log_counts - _energies(L) / T
    weights = np.exp(log_weights - log_weights.max())
    return weights / weights.sum()


def mixture_entropy(L, temperatures):
    """Entropy, in nats, of configurations drawn from the equal mixture of `temperatures`: −Σ_E p(E) ln p(v|E).

    It is exact, from the density of states.  Raises ValueError unless L is even and 2 ≤ L ≤ 32.
    """
    temperatures = arguments.mixture(temperatures)
    arguments.integer("L", L, 2)
    log_p = log_mixture(_energies(L), L, temperatures)
    p = np.mean([energy_distribution(L, T) for T in temperatures], axis=0)
    return float(-np.sum(p[p > 0] * log_p[p > 0]))


def enumerate_states(L):
    """All configurations, int8 ±1 [2^N, L, L]; the spins of number i are its bits, lowest first.

    Raises ValueError if L > 4.
    """
    if arguments.integer("L", L, 2) > LARGEST_ENUMERATED:
        raise ValueError(f"L = {L}: must be at most {LARGEST_ENUMERATED} to enumerate 2^(L²) configurations")
    bits = np.arange(2**L**2)[:, None] >> np.arange(L**2) & 1
    return (2 * bits - 1).astype(np.int8).reshape(-1, L, L)


def _energies(L):
    return 2 * np.arange(2 * L**2 + 1) - 2 * L**2


@functools.cache
def _log_counts(L):
    return np.array([math.log(g) if g else -math.inf for g in density_of_states(L)])
