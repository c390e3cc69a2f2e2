"""What is known exactly of the L × L Ising torus: Kaufman's partition function, Beale's density of states, enumeration.

J = k_B = 1, N = L², K = 1/T, energies E = −2N + 2j with j broken bonds, 0 ≤ j ≤ 2N.
Kaufman, Phys. Rev. 76, 1232 (1949), with p in (2k+1)π/L (odd l) or 2kπ/L (even l), is used in the form

    Z = (2 cosh 2K)^N ½ Σ_sectors Π_{p,q} (1 − v (cos p + cos q))^{1/2},   v = sinh 2K / cosh² 2K,

in which no term grows as T → 0 or ∞.  Derivatives by K go with the values, as "jets" [f, f', f''].
"""

import functools
import itertools
import math

import numpy as np

from rbmrg.lattice import TC

LARGEST_COUNTED = 32  # density_of_states: seconds at this L
LARGEST_ENUMERATED = 4

# Below this temperature the terms of Kaufman's sum cancel down to the few excitations there are, of weight e^{−8K}:
# count those instead.  A lattice of 8 × 8 counts for all larger ones: domain walls around it have weight e^{−32K}.
_LOW_T, _LOW_T_SIZE = 0.6, 8


def _check_size(L):
    if L < 2 or int(L) != L:
        raise ValueError(f"the lattice size L must be an integer ≥ 2, not {L}")


def _check_temperature(T):
    if not T >= 0:
        raise ValueError(f"a temperature must be ≥ 0 (0 and inf included), not {T}")


def _at_each_temperature(function):
    """Let `function(L, T)` of one temperature take an array of them; check both arguments."""

    @functools.wraps(function)
    def at_each(L, T):
        _check_size(L)
        T = np.asarray(T, float)
        for t in T.flat:
            _check_temperature(t)
        return np.array([function(int(L), t) for t in T.ravel().tolist()], float).reshape(T.shape)[()]

    return at_each


# --- Kaufman's sum --------------------------------------------------------------------------------


def _chain(f, f1, f2, g):
    """The jet of f(g(K)) from f, df/dg, d²f/dg² and the jet of g."""
    return np.array([f, f1 * g[1], f2 * g[1] ** 2 + f1 * g[2]])


def _product(a, b):
    """The jet of a·b."""
    return np.array([a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2]])


def _zero_mode(K):
    """Jets of ln(e^{|γ₀|} v/2) and of |γ₀|, and the sign of γ₀ = 2K + ln tanh K: it changes at Tc, where γ₀ = 0."""
    tanh, sech, sinh = math.tanh(2 * K), 1 / math.cosh(2 * K), math.sinh(2 * K)
    sign = 1 if sinh >= 1 else -1
    f, q = (math.sinh(K), 1 / math.tanh(K)) if sign > 0 else (math.cosh(K), math.tanh(K))
    level = np.array([sign * K + math.log(f * sech), sign + q - 2 * tanh, 1 - q**2 - 4 * sech**2])
    gap = np.array([2 * K + math.log(math.tanh(K)), 2 + 2 / sinh, -4 / (tanh * sinh)])
    return 2 * level, sign * gap, sign


def _modes(L, K):
    """Jets [3, 2L] of ln(e^{γ_l} v/2) and of γ_l ≥ 0, where cosh γ_l = 1/v − cos(πl/L); and the sign of γ₀."""
    tanh, sech = math.tanh(2 * K), 1 / math.cosh(2 * K)
    v = tanh * sech
    v_jet = v, 2 * sech * (1 - 2 * tanh**2), -4 * v * (5 - 6 * tanh**2)
    angle = np.pi / L * np.arange(1, 2 * L)
    cos, sin2, versine = np.cos(angle), np.sin(angle) ** 2, 2 * np.sin(angle / 2) ** 2

    u = 1 - v * cos
    below, above = (sech - tanh) ** 2 + v * versine, 1 + v * versine  # u − v and u + v, without cancellation at Tc
    R = np.sqrt(below * above)  # v sinh γ
    R1 = -(cos * u + v) / R
    q, d = 2 * cos + v * sin2, R * (1 + R)
    level = _chain(np.log((u + R) / 2), -q / d, (q * (1 + 2 * R) * R1 / d - sin2) / d, v_jet)
    gap = _chain(2 * np.arcsinh(np.sqrt(below / (2 * v))), -1 / (v * R), (1 / v + R1 / R) / (v * R), v_jet)

    level0, gap0, sign = _zero_mode(K)
    return np.column_stack([level0, level]), np.column_stack([gap0, gap]), sign


def _sectors(L, gap, sign):
    """Jets, per mode l, of ln(1 + e^{−Lγ}) [3, 2L] and of ln tanh(Lγ/2) for l ≥ 1 [3, 2L − 1]; jet of tanh(Lγ₀/2)."""
    e = np.exp(-L * gap[0])
    cosh = _chain(np.log1p(e), -L * e / (1 + e), L**2 * e / (1 + e) ** 2, gap)
    t, sech2 = math.tanh(L * gap[0, 0] / 2), 4 * e[0] / (1 + e[0]) ** 2
    tanh0 = sign * _chain(t, L / 2 * sech2, -(L**2) / 2 * t * sech2, gap[:, 0])
    e = e[1:]
    first, second = 2 * L * e / (1 - e**2), -2 * L**2 * e * (1 + e**2) / (1 - e**2) ** 2
    log_tanh = _chain(np.log1p(-e) - np.log1p(e), first, second, gap[:, 1:])
    return cosh, log_tanh, tanh0


def _kaufman(L, K):
    """The jet of ln(Z e^{−2NK}) by Kaufman's sum of four products, relative to the first of them."""
    level, gap, sign = _modes(L, K)
    cosh, log_tanh, tanh0 = _sectors(L, gap, sign)
    even, odd = ((L / 2 * level + cosh)[:, parity::2].sum(1) for parity in (0, 1))

    def exp(g):
        return _chain(*[math.exp(g[0])] * 3, g)

    # P₄ contains sinh(Lγ₀/2), which is 0 at Tc and negative above: it stays a factor, it has no logarithm.
    ratio = exp(log_tanh[:, 0::2].sum(1)) + exp(even - odd)
    ratio += _product(tanh0, exp(even - odd + log_tanh[:, 1::2].sum(1)))
    ratio[0] += 1
    tanh = math.tanh(2 * K)
    background = np.array([math.log1p(math.exp(-4 * K)), 2 * tanh - 2, 4 * (1 - tanh**2)])
    log_ratio = _chain(math.log(ratio[0] / 2), 1 / ratio[0], -1 / ratio[0] ** 2, ratio)
    return L**2 * background + odd + log_ratio


def _few_excitations(L, K):
    """The jet of ln(Z e^{−2NK}) at low temperature, from the exact number of states at each energy."""
    size = min(L, _LOW_T_SIZE)
    counts = np.array(_count_states(size)[1:], float) / 2
    broken = np.arange(1, counts.size + 1)
    weights = counts * np.exp(-2 * K * broken)
    z = weights.sum()
    mean, square = (-2 * broken * weights).sum() / (1 + z), (4.0 * broken**2 * weights).sum() / (1 + z)
    return np.array([math.log(2), 0, 0]) + (L / size) ** 2 * np.array([math.log1p(z), mean, square - mean**2])


@functools.lru_cache(4096)
def _excess(L, T):
    """ln(Z e^{−2NK}), −(U + 2N) and the variance of E (the jet by K) at one temperature, 0 and inf included."""
    if T == 0:
        return math.log(2), 0.0, 0.0
    if math.isinf(T):
        return L**2 * math.log(2), -2.0 * L**2, (2.0 if L > 2 else 4.0) * L**2
    return tuple((_few_excitations if T < _LOW_T else _kaufman)(L, 1 / T).tolist())


# --- thermodynamics -------------------------------------------------------------------------------


@_at_each_temperature
def log_partition(L, T):
    """ln Z of the L × L torus at temperature(s) T, float64 in the shape of T; inf at T = 0.  Kaufman (1949).

    Raises ValueError for L < 2 and for T < 0 or NaN, as all functions of T do here.
    """
    return math.inf if T == 0 else 2 * L**2 / T + _excess(L, T)[0]


@_at_each_temperature
def energy_per_spin(L, T):
    """u = ⟨E⟩/N at temperature(s) T, in units of J, −2 at T = 0 and 0 at T = inf; relative error 1e-16 max(10, T)."""
    return -2 - _excess(L, T)[1] / L**2


@_at_each_temperature
def specific_heat(L, T):
    """C = du/dT = (⟨E²⟩ − ⟨E⟩²)/(N T²) per spin at temperature(s) T, in units of k_B, from Kaufman's ln Z."""
    return 0.0 if T == 0 else _excess(L, T)[2] / L**2 / T / T


@_at_each_temperature
def entropy(L, T):
    """S = ln Z + U/T of the whole lattice at temperature(s) T, in nats: from ln 2 at T = 0 to N ln 2 at T = inf."""
    excess, slope, _ = _excess(L, T)
    return excess if T == 0 else excess - slope / T


def temperature_of_energy(L, u):
    """The temperature(s) at which the energy per spin is `u`: 0 for u ≤ −2, inf for u ≥ 0, NaN for NaN.

    Each different value costs a root of `energy_per_spin`, about a millisecond.  Raises ValueError for L < 2.
    """
    _check_size(L)
    values, place = np.unique(np.asarray(u, float), return_inverse=True)
    temperatures = np.array([_temperature(int(L), value) for value in values.tolist()], float)
    return temperatures[place].reshape(np.shape(u))[()]


def _temperature(L, u):
    if math.isnan(u):
        return u
    if not -2 < u < 0:
        return 0.0 if u <= -2 else math.inf
    # Newton's iteration in K, u falling by C T² each unit, with bisection where it would leave the bracket: u is −2 to
    # the last bit at K = 10, and never falls by more than 8 K below u(K = 0) = 0.
    low, high = -u / 8, 10.0
    K = low
    while True:
        _, slope, curvature = _excess(L, 1 / K)
        above = -slope / L**2 - (u + 2)  # 2 + u is exact where u is near −2
        low, high = (K, high) if above > 0 else (low, K)
        better = K + above * L**2 / curvature if curvature > 0 else high
        if abs(better - K) <= 1e-15 * K or high - low <= 1e-15 * K:
            return 1 / better
        K = better if low < better < high else (low + high) / 2


@functools.cache
def specific_heat_maximum(L):
    """The temperature of the maximum of the specific heat of the L × L torus, to about 1e-8; ValueError for L < 2."""
    _check_size(L)
    low, high = 1.5, 5.0
    while high - low > 1e-8:
        T = np.linspace(low, high, 21)
        peak = np.argmax(specific_heat(L, T[1:-1])) + 1
        low, high = T[peak - 1], T[peak + 1]
    return float(T[peak])


def onsager_energy(T):
    """Energy per spin of the infinite lattice at temperature(s) T.  Onsager, Phys. Rev. 65, 117 (1944)."""
    from scipy import special

    T = np.asarray(T, float)
    for t in T.flat:
        _check_temperature(t)
    with np.errstate(divide="ignore", invalid="ignore"):
        tanh = np.tanh(2 / T)
        k = 2 * tanh**2 - 1  # the complementary modulus: 0 at Tc
        energy = -(1 + np.where(k == 0, 0, 2 / np.pi * k * special.ellipkm1(k**2))) / tanh
    return np.where(np.isinf(T), 0.0, energy)[()]


def yang_magnetisation(T):
    """Spontaneous magnetisation of the infinite lattice at temperature(s) T.  Yang, Phys. Rev. 85, 808 (1952)."""
    T = np.asarray(T, float)
    for t in T.flat:
        _check_temperature(t)
    cold = np.clip(T, 0.01, TC)  # below 0.01 it is 1 to the last bit, and sinh overflows
    return np.where(T < TC, np.maximum(1 - np.sinh(2 / cold) ** -4, 0) ** 0.125, 0.0)[()]


# --- the number of states at each energy ----------------------------------------------------------


def density_of_states(L):
    """The number g[j] of configurations of energy E = −2N + 2j: a tuple of 2N + 1 python integers, exact.

    Beale, Phys. Rev. Lett. 76, 78 (1996), modulo primes: no rounding anywhere.  Raises ValueError unless L is even,
    2 ≤ L ≤ 32.
    """
    _check_size(L)
    if L % 2 or L > LARGEST_COUNTED:
        raise ValueError(f"the density of states is available for even L up to {LARGEST_COUNTED}, not for L = {L}")
    return _count_states(int(L))


@functools.cache
def _count_states(L):
    """g[0 … 2N] of any L ≥ 2: Z e^{−2NK} = Σ_j g_j x^j, x = e^{−2K}, interpolated modulo primes at roots of unity."""
    size = 1 << (2 * L**2).bit_length()
    order = math.lcm(2 * L, size)
    primes = _primes(order, bits=L**2)
    residues = np.array([_counts_modulo(p, L, size, order)[: 2 * L**2 + 1] for p in primes]).astype(object)
    modulus = math.prod(primes)
    weights = [modulus // p * pow(modulus // p, -1, p) for p in primes]
    return tuple((np.array(weights, object) @ residues % modulus).tolist())


def _primes(order, bits):
    """Primes below 2^31, the largest first, with roots of unity of this order and a product above 2^bits."""
    found = []
    for p in range((2**31 - 2) // order * order + 1, order, -order):
        if _is_prime(p):
            found.append(p)
        if math.prod(found) > 2**bits:
            return found
    raise ArithmeticError(f"too few primes below 2^31 with roots of unity of order {order}")


def _is_prime(p):
    """Miller and Rabin's test of an odd p > 7; these bases leave no doubt below 3 215 031 751."""
    twos = ((p - 1) & (1 - p)).bit_length() - 1
    odd = (p - 1) >> twos
    return all(pow(a, odd, p) == 1 or any(pow(a, odd << i, p) == p - 1 for i in range(twos)) for a in (2, 3, 5, 7))


def _counts_modulo(p, L, size, order):
    """Coefficients of Z e^{−2NK} in x, modulo p [size], from its values at all roots of unity of order `size`."""
    candidates = (pow(a, (p - 1) // order, p) for a in itertools.count(2))
    divisors = [q for q in range(2, order + 1) if order % q == 0]
    root = next(r for r in candidates if all(pow(r, order // q, p) != 1 for q in divisors))
    half_turn = pow(root, order // (2 * L), p)  # stands for e^{iπ/L}
    cosines = [(pow(half_turn, k, p) + pow(half_turn, -k, p)) * pow(2, -1, p) % p for k in range(L + 1)]
    step = pow(root, order // size, p)
    values = _values_modulo(p, _powers(step, size, p), cosines)
    return _transform(values[:, None], pow(step, -1, p), p)[:, 0] * pow(size, -1, p) % p


def _values_modulo(p, x, cosines):
    """Z e^{−2NK} at the points x: half the sum of Kaufman's four products, each over the modes l of one parity."""
    L, total = len(cosines) - 1, 0
    for parity in (0, 1):
        cosh = sinh = 1
        for l in range(parity, L + 1, 2):
            factors = _single_mode(p, x, L, l) if l % L == 0 else _paired_modes(p, x, L, cosines[l])
            cosh, sinh = cosh * factors[0] % p, sinh * factors[1] % p
        total = total + cosh + sinh
    return total * pow(2, -1, p) % p


def _single_mode(p, x, L, l):
    """The factors 2cosh(Lγ/2), 2sinh(Lγ/2), times (x(1 − x²))^{L/2}, of l = 0 or L, where e^γ is rational in x."""
    y = x if l == L else p - x
    big, small = _power(1 + y, L, p), _power(x, L, p) * _power(1 + p - y, L, p) % p
    return (big + small) % p, (big + p - small) % p


def _paired_modes(p, x, L, cosine):
    """The same for l and 2L − l together: (t ± β^L)/2^{L−1}, with t = β^L T_L(α/β) by Chebyshev's recursion."""
    square = x * x % p
    beta = 2 * x * (1 + p - square) % p
    alpha = ((1 + square) * (1 + square) % p + p - beta * cosine % p) % p
    beta_square, before, t = beta * beta % p, 1, alpha
    for _ in range(L - 1):
        before, t = t, (2 * alpha * t + (p * p - beta_square * before)) % p  # below 2^64, as p < 2^31
    scale, beta_L = pow(2, 1 - L, p), _power(beta, L, p)
    return (t + beta_L) % p * scale % p, (t + p - beta_L) % p * scale % p


def _power(base, exponent, p):
    """base^exponent modulo p, elementwise."""
    result = 1
    for bit in f"{exponent:b}":
        result = result * result % p
        if bit == "1":
            result = result * base % p
    return result


def _powers(base, count, p):
    """1, base, base², … modulo p, uint64 [count], count a power of two."""
    powers = np.ones(1, np.uint64)
    while powers.size < count:
        powers = np.concatenate([powers, powers * pow(base, powers.size, p) % p])
    return powers


def _transform(a, root, p):
    """Σ_i a_i root^{ij} modulo p for each column of a [n, columns], n a power of two: radix 2, halves side by side."""
    n, columns = a.shape
    if n == 1:
        return a
    halves = _transform(np.hstack([a[0::2], a[1::2]]), root * root % p, p)
    even, odd = halves[:, :columns], halves[:, columns:] * _powers(root, n // 2, p)[:, None] % p
    return np.vstack([even + odd, even + p - odd]) % p


# --- probabilities of configurations --------------------------------------------------------------


def _energies(L):
    return 2 * np.arange(2 * L**2 + 1) - 2 * L**2


@functools.cache
def _log_counts(L):
    return np.array([math.log(g) if g else -math.inf for g in density_of_states(L)])


def log_probability(E, L, T):
    """ln p(v) = −E/T − ln Z of one configuration of energy `E` (a number or an array) at one temperature T.

    At T = 0 each of the two ground states has −ln 2, all others −inf; at T = inf all have −N ln 2.
    """
    _check_size(L)
    _check_temperature(T)
    above_ground = np.asarray(E) + 2 * L**2
    if T == 0:
        return np.where(above_ground == 0, -math.log(2), -math.inf)[()]
    return -above_ground / T - _excess(int(L), float(T))[0]


def log_mixture(E, L, temperatures):
    """ln of (1/n) Σ_k p(v|T_k), the equal mixture of n temperatures, for one configuration of each energy `E`.

    Raises ValueError if there are no temperatures.
    """
    temperatures = np.ravel(temperatures)
    if not temperatures.size:
        raise ValueError("a mixture needs at least one temperature, not none")
    parts = (log_probability(E, L, T) for T in temperatures)
    return functools.reduce(np.logaddexp, parts) - math.log(temperatures.size)


def energy_distribution(L, T):
    """p(E = −2N + 2j) at one temperature T, float64 [2N + 1], by density of states: even L ≤ 32, else ValueError."""
    _check_temperature(T)
    log_counts = _log_counts(L)
    if T == 0:
        return (np.arange(log_counts.size) == 0).astype(float)
    log_weights = log_counts - _energies(L) / T
    weights = np.exp(log_weights - log_weights.max())
    return weights / weights.sum()


def mixture_entropy(L, temperatures):
    """Entropy, in nats, of configurations drawn from the equal mixture of `temperatures`: −Σ_E p(E) ln p(v|E).

    Exact, from the density of states: even L ≤ 32, else ValueError.
    """
    temperatures = np.ravel(temperatures)
    log_p = log_mixture(_energies(L), L, temperatures)
    p = np.mean([energy_distribution(L, T) for T in temperatures], axis=0)
    return float(-np.sum(p[p > 0] * log_p[p > 0]))


def enumerate_states(L):
    """All configurations, int8 ±1 [2^N, L, L]: number i has its bits, lowest first, as spins; ValueError if L > 4."""
    _check_size(L)
    if L > LARGEST_ENUMERATED:
        raise ValueError(f"L may be at most {LARGEST_ENUMERATED} to enumerate 2^(L²) configurations, not {L}")
    bits = np.arange(2**L**2)[:, None] >> np.arange(L**2) & 1
    return (2 * bits - 1).astype(np.int8).reshape(-1, L, L)
