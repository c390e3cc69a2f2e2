"""Visible–hidden correlators ⟨v_i h_a⟩, a map of the lattice for each hidden unit, and receptive fields.

Maps: arXiv:1906.05212, section IV.  A receptive field is a map with the correlations among the spins divided out.
"""

import numpy as np
import scipy.linalg
import xarray as xr

from rbmrg.correlators import distances
from rbmrg.stats import block_means, jackknife, jackknife_error, leave_one_out

BLOCKS = 20
# Added to the diagonal of C = ⟨v vᵀ⟩, whose eigenvalues are 1 on average and at least S(π, π) = 0.16 (L = 32, Tc).
# It changes fields by at most 0.6 per cent, and keeps them finite where C is singular (T = 0, few samples).
RIDGE = 1e-3


def correlator_blocks(visible, hidden, blocks=BLOCKS):
    """Block means of v_i h_a: `visible` [n, …], `hidden` [n, …] → float64 [blocks, units, …], the … of `visible`.

    Raises ValueError if there are fewer samples than blocks, or if the numbers of visible and hidden samples differ.
    """
    if len(hidden) != len(visible) or not 2 <= blocks <= len(visible):
        raise ValueError(
            f"{blocks} blocks of {len(visible)} visible and {len(hidden)} hidden samples: need 2 ≤ blocks ≤ samples"
        )
    products = [_products(visible[part], hidden[part]) for part in _parts(len(visible), blocks)]
    return np.stack(products).reshape(blocks, -1, *visible.shape[1:])


def _parts(n, blocks):
    """`blocks` equal parts of n samples; the remainder at the end is left out."""
    size = n // blocks
    return [slice(b * size, (b + 1) * size) for b in range(blocks)]


def _products(visible, hidden):
    """⟨v_i h_a⟩ over the given samples, float64 [units, spins]; sums of ±1 are exact in float32."""
    v = visible.reshape(len(visible), -1).astype(np.float32)
    # BLAS multiplies a matrix with itself in half the time.
    h = v if hidden is visible else hidden.reshape(len(hidden), -1).astype(np.float32)
    return (h.T @ v).astype(np.float64) / len(v)


def correlator(visible, hidden):
    """⟨v_i h_a⟩ with its jackknife error: `visible` [n, …], `hidden` [n, …] → two [units, …], the … of `visible`."""
    return _estimate(correlator_blocks(visible, hidden))


def _estimate(means):
    """(mean, jackknife error) from block `means` [blocks, …]."""
    return means.mean(axis=0), jackknife_error(leave_one_out(means))


def receptive_fields(visible, means, ridge=RIDGE):
    """R_a = (C + ridge·1)⁻¹ ⟨v h_a⟩ with C = ⟨v vᵀ⟩: (fields [units, L, L], their leave-one-out replicas).

    These are the coefficients of the linear regression of h_a on all spins `visible` [n, L, L].  For a block average
    they are the weights of its spins, whatever the correlations of the data.  `means` [blocks, units, L, L] are the
    block means of v_i h_a (`correlator_blocks`) over the same samples, so that the noise of spins that a unit does not
    see cancels.  Replicas [blocks, units, L, L].
    """
    parts = _parts(len(visible), len(means))
    C = sum(_covariance(visible[part]) for part in parts) / len(means)

    def solve(C, mean):
        regular = C + ridge * np.eye(len(C))
        return scipy.linalg.solve(regular, mean.reshape(len(mean), -1).T, assume_a="pos").T.reshape(mean.shape)

    # A generator, because at L = 64 the replicas of C together would take gigabytes.
    without = ((len(means) * C - _covariance(visible[part])) / (len(means) - 1) for part in parts)
    return solve(C, means.mean(axis=0)), np.stack([*map(solve, without, leave_one_out(means))])


def _covariance(visible):
    """⟨v vᵀ⟩ over the given spins; nothing is subtracted, as ⟨v⟩ = 0 by symmetry."""
    return _products(visible, visible)


def covariance_spectrum(hidden):
    """Eigenvalues, descending, of the covariance of `hidden` [n, …] → ([units], jackknife errors)."""
    units = hidden.reshape(len(hidden), -1).astype(np.float64)

    def eigenvalues(mean):
        return np.linalg.eigvalsh(mean[:, 1:] - np.outer(mean[:, 0], mean[:, 0]))[::-1]

    # The first column is ⟨h⟩, because the jackknife takes functions of means.
    with_one = np.concatenate([np.ones((len(units), 1)), units], axis=1)
    return jackknife(eigenvalues, correlator_blocks(with_one, units, BLOCKS))


def magnetisation_correlation(visible, hidden):
    """|corr(h_a, m)| of each unit with the magnetisation of `visible` [n, L, L]: ([units], replicas [BLOCKS, units]).

    0 for a unit that never changes.
    """
    h = hidden.reshape(len(hidden), -1).astype(np.float64)
    m = visible.mean(axis=(1, 2), dtype=np.float64)[:, None]
    means = [block_means(values, BLOCKS) for values in (h * m, h, h**2, m, m**2)]

    def correlation(hm, h, h2, m, m2):
        scale = np.sqrt(np.maximum((h2 - h**2) * (m2 - m**2), 0))
        return np.abs(np.divide(hm - h * m, scale, out=np.zeros_like(scale), where=scale > 1e-12))

    return correlation(*(mean.mean(axis=0) for mean in means)), correlation(*map(leave_one_out, means))


def layer(visible, states, below=None, blocks=False):
    """All that is measured of a layer: (Dataset, maps of sampled units, their receptive fields).

    Maps and fields each come with their leave-one-out replicas: ([units, L, L], [BLOCKS, units, L, L]).

    `visible` [n, L, L]: the spins at the bottom; `states`: (sampled, means), the hidden units [n, …] of the layer;
    `below`: the same of the layer below, unless that is the bottom.  The Dataset has ⟨v h⟩ of both kinds of units with
    the spins at the bottom and with the units below, and the receptive fields and the spectrum of the covariance of
    sampled units.  If the units are a lattice of `blocks`, it has block means of the translation average of ⟨v h⟩,
    `aligned`.
    """
    sampled, means = states
    drawn = correlator_blocks(visible, sampled)
    fields, replicas = receptive_fields(visible, drawn)
    place = ("unit", "y", "x")
    correlators = _stacked([_estimate(drawn), correlator(visible, means)])
    estimates = {
        "correlator": (("states", *place), correlators, "<v h>"),
        "field": (place, (fields, jackknife_error(replicas)), "receptive field C^-1 <v h>"),
        "eigenvalue": (("mode",), covariance_spectrum(sampled), "eigenvalue of the covariance of hidden units"),
    }
    if below is not None:
        lower = [units.reshape(len(units), -1) for units in below]
        pairs = _stacked(map(correlator, lower, states))
        estimates["below"] = (("states", "unit", "unit_below"), pairs, "<h' h>, h' of the layer below")
    measured = xr.Dataset(
        coords={"states": ("states", ["sampled", "means"], {"long_name": "what stands for hidden units"})}
    )
    for name, (dims, (value, error), text) in estimates.items():
        measured[name] = (dims, value, {"long_name": text, "units": "1"})
        error_name = "error" if name == "correlator" else f"{name}_error"
        measured[error_name] = (dims, error, {"long_name": f"jackknife error of {name}", "units": "1"})
    if blocks:
        shifted = np.stack([aligned(maps) for maps in drawn])
        measured["aligned"] = (("block", "dy", "dx"), shifted, {"long_name": "<v h>, own block at 0", "units": "1"})
    return measured, (drawn.mean(axis=0), leave_one_out(drawn)), (fields, replicas)


def _stacked(pairs):
    """(values, errors) of several `pairs` of a value and its error, along a new first axis."""
    return tuple(map(np.stack, zip(*pairs, strict=True)))


def aligned(maps):
    """Translation average of the maps of a block lattice [l², L, L], each moved so that its own block is at the origin.

    Returns [L, L]: the four sites of the own block are [0:b, 0:b] with b = L / l.
    """
    L = maps.shape[-1]
    side = round(len(maps) ** 0.5)
    factor = L // side
    places = [divmod(a, side) for a in range(len(maps))]
    moved = [np.roll(m, (-factor * y, -factor * x), axis=(0, 1)) for m, (y, x) in zip(maps, places, strict=True)]
    return np.mean(moved, axis=0)


def own_and_far(blocks, factor):
    """((peak, error), (far, error)) of aligned maps [blocks, L, L]: the mean over the own block, the farthest value."""
    L = blocks.shape[-1]
    far = (L + factor - 1) // 2

    def both(m):
        return np.array([m[:factor, :factor].mean(), m[far, far]])

    (peak, distant), errors = jackknife(both, blocks)
    return (peak, errors[0]), (distant, errors[1])


def from_two_point(G, factor):
    """The exact map [L, L] of a block average at the origin: the mean of G over the factor² sites of the block."""
    shifts = [(y, x) for y in range(factor) for x in range(factor)]
    return np.mean([np.roll(G, shift, axis=(0, 1)) for shift in shifts], axis=0)


def peak_and_far(maps):
    """(|value| at the peak, value at the site farthest from it, in the sign of the peak) of maps [units, L, L]."""
    units, L = maps.shape[:2]
    flat = maps.reshape(units, L * L)
    site = np.abs(flat).argmax(axis=1)
    peak = flat[np.arange(units), site]
    offset = np.argmax(distances(L))
    far_site = [np.ravel_multi_index((np.array(divmod(s, L)) + divmod(offset, L)) % L, (L, L)) for s in site]
    return np.abs(peak), np.sign(peak) * flat[np.arange(units), far_site]
