"""Statistics of maps: numbers that may tell the maps and receptive fields of an RG step from those of a machine (C6).

Σ x² of a measured map x contains the noise of its samples; Σ x₁x₂ of two maps from independent samples does not.  All
statistics are therefore ratios of products of maps from independent PARTS of the samples.  What has to be chosen, a
place or a sign, is chosen on two parts and read on the other two, because what is largest in noisy data is smaller in
others.  A wrong choice lowers a value: where no place stands out from the noise, `patch`, `overlap`, `coverage` and
`contrast` are below what they would be without noise.  No statistic depends on the sign of a map, because the sign of
a hidden unit is a gauge, on the order of units, or on where on the lattice a map sits.
"""

from typing import NamedTuple

import numpy as np

from rbmrg.correlators import by_distance, distances
from rbmrg.layers.places import choose_places

# In the order of all tables and figures: {name: (label, what it is of a map x)}.
STATISTICS = {
    "contrast": ("peak − far", "|x| at its peak, less the value (in the peak's sign) at the site farthest from there"),
    "average": ("|mean|", "|mean of x|"),
    "uniformity": ("uniformity", "(Σ x)² / N Σ x²: the share of Σ x² at zero momentum, 1 if x is constant"),
    "moran": ("Moran's I", "correlation coefficient of the two ends of a bond: 1 if smooth, near 0 in random order"),
    "correlation_length": ("correlation length", "where the autocorrelation of x about its mean falls below 1/e"),
    "participation": ("participation", "(Σ x²)² / Σ x⁴: n if Σ x² is spread evenly over n sites"),
    "gyration": ("squared radius", "of gyration of x² on the torus: 1/2 for a 2 × 2 block"),
    "patch": ("mass of best block", "share of Σ x² in that square of the size of an RG block that has most"),
    "overlap": ("overlap with RG map", "share of the variance of x that the best translation of the RG map explains"),
    "coverage": (
        "coverage",
        "share of Σ x² that the unit with most of it has in an RG block, averaged over the lattice's blocks",
    ),
}
PAIRS = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))  # of the four parts; PAIRS[5 − k] are the other two
ROUNDING = 1e-12


class Part(NamedTuple):
    """Maps from one part of the samples, [units, L, L], and what all statistics need of them."""

    x: np.ndarray
    spectrum: np.ndarray  # rfft2 of x
    power: np.ndarray  # |rfft2 of x|²
    match: np.ndarray  # Σ of x times the pattern, each less its mean, for each translation of the pattern


class Choice(NamedTuple):
    """What two parts choose: places (y, x), of each unit as [2, units], and the blocks that units hold."""

    peak: np.ndarray
    sign: np.ndarray  # of x at its peak, [units]
    place: np.ndarray  # of the pattern
    window: np.ndarray  # where the best one begins
    holders: np.ndarray  # the unit with the largest share of its Σ x² in each RG block, [blocks]
    blocks: np.ndarray  # where these begin, [2, blocks]


class Pattern(NamedTuple):
    """The map [L, L] of an RG rule whose blocks have `factor` × `factor` sites."""

    x: np.ndarray
    factor: int

    @property
    def deviation(self):
        """The map less its mean."""
        return self.x - self.x.mean()


def part(x, pattern):
    """The `Part` of maps x [units, L, L], beside the `Pattern` of an RG rule."""
    spectrum = np.fft.rfft2(x)
    match = np.fft.irfft2(spectrum * np.fft.rfft2(pattern.deviation).conj(), s=x.shape[1:])
    return Part(x, spectrum, _squared(spectrum), match)


def choose(first, second, factor):
    """The `Choice` of two `Part`s together, of windows of `factor` × `factor` sites."""
    units, L, _ = first.x.shape
    peaks, windows = np.zeros((2, units), int)  # what maps of NaN, which have no largest value, keep
    signs = np.zeros(units)
    shares = np.empty(first.x.shape)
    choose_places(first.x, second.x, factor, peaks, signs, windows, shares)
    place = _largest(np.abs(first.match + second.match))
    return Choice(np.array(divmod(peaks, L)), signs, place, np.array(divmod(windows, L)), *_holders(shares, factor))


def choices(parts, factor, known=None, changed=range(4)):
    """The Choices of all PAIRS of `parts`; those `known` are kept but for pairs with a part that has `changed`."""
    return [
        choose(parts[p], parts[q], factor) if p in changed or q in changed else known[k]
        for k, (p, q) in enumerate(PAIRS)
    ]


# --- {statistic: (numerator [units], denominator [units])} of four parts ----------------------------------------------


def measure(parts, pattern, chosen=None):
    """{statistic: (numerator, denominator), each [units]} of four `Part`s, in the order of STATISTICS.

    `chosen`: their `choices`, if these are known.
    """
    chosen = chosen or choices(parts, pattern.factor)
    products = [parts[p].x * parts[q].x for p, q in PAIRS]
    totals = [_total(product) for product in products]
    found = linear(parts) | quadratic(parts) | quartic(products, totals)
    found |= {"contrast": contrast(parts, chosen), "overlap": overlap(parts, chosen, totals, pattern)}
    found |= windows(products, chosen, totals, pattern.factor)
    return {name: found[name] for name in STATISTICS}


def linear(parts):
    """|mean|, in the sign that the other parts have together.

    The sign may be wrong for a mean μ that is not seen above the error σ of a part: the value is low by less than σ/10
    then, and exact to rounding where μ > 4σ.
    """
    means = np.array([part.x.mean(axis=(1, 2)) for part in parts])
    return {"average": ((means * np.sign(means.sum(axis=0) - means)).mean(axis=0), np.ones(means.shape[1]))}


def quadratic(parts):
    """Uniformity, Moran's I and the correlation length, from Σ_i x_i x_{i+r} by the Wiener–Khinchin theorem.

    Moran's I (Biometrika 37, 17 (1950)) of nearest neighbours: −1/(N−1) on average for N values in random order, −1 for
    a checkerboard; 4 (1 − I) is the mean squared lattice momentum, and (1 − 1/N)(1 − I) Geary's C.  The correlation
    length is the distance at which the autocorrelation about the mean, averaged over displacements of equal length and
    interpolated between these lengths, first falls below 1/e.
    """
    n = len(parts)
    power = _squared(sum(part.spectrum for part in parts)) - sum(part.power for part in parts)
    auto = np.fft.irfft2(power, s=parts[0].x.shape[1:]) / (n * (n - 1))
    N = auto[0].size
    constant = power[:, 0, 0].copy() / (n * (n - 1)) / N
    total = auto[:, 0, 0].copy()
    auto -= constant[:, None, None]
    variance = np.where(np.abs(auto[:, 0, 0]) < ROUNDING * np.abs(total), 0.0, auto[:, 0, 0])
    return {
        "uniformity": (constant, total),
        "moran": ((auto[:, 0, 1] + auto[:, 1, 0]) / 2, variance),
        "correlation_length": (variance * _length(auto), variance),
    }


def _length(auto):
    """Distance [units] at which the autocorrelation [units, L, L], which sums to 0, first falls below 1/e."""
    r, rho = by_distance(ratio(auto, auto[:, :1, :1]))
    level = np.exp(-1)
    first = np.maximum(np.argmax(rho < level, axis=1), 1)
    before, after = (np.take_along_axis(rho, i[:, None], axis=1)[:, 0] for i in (first - 1, first))
    return np.nan_to_num(r[first - 1] + (r[first] - r[first - 1]) * ratio(before - level, before - after))


def quartic(products, totals):
    """The participation number (Σ x²)² / Σ x⁴ and the squared radius of gyration, from products of all four parts.

    r² = ½ Σ_ij p_i p_j d_ij² of p = x² / Σ x² needs no centre, which a torus does not have; d is the distance on the
    torus.  As d² is a sum over both directions, the two marginals of p are enough.
    """
    L = products[0].shape[-1]
    apart = np.abs(np.arange(L)[:, None] - np.arange(L))
    squared = np.minimum(apart, L - apart) ** 2.0
    marginals = [[product.sum(axis=axis) for product in products] for axis in (1, 2)]
    radius = sum(((q[k] @ squared) * q[5 - k]).sum(axis=1) for q in marginals for k in range(3)) / 2
    mass = sum(totals[k] * totals[5 - k] for k in range(3))
    return {"participation": (mass / 3, _total(products[0] * products[5])), "gyration": (radius, mass)}


# --- chosen on two parts, read on the other two -----------------------------------------------------------------------


def contrast(parts, chosen):
    """The peak less the value farthest from it, in the sign of the peak; (numerator, denominator 1)."""
    L = parts[0].x.shape[-1]
    units = np.arange(len(parts[0].x))
    away = np.array(divmod(np.argmax(distances(L)), L))[:, None]
    found = np.zeros(len(units))
    for choice, (r, s) in zip(chosen, PAIRS[::-1], strict=True):
        peak = choice.peak
        far = (peak + away) % L
        read = parts[r].x[units, *peak] - parts[r].x[units, *far] + parts[s].x[units, *peak] - parts[s].x[units, *far]
        found += choice.sign * read / (2 * len(PAIRS))
    return found, np.ones(len(units))


def overlap(parts, chosen, totals, pattern):
    """The squared correlation coefficient with the best translation of the pattern; (numerator, denominator)."""
    units = np.arange(len(parts[0].x))
    sums = [part.spectrum[:, 0, 0].real for part in parts]
    explained = variance = 0
    for k, (choice, (r, s)) in enumerate(zip(chosen, PAIRS[::-1], strict=True)):
        explained = explained + parts[r].match[units, *choice.place] * parts[s].match[units, *choice.place]
        variance = variance + totals[5 - k] - sums[r] * sums[s] / pattern.x.size
    variance = np.where(np.abs(variance) < ROUNDING * np.abs(sum(totals)), 0.0, variance)
    return explained, variance * (pattern.deviation**2).sum()


def windows(products, chosen, totals, factor):
    """patch: the share of Σ x² in the best window of `factor` × `factor` sites, anywhere.  coverage: see `_holders`.

    The windows of coverage are the blocks of a lattice, and each counts for the unit that holds it: the mean over units
    is the mean over blocks.
    """
    units = np.arange(len(products[0]))
    patch = np.zeros(len(units))
    covered = np.zeros(len(units))
    for choice, read in zip(chosen, products[::-1], strict=True):
        patch += _window(read, units, choice.window, factor)
        held = _window(read, choice.holders, choice.blocks, factor)
        np.add.at(covered, choice.holders, held * len(units) / len(held))
    return {"patch": (patch, sum(totals)), "coverage": (covered, sum(totals))}


def _holders(shares, factor):
    """The unit with the largest share of its Σ x² in each RG block, and the places of these blocks, ([blocks], [2, …]).

    `shares` [units, L, L] are those of the window of `factor` × `factor` sites that begins at each site.  RG blocks may
    begin anywhere, as the machine does not know where: of all lattices of blocks, the best covered one counts.
    """
    L = shares.shape[-1]
    best = shares.max(axis=0)
    starts = [(y, x) for y in range(factor) for x in range(factor)]
    y, x = max(starts, key=lambda start: best[start[0] :: factor, start[1] :: factor].mean())
    places = np.array(np.meshgrid(np.arange(y, L, factor), np.arange(x, L, factor), indexing="ij")).reshape(2, -1)
    return shares[:, y::factor, x::factor].argmax(axis=0).ravel(), places


def _window(x, units, places, factor):
    """Sums of x [units, L, L] over `factor` × `factor` sites that begin at `places` [2, n] for each of `units` [n]."""
    rows, columns = ((place[:, None] + np.arange(factor)) % x.shape[-1] for place in places)
    return x[units[:, None, None], rows[:, :, None], columns[:, None, :]].sum(axis=(1, 2))


def _largest(x):
    """Where each map of x [units, L, L] is largest, (y, x) as [2, units]."""
    return np.array(np.divmod(x.reshape(len(x), -1).argmax(axis=1), x.shape[-1]))


def _squared(z):
    """|z|², which `np.abs` would first take the root of."""
    return z.real**2 + z.imag**2


def _total(x):
    """Sum over each map."""
    return x.sum(axis=(-2, -1))


def ratio(a, b):
    """a / b, NaN where b = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b == 0, np.nan, a / b)
