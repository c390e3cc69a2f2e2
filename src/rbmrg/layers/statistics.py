"""Statistics of maps: numbers that may tell the maps and receptive fields of an RG step from those of a machine (C6).

Every function of a map takes maps x, float64 [units, L, L], on the torus and returns one number for each unit, [units].
It is NaN where the statistic is not defined: most statistics of a constant map, some of a zero map.  No statistic
depends on the sign of a map, because the sign of a hidden unit is a gauge.  Only the place of the best overlap and the
home depend on where on the lattice a map sits.  A map that deviates from a constant by rounding counts as constant.
"""

import numpy as np
import pandas as pd

from rbmrg.correlators import by_distance, two_point
from rbmrg.lattice import block_sums
from rbmrg.layers import maps
from rbmrg.stats import jackknife_error

# In the order of all tables and figures: {name: (label, what it is of a map x)}.
STATISTICS = {
    "contrast": ("peak − far", "|x| at its peak, less the value (in the peak's sign) at the site farthest from there"),
    "average": ("|mean|", "|mean of x|"),
    "sign_coherence": ("sign coherence", "|Σ x| / Σ |x|, which is 1 if all sites have one sign"),
    "corr_m": ("|corr(h, m)|", "|correlation coefficient| of the unit with the magnetisation"),
    "moran": ("Moran's I", "correlation coefficient of the two ends of a bond: 1 if smooth, near 0 in random order"),
    "geary": ("Geary's C", "mean square difference of neighbours in units of twice the variance: 1 − I up to 1/L²"),
    "correlation_length": ("correlation length", "where the autocorrelation of x about its mean falls below 1/e"),
    "momentum": ("mean squared momentum", "4 sin²(kx/2) + 4 sin²(ky/2) weighted with |x(k)|², k ≠ 0: 4 (1 − I)"),
    "participation": ("participation", "(Σ x²)² / Σ x⁴: n if Σ x² is spread evenly over n sites"),
    "gyration": ("radius of gyration", "of x² on the torus"),
    "best_four": ("mass of best four sites", "share of Σ x² in the four sites that have most: 1 for a 2 × 2 block"),
    "overlap": (
        "overlap with RG map",
        "largest |correlation coefficient| of x with a translation of the RG rule's map",
    ),
    "coverage": (
        "coverage",
        "share of the lattice's blocks that hold a unit, each unit counted in the block with most of its Σ x²",
    ),
}
REFERENCE = "average"  # the RG rule with which all else is compared: the linear one, whose map is exact
ROUNDING = 1e-9  # relative difference of means, spreads and overlaps that are equal except for the order of a sum


# --- of a single map --------------------------------------------------------------------------------------------------


def contrast(x):
    """|x| at the peak minus the value, in the sign of the peak, at the site farthest from it."""
    peak, far = maps.peak_and_far(x)
    return peak - far


def average(x):
    """|mean of the map|."""
    return np.abs(x.mean(axis=(-2, -1)))


def sign_coherence(x):
    """|Σ x| / Σ |x|: 1 if all sites have one sign."""
    return _ratio(np.abs(_total(x)), _total(np.abs(x)))


def moran(x):
    """Moran's I of nearest neighbours, Biometrika 37, 17 (1950): the correlation coefficient of the two ends of a bond.

    1 for a smooth map, −1/(N−1) on average for one whose N = L² values are in random order, −1 for a checkerboard.
    """
    d = _deviation(x)
    return _ratio(_total(d * (np.roll(d, -1, axis=-1) + np.roll(d, -1, axis=-2))), 2 * _total(d**2))


def geary(x):
    """Geary's C of nearest neighbours, Incorporated Statistician 5, 115 (1954): 0 if smooth, 1 for random order.

    C = (N−1) Σ_<ij> (x_i − x_j)² / (4 N Σ (x_i − x̄)²).  On the torus each site has four bonds, so that
    C = (1 − 1/N)(1 − I): it contains no more than Moran's I.
    """
    return _geary(moran(x), x[0].size)


def momentum(x):
    """Mean squared lattice momentum Σ k̂² |x_k|² / Σ |x_k|² over k ≠ 0, k̂² = 4 sin²(k_x/2) + 4 sin²(k_y/2), 0 … 8.

    By Parseval's theorem it is the squared gradient over the variance, 4 (1 − I): it contains no more than Moran's I.
    """
    return _momentum(moran(x))


def correlation_length(x):
    """Distance at which the autocorrelation ρ of the map about its mean first falls below 1/e, in lattice spacings.

    ρ(r) = Σ_i d_i d_{i+r} / Σ d², d = x − x̄, is averaged over all displacements of equal length |r| on the torus and
    interpolated linearly between successive lengths.  As Σ_r ρ(r) = 0, it always falls below 1/e.
    """
    G = two_point(_deviation(x))
    r, rho = by_distance(_ratio(G, G[:, :1, :1]))
    level = np.exp(-1)
    first = np.argmax(rho < level, axis=1)
    before, after = (np.take_along_axis(rho, i[:, None], axis=1)[:, 0] for i in (first - 1, first))
    return r[first - 1] + (r[first] - r[first - 1]) * _ratio(before - level, before - after)


def participation(x):
    """Participation number (Σ x²)² / Σ x⁴: 1 for a map on a single site, n for n equal sites."""
    p = _shares(x)
    return 1 / _total(p**2)


def gyration(x):
    """Radius of gyration of p = x² / Σ x²: r² = ½ Σ_ij p_i p_j d_ij², which needs no centre (a torus has none).

    d is the distance on the torus.  As d² is a sum over both directions, the two marginals of p are enough.
    """
    L = x.shape[-1]
    apart = np.abs(np.arange(L)[:, None] - np.arange(L))
    squared = np.minimum(apart, L - apart) ** 2.0
    p = _shares(x)
    return np.sqrt(sum(((q @ squared) * q).sum(axis=-1) for q in (p.sum(axis=-1), p.sum(axis=-2))) / 2)


def best_four(x):
    """Share of Σ x² in the four sites where it is largest: 1 for a 2 × 2 block."""
    return np.partition(_shares(x).reshape(len(x), -1), -4, axis=-1)[:, -4:].sum(axis=-1)


# --- beside an RG rule ------------------------------------------------------------------------------------------------


def overlap(x, pattern):
    """Largest |Pearson correlation| of each map with a translation of `pattern` [L, L] → ([units], places [units, 2]).

    The place (y, x) is where the translation moves the origin of the pattern; of equal overlaps, the first in row-major
    order.  If x or the pattern is constant, the overlap is NaN and the place (−1, −1).
    """
    d = _deviation(x)
    p = _deviation(pattern[None])
    product = np.fft.irfft2(np.fft.rfft2(d) * np.fft.rfft2(p).conj(), s=pattern.shape)
    norm = np.sqrt(_total(d**2) * _total(p**2))
    found = np.abs(_ratio(product, norm[:, None, None])).reshape(len(x), -1)
    largest = found.max(axis=1)
    site = np.argmax(found >= (1 - ROUNDING) * largest[:, None], axis=1)
    places = np.stack(np.divmod(site, pattern.shape[-1]), axis=1)
    return np.minimum(largest, 1), np.where(np.isnan(largest)[:, None], -1, places)


def home(x, factor):
    """First site (y, x) of the block of `factor` × `factor` sites that has the largest Σ x² of each map, [units, 2].

    It is not the place of the best overlap, which is not unique for a unit that sees a single site of a block.
    (−1, −1) for a constant map.
    """
    side = x.shape[-1] // factor
    block = block_sums(np.nan_to_num(_shares(x)), factor).reshape(len(x), -1).argmax(axis=1)
    places = factor * np.stack(np.divmod(block, side), axis=1)
    return np.where((_deviation(x) == 0).all(axis=(1, 2))[:, None], -1, places)


def coverage(places, L, factor):
    """Share of each unit in the coverage of the lattice, [units], from its place (`home`) in `places` [units, 2].

    A unit at (y, x) lies on the block (y // factor, x // factor).  Its share is (units / blocks) / (units on the same
    block), so that the mean over units is the fraction of blocks that hold a unit: 1 if each block does, on average
    1 − (1 − 1/blocks)^units for units thrown at random.  NaN for a unit without a place.
    """
    side = L // factor
    known = places[:, 0] >= 0
    block = (places[known] // factor) @ [side, 1]
    shares = np.full(len(places), np.nan)
    shares[known] = known.sum() / side**2 / np.bincount(block, minlength=1)[block]
    return shares


# --- tables -----------------------------------------------------------------------------------------------------------


def measure(x, pattern, factor):
    """{statistic: [units]} of maps x [units, L, L], in the order of STATISTICS, all but corr_m.

    `pattern` [L, L]: the map of an RG rule with blocks of `factor` × `factor` sites, its own block at the origin
    (`maps.aligned`).
    """
    I = moran(x)
    return {
        "contrast": contrast(x),
        "average": average(x),
        "sign_coherence": sign_coherence(x),
        "moran": I,
        "geary": _geary(I, x[0].size),
        "correlation_length": correlation_length(x),
        "momentum": _momentum(I),
        "participation": participation(x),
        "gyration": gyration(x),
        "best_four": best_four(x),
        "overlap": overlap(x, pattern)[0],
        "coverage": coverage(home(x, factor), x.shape[-1], factor),
    }


def over_units(full, replicas, pattern, factor, corr_m=None):
    """Means over units with errors: DataFrame (statistic, units, mean, error, spread), in the order of STATISTICS.

    `full` [units, L, L]: maps or receptive fields from all samples; `replicas` [blocks, units, L, L]: the same without
    each block of samples in turn; `pattern`, `factor`: as in `measure`; `corr_m`: corr(h, m) of either sign, (full
    [units], replicas [blocks, units]), for a row of its own.

    mean: over the `units` for which the statistic is defined; error: the jackknife over samples of that mean; spread:
    the standard deviation over units, noise included (NaN for a single unit).  The jackknife holds for smooth functions
    of the samples.  Where a peak or a best place may jump, errors tend to be too large: on maps of a fixed machine at
    L = 8, those of contrast, overlap and best_four by factors up to 1.7, that of coverage, a count, by 2 to 3.  Noise
    shifts the mean of every statistic that is not linear in a map: compare maps of equally many samples.
    """
    values = measure(full, pattern, factor)
    without = [measure(x, pattern, factor) for x in replicas]
    if corr_m is not None:
        values["corr_m"] = np.abs(corr_m[0])
        without = [found | {"corr_m": np.abs(c)} for found, c in zip(without, corr_m[1], strict=True)]
    rows = []
    for statistic in (name for name in STATISTICS if name in values):
        known = values[statistic][~np.isnan(values[statistic])]
        error = jackknife_error(np.array([_mean(found[statistic]) for found in without]))
        spread = known.std(ddof=1) if len(known) > 1 else np.nan
        rows.append((statistic, len(known), _mean(known), error, spread))
    return pd.DataFrame(rows, columns=["statistic", "units", "mean", "error", "spread"])


def separations(statistics, reference=REFERENCE):
    """`statistics` with the columns separation and separation_error: how far units are from blocks of an RG rule.

    `statistics`: rows of `over_units` with the columns kind, source, L, seed, layer, of.  The separation is
    (mean − mean of the reference) / √(spread² + spread of the reference²).  The reference is the rule of that name with
    the same L, layer, `of` and statistic.  It counts the standard deviations of the difference between a hidden unit
    and a block, both drawn at random.  Within 2, a single unit could pass for an RG block by this statistic; beyond, it
    can be told apart.  Its sign is that of the difference.  Blocks of an RG rule are equivalent: their spread is noise,
    and the yardstick is the spread of the units.  Between two rules the yardstick is noise only, and the separation
    grows with the number of samples.

    separation_error propagates the errors of the two means, as if of different samples, and takes the spreads as known.
    If neither spreads, the separation is 0 where the means agree to rounding and ±inf elsewhere, without an error
    (NaN).  Both are NaN for the reference itself and where it is missing.  Raises ValueError if the reference has two
    rows for the same quantity.
    """
    keys = ["L", "layer", "of", "statistic"]
    is_reference = (statistics.kind == "rule") & (statistics.source == reference)
    rule = statistics[is_reference][[*keys, "mean", "error", "spread"]]
    known = statistics[keys].merge(rule, how="left", on=keys, validate="many_to_one")
    mean, error, spread = (known[column].where(~is_reference.values).values for column in ("mean", "error", "spread"))
    own = statistics["mean"].values
    rounding = ROUNDING * np.maximum(np.abs(own), np.abs(mean))
    difference = _beyond(own - mean, rounding)
    scale = _beyond(np.hypot(statistics.spread.values, spread), rounding)
    with np.errstate(divide="ignore", invalid="ignore"):
        separation = np.where((scale == 0) & (difference == 0), 0.0, difference / scale)
        separation_error = np.where(scale == 0, np.nan, np.hypot(statistics.error.values, error) / scale)
    return statistics.assign(separation=separation, separation_error=separation_error)


def _geary(I, sites):
    """Geary's C from Moran's I of maps of that many `sites`."""
    return (1 - 1 / sites) * (1 - I)


def _momentum(I):
    """The mean squared momentum from Moran's I."""
    return 4 * (1 - I)


def _total(x):
    """Sum over each map."""
    return x.sum(axis=(-2, -1))


def _ratio(a, b):
    """a / b, NaN where b = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b == 0, np.nan, a / b)


def _shares(x):
    """x² / Σ x² of each map, NaN for a zero map; x is scaled first, so that squares of small numbers do not vanish."""
    scaled = _ratio(x, np.abs(x).max(axis=(-2, -1), keepdims=True))
    return scaled**2 / (scaled**2).sum(axis=(-2, -1), keepdims=True)


def _deviation(x):
    """Each map minus its mean, in units of its largest |value|; exactly 0 for a map that is constant to rounding."""
    scaled = np.nan_to_num(_ratio(x, np.abs(x).max(axis=(-2, -1), keepdims=True)))
    d = scaled - scaled.mean(axis=(-2, -1), keepdims=True)
    return np.where(np.abs(d).max(axis=(-2, -1), keepdims=True) <= 1e-12, 0.0, d)


def _mean(values):
    """Mean of the values that are not NaN, NaN if there are none."""
    known = values[~np.isnan(values)]
    return known.mean() if len(known) else np.nan


def _beyond(values, rounding):
    """`values`, with 0 for those within `rounding` of it."""
    return np.where(np.abs(values) <= rounding, 0.0, values)
