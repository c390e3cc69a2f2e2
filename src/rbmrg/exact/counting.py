"""The number of states at each energy, as exact integers, from Kaufman's products modulo primes (Beale)."""

import functools
import itertools
import math

import numpy as np

from rbmrg import arguments

LARGEST_COUNTED = 32  # density_of_states takes seconds at this L


def density_of_states(L):
    """The number g[j] of configurations of energy E = −2N + 2j: a tuple of 2N + 1 python integers, exact.

    Beale, Phys. Rev. Lett. 76, 78 (1996), modulo primes, so nothing is ever rounded.  Raises ValueError unless L is
    even and 2 ≤ L ≤ 32.
    """
    L = arguments.integer("L", L, 2)
    if L % 2 or L > LARGEST_COUNTED:
        raise ValueError(f"L = {L}: must be even and at most {LARGEST_COUNTED} to count the states at each energy")
    return count_states(L)


@functools.cache
def count_states(L):
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
        if is_prime(p):
            found.append(p)
        if math.prod(found) > 2**bits:
            return found
    raise ArithmeticError(f"too few primes below 2^31 with roots of unity of order {order}")


def is_prime(p):
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
    L = len(cosines) - 1
    total = 0
    for parity in (0, 1):
        cosh = sinh = 1
        for l in range(parity, L + 1, 2):
            factors = _single_mode(p, x, L, l) if l % L == 0 else _paired_modes(p, x, L, cosines[l])
            cosh = cosh * factors[0] % p
            sinh = sinh * factors[1] % p
        total = total + cosh + sinh
    return total * pow(2, -1, p) % p


def _single_mode(p, x, L, l):
    """The factors 2cosh(Lγ/2), 2sinh(Lγ/2), times (x(1 − x²))^{L/2}, of l = 0 or L, where e^γ is rational in x."""
    y = x if l == L else p - x
    big = _power(1 + y, L, p)
    small = _power(x, L, p) * _power(1 + p - y, L, p) % p
    return (big + small) % p, (big + p - small) % p


def _paired_modes(p, x, L, cosine):
    """The factors of l and 2L − l together: (t ± β^L)/2^{L−1}, with t = β^L T_L(α/β) by Chebyshev's recursion.

    T_{n+1} = 2 (α/β) T_n − T_{n−1} up to the odd part of L, then T_{2n} = 2 T_n² − 1.
    """
    doublings = (L & -L).bit_length() - 1
    odd = L >> doublings
    square = x * x % p
    beta = 2 * x * (1 + p - square) % p
    alpha = ((1 + square) * (1 + square) % p + p - beta * cosine % p) % p
    beta_square = beta * beta % p
    before = 1
    t = alpha
    for _ in range(odd - 1):
        before, t = t, (2 * alpha * t + (p * p - beta_square * before)) % p  # below 2^64, as p < 2^31
    beta_n = _power(beta, odd, p)
    for _ in range(doublings):
        beta_n = beta_n * beta_n % p
        t = (2 * t * t + (p - beta_n)) % p
    scale = pow(2, 1 - L, p)
    return (t + beta_n) % p * scale % p, (t + p - beta_n) % p * scale % p


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
    even = halves[:, :columns]
    odd = halves[:, columns:] * _powers(root, n // 2, p)[:, None] % p
    return np.vstack([even + odd, even + p - odd]) % p
