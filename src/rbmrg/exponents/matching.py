"""Two lattices matched: L after k steps of a rule against L/b after k − 1, which are lattices of one size.

At the critical coupling both have the same ⟨S_α⟩.  Near it their difference is linear in K, and gives K* − K; the ratio
of their slopes is b^{y_t}, for even operators, and that of slopes in the field is b^{y_h}, for odd ones.  Slopes are
correlations with what K and the field multiply, d⟨S_α⟩/dK = ⟨S_α S_nn⟩_c.  Wilson, in Recent Developments in Gauge
Theories (1980); Shenker & Tobochnik, Phys. Rev. B 22, 4462 (1980).  Without steps, on raw configurations, this is
finite-size scaling.
"""

import numpy as np
import pandas as pd

from rbmrg import stats
from rbmrg.exponents.mcrg import BLOCKS, OPERATORS

CONJUGATE = 0  # the first of OPERATORS: nn, which K multiplies, and the field


def table(large, small, L, factor=2, blocks=BLOCKS):
    """A row for each step and operator: level, operator, exponent, shift, shift_error, y, y_error, L.

    `large`, `small`: sums of `mcrg.measure` for the sides `L` and L/b, at the same coupling.  `shift` is K* − K, NaN
    for odd operators, whose mean is zero at any K.
    """
    rows = []
    for exponent, names in OPERATORS.items():
        levels = min(len(large[exponent]), len(small[exponent]) + 1)
        for level in range(1, levels):
            for column, operator in enumerate(names):
                odd = exponent == "y_h"
                pairs = [
                    _means(of[exponent][k][:, column], of[exponent][0][:, CONJUGATE], odd, blocks)
                    for of, k in ((large, level), (small, level - 1))
                ]
                (shift, y), errors = stats.jackknife(lambda mean: matched(mean, factor), np.stack(pairs, axis=1))
                found = (np.nan, np.nan) if odd else (shift, errors[0])
                rows.append((level, operator, exponent, *found, y, errors[1], L))
    names = ["level", "operator", "exponent", "shift", "shift_error", "y", "y_error", "L"]
    return pd.DataFrame(rows, columns=names)


def matched(mean, factor):
    """(K* − K, y) from the means (S, C, S C) of an operator and of its conjugate C on both lattices, [2, 3]."""
    slopes = mean[:, 2] - mean[:, 0] * mean[:, 1]
    with np.errstate(invalid="ignore", divide="ignore"):  # of noise the ratio may be negative
        y = np.log(slopes[0] / slopes[1]) / np.log(factor)
        return np.array([(mean[1, 0] - mean[0, 0]) / (slopes[0] - slopes[1]), y])


def finite_size(large, small, L, factor=2, blocks=BLOCKS):
    """A row for each quantity of raw configurations of sides `L` and L/b: quantity, estimate, error, L.

    Binder's U = 1 − ⟨m⁴⟩/3⟨m²⟩² crosses at K*, and its slopes grow as L^{1/ν}; ⟨|m|⟩ falls as L^{−β/ν}, and
    N⟨m²⟩ grows as L^{γ/ν}.  Binder, Z. Phys. B 43, 119 (1981).
    """
    pairs = []
    for of, side in ((large, L), (small, round(L / factor))):
        m = of["y_h"][0][:, 0] / side**2
        E = of["y_t"][0][:, 0].astype(float)
        E -= E.mean()
        pairs.append(stats.block_means(np.stack([m**2, m**4, np.abs(m), m**2 * E, m**4 * E, E], axis=1), blocks))
    estimates, errors = stats.jackknife(lambda mean: scaled(mean, factor), np.stack(pairs, axis=1))
    names = ["K* − Kc", "1/ν", "β/ν", "γ/ν"]
    return pd.DataFrame({"quantity": names, "estimate": estimates, "error": errors, "L": L})


def scaled(mean, factor):
    """(K* − K, 1/ν, β/ν, γ/ν) from the means of m², m⁴, |m|, m² E, m⁴ E and E on both lattices, [2, 6]."""
    m2, m4, m, m2E, m4E, E = mean.T
    U = 1 - m4 / (3 * m2**2)
    slope = -(m4E - m4 * E) / (3 * m2**2) + 2 * m4 * (m2E - m2 * E) / (3 * m2**3)
    grown = np.log([slope[0] / slope[1], m[1] / m[0], factor**2 * m2[0] / m2[1]]) / np.log(factor)
    return np.array([(U[1] - U[0]) / (slope[0] - slope[1]), *grown])


def _means(sums, conjugate, odd, blocks):
    """Block means [blocks, 3] of an operator, of its conjugate less its mean, and of their product; odd means are 0."""
    away = conjugate - (0 if odd else conjugate.mean())
    means = stats.block_means(np.stack([sums, away, sums * away], axis=1), blocks)
    return means * [0, 0, 1] if odd else means
