"""Exact thermodynamics of the L × L torus: ln Z, energy, specific heat, entropy, and the temperature of an energy."""

import functools
import math

import numpy as np

from rbmrg import arguments
from rbmrg.exact.arguments import at_each_temperature
from rbmrg.exact.counting import count_states
from rbmrg.exact.kaufman import kaufman_jet

# Below this temperature the terms of Kaufman's sum cancel down to the few excitations that exist, of weight e^{−8K};
# these are counted instead.  A lattice of 8 × 8 serves for all larger ones: domain walls around it weigh e^{−32K}.
_LOW_T = 0.6
_LOW_T_SIZE = 8
COLDEST = 1e-3  # below, excitations weigh less than e^{−8000} and T = 0 is exact to the last bit
HOTTEST = 1e17  # above, T = inf is


@at_each_temperature
def log_partition(L, T):
    """ln Z of the L × L torus at temperature(s) T, float64 in the shape of T; inf at T = 0.  Kaufman (1949).

    Raises ValueError for L < 2 and for T < 0 or NaN, as all functions of T here do.
    """
    return math.inf if T == 0 else 2 * L**2 / T + excess(L, T)[0]


@at_each_temperature
def energy_per_spin(L, T):
    """u = ⟨E⟩/N at temperature(s) T, in units of J, −2 at T = 0 and 0 at T = inf; relative error 1e-16 max(10, T)."""
    return -2 - excess(L, T)[1] / L**2


@at_each_temperature
def specific_heat(L, T):
    """C = du/dT = (⟨E²⟩ − ⟨E⟩²)/(N T²) per spin at temperature(s) T, in units of k_B, from Kaufman's ln Z."""
    return 0.0 if T == 0 else excess(L, T)[2] / L**2 / T / T


@at_each_temperature
def entropy(L, T):
    """S = ln Z + U/T of the whole lattice at temperature(s) T, in nats: from ln 2 at T = 0 to N ln 2 at T = inf."""
    log_z, slope, _ = excess(L, T)
    return log_z if T == 0 else log_z - slope / T


def temperature_of_energy(L, u):
    """The temperature(s) at which the energy per spin is `u`: 0 for u ≤ −2, inf for u ≥ 0, NaN for NaN.

    Each different value costs a root of `energy_per_spin`, about a millisecond.  Raises ValueError for L < 2.
    """
    L = arguments.integer("L", L, 2)
    u = arguments.numeric(u, "u")
    values, place = np.unique(np.asarray(u, float), return_inverse=True)
    temperatures = np.array([_temperature(L, value) for value in values.tolist()], float)
    return temperatures[place].reshape(np.shape(u))[()]


def specific_heat_maximum(L):
    """The temperature of the maximum of the specific heat of the L × L torus, to about 1e-8; ValueError for L < 2."""
    return _maximum(arguments.integer("L", L, 2))


@functools.cache
def _maximum(L):
    """`specific_heat_maximum` of a checked L."""
    low = 1.5
    high = 5.0
    while high - low > 1e-8:
        T = np.linspace(low, high, 21)
        peak = np.argmax(specific_heat(L, T[1:-1])) + 1
        low = T[peak - 1]
        high = T[peak + 1]
    return float(T[peak])


@functools.lru_cache(4096)
def excess(L, T):
    """ln(Z e^{−2NK}), −(U + 2N) and the variance of E (the jet by K) at one temperature, 0 and inf included."""
    if T < COLDEST:
        return math.log(2), 0.0, 0.0
    if T > HOTTEST:
        return L**2 * math.log(2), -2.0 * L**2, (2.0 if L > 2 else 4.0) * L**2
    return tuple((few_excitations if T < _LOW_T else kaufman_jet)(L, 1 / T).tolist())


def few_excitations(L, K):
    """The jet of ln(Z e^{−2NK}) at low temperature, from the exact number of states at each energy."""
    size = min(L, _LOW_T_SIZE)
    counts = np.array(count_states(size)[1:], float) / 2
    broken = np.arange(1, counts.size + 1)
    weights = counts * np.exp(-2 * K * broken)
    z = weights.sum()
    mean = (-2 * broken * weights).sum() / (1 + z)
    square = (4.0 * broken**2 * weights).sum() / (1 + z)
    return np.array([math.log(2), 0, 0]) + (L / size) ** 2 * np.array([math.log1p(z), mean, square - mean**2])


def _temperature(L, u):
    if math.isnan(u):
        return u
    if not -2 < u < 0:
        return 0.0 if u <= -2 else math.inf
    # Newton's iteration in K, as u falls by C T² per unit of K, with bisection where it would leave the bracket: u is
    # −2 to the last bit at K = 10, and never falls by more than 8 K below u(K = 0) = 0.
    low = -u / 8
    high = 10.0
    K = low
    while True:
        _, slope, curvature = excess(L, 1 / K)
        above = -slope / L**2 - (u + 2)  # 2 + u is exact where u is near −2
        low, high = (K, high) if above > 0 else (low, K)
        better = K + above * L**2 / curvature if curvature > 0 else high
        if abs(better - K) <= 1e-15 * K or high - low <= 1e-15 * K:
            return 1 / better
        K = better if low < better < high else (low + high) / 2
