"""The dimension of a two-point function at Tc on the torus: a power of the conformal function is fitted to G itself.

Σ_r [G(r) − A s(r)^x]² / s(r) is smallest at Δ = Δ₀ x, where s is the torus function of the dimension Δ₀; the sum is
over all displacements of a window, and A has either sign.  G itself is fitted and not its logarithm: a correlator that
noise makes negative is evidence, too.  Weights 1/s stand between the noise, which is nearly the same at all r and asks
for equal weights, and the corrections of the lattice, of order r^(−2), which ask for little weight at small r.
Measured on Monte Carlo data at Tc, Δε with the scatter of one estimate:

    weights                  1           1/s         1/s²        logarithms
    L = 10, n = 5000    1.045(38)   1.012(39)   0.995(43)    1.018(42)
    L = 32, n = 2000    1.009(19)   0.989(39)   0.981(80)    0.998(68)

For Δσ they are all alike.
"""

from functools import cache

import numpy as np

from rbmrg import correlators, torus
from rbmrg.stats import jackknife_error

TORUS = {"spin": (0.125, torus.spin_correlation), "energy": (1.0, torus.energy_correlation)}
WINDOWS = {"spin": (1, 0.5), "energy": (2, 0.5)}  # from this distance up to, but not at, L times the second number
# G ∝ r² … r^(−8): beyond, one distance of a window has all the weight.  An estimate at an end of the range says that Δ
# lies there or beyond.
RANGE = (-1.0, 4.0)
STEP = 0.01
FINE = 1e-4  # linear interpolation is good to its square
# Of G = A s at Tc: the product over a bond is √2/2 + ε/π, half of minus the energy per spin in `torus`.
# The spin's: Wu, McCoy, Tracy & Barouch, Phys. Rev. B 13, 316 (1976).
AMPLITUDES = {"spin": 0.70338, "energy": np.pi**-2}
EXCLUDED = 2.0  # standard errors


def torus_fit(G, replicas, operator):
    """(Δ, error) of one two-point function `G` [L, L] with its jackknife `replicas` [blocks, L, L].

    `operator` is "spin" or "energy".  The fit is best where the projection a(x) of G on the shape s^x is largest.
    There the score g(x) = Σ_r s^(x−1) (ln s − ⟨ln s⟩_x) G vanishes, ⟨ln s⟩_x = Σ s^(2x−1) ln s / Σ s^(2x−1).  Both
    are linear in G, so their jackknife errors are right even for a correlator that is nothing but noise.  A Δ is
    excluded if |g| exceeds two errors, or if |a| is below the best by more than two errors of the difference.
    The error of Δ is half the distance to the farthest Δ of RANGE that is not excluded, or error(g)/|dg/dΔ| if that is
    larger; small errors are the same in both ways (Fieller, J. R. Stat. Soc. B 16, 175 (1954)).  So noise gives any Δ,
    with an error as large as RANGE.  NaN for a G that is not finite.
    """
    if not np.isfinite(G).all():
        return np.nan, np.nan
    inside, _ = _window(len(G), operator)
    dimensions, shapes, scores = _grid(len(G), operator)
    projections, g = (terms @ G[inside] for terms in (shapes, scores))
    best = int(np.abs(projections).argmax())
    interior = 0 < best < len(dimensions) - 1
    Δ = _root(G, operator, *dimensions[[best - 1, best + 1]]) if interior else dimensions[best]
    error = jackknife_error(replicas[:, inside] @ scores.T)
    worse = (shapes[best] - shapes) * np.sign(projections[best])
    excluded = np.abs(g) > EXCLUDED * error
    excluded |= worse @ G[inside] > EXCLUDED * jackknife_error(replicas[:, inside] @ worse.T)
    farthest = np.abs(dimensions - Δ)[~excluded].max(initial=0) / EXCLUDED
    with np.errstate(divide="ignore", invalid="ignore"):
        linear = error[best] / np.abs(np.gradient(g, dimensions)[best])
    return float(Δ), float(min(np.fmax(linear, farthest), RANGE[1] - RANGE[0]))


def amplitude_fit(G, replicas, operator):
    """(Δ, error) of one two-point function `G` [L, L], as `torus_fit`, if its amplitude at Tc is known: AMPLITUDES.

    The sum of G over the window, with weights s |ln s| that are best for Δ near Δ₀, is that of A s^(Δ/Δ₀).  On Monte
    Carlo data at Tc this Δε is 1.005 (L = 10) and 1.008(2) (L = 32), with a third of the scatter of `torus_fit`; away
    from Tc it is 1.57 at T = 2.0, 1.11 at 2.2, 0.94 at 2.4 and 1.11 at 2.6 (L = 10).  The error is the larger of the
    changes of Δ when that sum moves by its jackknife error; both stay in RANGE.  NaN for a G that is not finite.
    """
    _, dimensions, _ = _curve(len(G), operator)
    total, error = total_of(G, replicas, operator)
    found = dimension_of([total, total - error, total + error], len(G), operator)
    found = np.clip(found, dimensions[-1], dimensions[0])
    return float(found[0]), float(np.abs(found - found[0]).max())


def total_of(G, replicas, operator):
    """(Sum, jackknife error) of s |ln s| G over the window: linear in `G` [L, L], so that machines can be averaged."""
    inside, _ = _window(len(G), operator)
    weights, *_ = _curve(len(G), operator)
    if not np.isfinite(G).all():
        return np.nan, np.nan
    return float(G[inside] @ weights), float(jackknife_error(replicas[:, inside] @ weights))


def dimension_of(totals, L, operator):
    """Δ [...] at which s |ln s| A s^(Δ/Δ₀) has the `totals` [...] over the window; ±∞ beyond RANGE.

    NaN if the window of a small lattice is empty, or if no total belongs to the Δ₀ of the operator.
    """
    inside, _ = _window(L, operator)
    _, dimensions, known = _curve(L, operator)
    if not inside.any() or dimensions[0] <= TORUS[operator][0]:
        return np.full(np.shape(totals), np.nan)
    return np.interp(totals, known, dimensions, left=np.inf, right=-np.inf)


@cache
def _curve(L, operator):
    """(weights [m], dimensions [k], the weighted sums of A s^(Δ/Δ₀) for these [k], ascending).

    Near its source the spin function of a small torus exceeds 1 and grows with Δ: dimensions end where the sum does.
    """
    _, slopes = _window(L, operator)
    log_s = slopes * TORUS[operator][0]
    weights = np.exp(log_s) * np.abs(log_s)
    dimensions = np.linspace(RANGE[1], RANGE[0], 1 + round((RANGE[1] - RANGE[0]) / FINE))
    sums = AMPLITUDES[operator] * np.exp(np.multiply.outer(dimensions, slopes)) @ weights
    first = sums.argmin()
    return weights, dimensions[first:], sums[first:]


@cache
def _window(L, operator):
    """(the window as a mask [L, L] with m displacements, ln s of these over Δ₀ [m])."""
    known, shape = TORUS[operator]
    shortest, longest = WINDOWS[operator]
    r = correlators.distances(L)
    inside = (r >= shortest) & (r < longest * L)
    return inside, np.log(shape(L)[inside]) / known


@cache
def _grid(L, operator):
    """Dimensions [k], and the two `_terms` of each of them."""
    dimensions = np.linspace(*RANGE, 1 + round((RANGE[1] - RANGE[0]) / STEP))
    return dimensions, *_terms(dimensions, L, operator)


def _terms(dimensions, L, operator):
    """What multiplies G in the projection and in the score of each of `dimensions`, both [k, m]."""
    _, slopes = _window(L, operator)
    log_s = slopes * TORUS[operator][0]
    shapes = np.exp(np.multiply.outer(dimensions, slopes) - log_s / 2)
    shapes /= np.sqrt((shapes**2).sum(axis=1, keepdims=True))
    return shapes * np.exp(-log_s / 2), shapes * np.exp(-log_s / 2) * (slopes - (shapes**2 @ slopes)[:, None])


def _root(G, operator, low, high):
    """The Δ from `low` to `high` at which the score of `G` [L, L] vanishes, by bisection."""
    inside, _ = _window(len(G), operator)
    for _ in range(50):  # 2^−50 of the interval is below the rounding of Δ
        middle = (low + high) / 2
        projection, score = (terms[0] @ G[inside] for terms in _terms(np.array([middle]), len(G), operator))
        # The derivative of projection² has the sign of their product.
        if projection * score > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
