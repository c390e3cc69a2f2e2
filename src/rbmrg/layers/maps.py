"""Visible–hidden correlators ⟨v_i h_a⟩, a map of the lattice for each hidden unit, and receptive fields.

Maps: arXiv:1906.05212, section IV.  A receptive field is a map with the correlations among the spins divided out.
Samples are divided into PARTS, whose maps have independent noise, and these into blocks for the jackknife.
"""

import math

import numpy as np
import scipy.linalg
import xarray as xr

from rbmrg import arguments
from rbmrg.stats import jackknife, jackknife_error, leave_one_out

PARTS = 4  # as many as the highest power of a map in its statistics
BLOCKS = 20  # of all parts together
# Added to the diagonal of C = ⟨v vᵀ⟩, whose eigenvalues are 1 on average and at least S(π, π) = 0.16 (L = 32, Tc).
# It changes fields by at most 0.6 per cent, and keeps them finite where C is singular (T = 0, few samples).
RIDGE = 1e-3


def correlator_blocks(visible, hidden, blocks=BLOCKS):
    """Block means of v_i h_a: `visible` [n, …], `hidden` [n, …] → float64 [blocks, units, …], the … of `visible`.

    Raises ValueError if there are fewer samples than blocks, if the numbers of visible and hidden samples differ, and
    for units that are neither ±1 nor real-valued.
    """
    visible = arguments.field(visible, "[n, ...]", "visible")
    hidden = arguments.field(hidden, "[n, ...]", "hidden")
    if len(hidden) != len(visible) or not 2 <= arguments.integer("blocks", blocks) <= len(visible):
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


def in_parts(means):
    """(parts [PARTS, units, …], replicas [PARTS, blocks / PARTS, units, …]) of block `means` [blocks, units, …].

    A replica is its part without one block.  Raises ValueError unless each part has the same number of blocks, at least
    two.
    """
    means = np.asarray(means)
    if len(means) % PARTS or len(means) < 2 * PARTS:
        raise ValueError(f"{len(means)} blocks: must be a multiple of {PARTS}, at least {2 * PARTS}")
    grouped = means.reshape(PARTS, -1, *means.shape[1:])
    return grouped.mean(axis=1), np.stack([*map(leave_one_out, grouped)])


def jackknife_of_parts(replicas):
    """The jackknife error [...] of a function of independent parts, from its values at `replicas` [parts, blocks, ...].

    In each, one block of one part is left out, and the other parts are whole: the variances of the parts add up.
    """
    return np.sqrt(sum(jackknife_error(part) ** 2 for part in replicas))


def receptive_fields(visible, means, ridge=RIDGE):
    """R_a = (C + ridge·1)⁻¹ ⟨v h_a⟩, C = ⟨v vᵀ⟩, of each part of the samples: (parts, replicas) as of `in_parts`.

    These are the coefficients of the linear regression of h_a on all spins `visible` [n, L, L].  For a block average
    they are the weights of its spins, whatever the correlations of the data.  `means` [blocks, units, L, L] are the
    block means of v_i h_a (`correlator_blocks`) over the same samples.  Each part has its own C, so that the noise of
    spins that a unit does not see cancels.  What is left has the variance σ² (C⁻¹)_ii / (n − N), where n is the number
    of samples of a part, and σ² that of h_a about its regression.

    Each part is corrected for its bias ∝ 1/(n − N), which h that is not linear in v causes, by Quenouille's jackknife,
    and replicas are moved by as much.  Replicas have fewer samples and scatter more, by 1/√kept for Gaussian spins;
    this stands for the noise of the correction.  Without more samples than spins in a replica, replicas are NaN.
    Raises ValueError if `means` are not those of such spins, and for a `ridge` < 0.
    """
    visible = arguments.field(visible, name="visible")
    means = arguments.finite(means, None, "means")
    if means.ndim != 4 or means.shape[2:] != visible.shape[1:] or len(means) > len(visible):
        raise ValueError(f"means of shape {means.shape}: must be [blocks, units, L, L] as spins {visible.shape} have")
    if arguments.finite(ridge, (), "ridge") < 0:
        raise ValueError(f"ridge = {ridge}: must be a number ≥ 0")
    parts, replicas = in_parts(means)
    fields = np.empty_like(parts)
    without = np.empty_like(replicas)
    slices = np.reshape(_parts(len(visible), len(means)), replicas.shape[:2])
    count = replicas.shape[1]
    left = (count - 1) * (len(visible) // len(means))
    kept = max(1 - (visible[0].size + 1) / left, 0)
    for p, blocks in enumerate(slices):
        covariances = [_covariance(visible[block]) for block in blocks]
        C = sum(covariances) / count
        field = _solve(C, parts[p], ridge)
        for b, covariance in enumerate(covariances):
            without[p, b] = _solve((count * C - covariance) / (count - 1), replicas[p, b], ridge)
        middle = without[p].mean(axis=0)
        fields[p] = field - (count - 1) * kept * (middle - field)
        without[p] += fields[p] - middle if kept else np.nan
    return fields, without


def _solve(C, maps, ridge):
    """(C + ridge·1)⁻¹ times each of the `maps` [units, L, L]."""
    factor = scipy.linalg.cho_factor(C + ridge * np.eye(len(C)), overwrite_a=True, check_finite=False)
    return scipy.linalg.cho_solve(factor, maps.reshape(len(maps), -1).T, check_finite=False).T.reshape(maps.shape)


def _covariance(visible):
    """⟨v vᵀ⟩ over the given spins; nothing is subtracted, as ⟨v⟩ = 0 by symmetry."""
    return _products(visible, visible)


def covariance_spectrum(hidden):
    """Eigenvalues, descending, of the covariance of `hidden` [n, …] → ([units], jackknife errors)."""
    units = arguments.field(hidden, "[n, ...]", "hidden").reshape(len(hidden), -1).astype(np.float64)

    def eigenvalues(mean):
        return np.linalg.eigvalsh(mean[:, 1:] - np.outer(mean[:, 0], mean[:, 0]))[::-1]

    # The first column is ⟨h⟩, because the jackknife takes functions of means.
    with_one = np.concatenate([np.ones((len(units), 1)), units], axis=1)
    return jackknife(eigenvalues, correlator_blocks(with_one, units, BLOCKS))


def layers(visible, states, blocks=False):
    """All that is measured of each layer, lowest first: (Dataset, maps, receptive fields), both as of `in_parts`.

    `visible` [n, L, L]: the spins at the bottom; `states`, for each layer: (sampled, means), its hidden units [n, …]
    and ⟨h|·⟩ given the units of the layer below, which have the same maps with less noise.  A Dataset has ⟨v h⟩ with
    the spins at the bottom and with the sampled units below, the receptive fields, and the spectrum of the covariance
    of sampled units.  If the units are a lattice of `blocks`, it has block means of the translation average of ⟨v h⟩,
    `aligned`.
    """
    visible = arguments.field(visible, name="visible")
    pairs = np.concatenate([correlator_blocks(visible, means) for _, means in states], axis=1)
    fields, replicas = receptive_fields(visible, pairs)  # of all layers, for which C is divided out once
    ends = np.cumsum([means[0].size for _, means in states])[:-1]
    parts = [np.split(array, ends, axis=-3) for array in (pairs, fields, replicas)]
    below = [None, *(sampled for sampled, _ in states[:-1])]
    return [
        (_measured(lower, *state, pair, field, replica, blocks), in_parts(pair), (field, replica))
        for lower, state, pair, field, replica in zip(below, states, *parts, strict=True)
    ]


def _measured(below, sampled, means, pairs, fields, replicas, blocks):
    """The Dataset of one of the `layers`."""
    place = ("unit", "y", "x")
    field = (fields.mean(axis=0), jackknife_of_parts(replicas) / PARTS)
    estimates = {
        "correlator": (place, _estimate(pairs), "<v h>"),
        "field": (place, field, "receptive field C^-1 <v h>"),
        "eigenvalue": (("mode",), covariance_spectrum(sampled), "eigenvalue of the covariance of hidden units"),
    }
    if below is not None:
        lower = correlator(below.reshape(len(below), -1), means)
        estimates["below"] = (("unit", "unit_below"), lower, "<h' h>, h' of the layer below")
    measured = xr.Dataset()
    for name, (dims, (value, error), text) in estimates.items():
        measured[name] = (dims, value, {"long_name": text, "units": "1"})
        measured[f"{name}_error"] = (dims, error, {"long_name": f"jackknife error of {name}", "units": "1"})
    if blocks:
        shifted = np.stack([aligned(maps) for maps in pairs])
        measured["aligned"] = (("block", "dy", "dx"), shifted, {"long_name": "<v h>, own block at 0", "units": "1"})
    return measured


def aligned(maps):
    """Translation average of the maps of a block lattice [l², L, L], each moved so that its own block is at the origin.

    Returns [L, L]: the four sites of the own block are [0:b, 0:b] with b = L / l.  Raises ValueError unless there is a
    map for each block.
    """
    maps = arguments.numeric(maps, "maps")
    L = maps.shape[-1] if maps.ndim == 3 else 0
    side = math.isqrt(len(maps)) if L else 0
    if not side or maps.shape != (side**2, L, L) or L % side:
        raise ValueError(f"maps of shape {maps.shape}: must be [l², L, L] with l a divisor of L")
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
