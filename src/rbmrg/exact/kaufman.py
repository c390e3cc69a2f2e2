"""Kaufman's partition function of the L × L torus, with its first two derivatives by K = 1/T.

Kaufman's sum, Phys. Rev. 76, 1232 (1949), with p in (2k+1)π/L (odd l) or 2kπ/L (even l), is written as

    Z = (2 cosh 2K)^N ½ Σ_sectors Π_{p,q} (1 − v (cos p + cos q))^{1/2},   v = sinh 2K / cosh² 2K,

in which no term grows as T → 0 or ∞.  A "jet" [f, f', f''] holds a value and its derivatives by K.
"""

import math

import numpy as np


def _chain(f, f1, f2, g):
    """The jet of f(g(K)) from f, df/dg, d²f/dg² and the jet of g."""
    return np.array([f, f1 * g[1], f2 * g[1] ** 2 + f1 * g[2]])


def _product(a, b):
    """The jet of a·b."""
    return np.array([a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + 2 * a[1] * b[1] + a[0] * b[2]])


def _zero_mode(K):
    """Jets of ln(e^{|γ₀|} v/2) and of |γ₀|, and the sign of γ₀ = 2K + ln tanh K: it changes at Tc, where γ₀ = 0."""
    tanh = math.tanh(2 * K)
    sech = 1 / math.cosh(2 * K)
    sinh = math.sinh(2 * K)
    sign = 1 if sinh >= 1 else -1
    f, q = (math.sinh(K), 1 / math.tanh(K)) if sign > 0 else (math.cosh(K), math.tanh(K))
    level = np.array([sign * K + math.log(f * sech), sign + q - 2 * tanh, 1 - q**2 - 4 * sech**2])
    gap = np.array([2 * K + math.log(math.tanh(K)), 2 + 2 / sinh, -4 / (tanh * sinh)])
    return 2 * level, sign * gap, sign


def _modes(L, K):
    """Jets [3, 2L] of ln(e^{γ_l} v/2) and of γ_l ≥ 0, where cosh γ_l = 1/v − cos(πl/L); and the sign of γ₀."""
    tanh = math.tanh(2 * K)
    sech = 1 / math.cosh(2 * K)
    v = tanh * sech
    v_jet = v, 2 * sech * (1 - 2 * tanh**2), -4 * v * (5 - 6 * tanh**2)
    angle = np.pi / L * np.arange(1, 2 * L)
    cos = np.cos(angle)
    sin2 = np.sin(angle) ** 2
    versine = 2 * np.sin(angle / 2) ** 2

    u = 1 - v * cos
    below = (sech - tanh) ** 2 + v * versine  # u − v, without cancellation at Tc
    above = 1 + v * versine  # u + v
    R = np.sqrt(below * above)  # v sinh γ
    R1 = -(cos * u + v) / R
    q = 2 * cos + v * sin2
    d = R * (1 + R)
    level = _chain(np.log((u + R) / 2), -q / d, (q * (1 + 2 * R) * R1 / d - sin2) / d, v_jet)
    gap = _chain(2 * np.arcsinh(np.sqrt(below / (2 * v))), -1 / (v * R), (1 / v + R1 / R) / (v * R), v_jet)

    level0, gap0, sign = _zero_mode(K)
    return np.column_stack([level0, level]), np.column_stack([gap0, gap]), sign


def _sectors(L, gap, sign):
    """Jets, per mode l, of ln(1 + e^{−Lγ}) [3, 2L] and of ln tanh(Lγ/2) for l ≥ 1 [3, 2L − 1]; jet of tanh(Lγ₀/2)."""
    e = np.exp(-L * gap[0])
    cosh = _chain(np.log1p(e), -L * e / (1 + e), L**2 * e / (1 + e) ** 2, gap)
    t = math.tanh(L * gap[0, 0] / 2)
    sech2 = 4 * e[0] / (1 + e[0]) ** 2
    tanh0 = sign * _chain(t, L / 2 * sech2, -(L**2) / 2 * t * sech2, gap[:, 0])
    e = e[1:]
    first = 2 * L * e / (1 - e**2)
    second = -2 * L**2 * e * (1 + e**2) / (1 - e**2) ** 2
    log_tanh = _chain(np.log1p(-e) - np.log1p(e), first, second, gap[:, 1:])
    return cosh, log_tanh, tanh0


def kaufman_jet(L, K):
    """The jet of ln(Z e^{−2NK}) by Kaufman's sum of four products, relative to the first of them."""
    level, gap, sign = _modes(L, K)
    cosh, log_tanh, tanh0 = _sectors(L, gap, sign)
    even, odd = ((L / 2 * level + cosh)[:, parity::2].sum(1) for parity in (0, 1))

    def exp(g):
        return _chain(*[math.exp(g[0])] * 3, g)

    # P₄ contains sinh(Lγ₀/2), which is 0 at Tc and negative above and so has no logarithm: it stays a factor.
    ratio = exp(log_tanh[:, 0::2].sum(1)) + exp(even - odd)
    ratio += _product(tanh0, exp(even - odd + log_tanh[:, 1::2].sum(1)))
    ratio[0] += 1
    tanh = math.tanh(2 * K)
    background = np.array([math.log1p(math.exp(-4 * K)), 2 * tanh - 2, 4 * (1 - tanh**2)])
    log_ratio = _chain(math.log(ratio[0] / 2), 1 / ratio[0], -1 / ratio[0] ** 2, ratio)
    return L**2 * background + odd + log_ratio
