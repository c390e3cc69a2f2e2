"""Visible–hidden correlators ⟨v_i h_a⟩: one map of the lattice for each hidden unit.  arXiv:1906.05212, section IV."""

import numpy as np
import xarray as xr

from rbmrg.correlators import distances
from rbmrg.stats import jackknife, jackknife_error, leave_one_out


def correlator_blocks(visible, hidden, blocks=20):
    """Block means of v_i h_a: `visible` [n, L, L], `hidden` [n, …] → float64 [blocks, units, L, L].

    Raises ValueError if there are fewer samples than blocks or if the two layers have different numbers of them.
    """
    n, L = len(visible), visible.shape[-1]
    if len(hidden) != n or not 2 <= blocks <= n:
        raise ValueError(f"{blocks} blocks of {n} visible and {len(hidden)} hidden samples: need 2 ≤ blocks ≤ samples")
    size = n // blocks
    v = visible.reshape(n, -1).astype(np.float32)
    h = hidden.reshape(n, -1).astype(np.float32)
    parts = [slice(b * size, (b + 1) * size) for b in range(blocks)]
    return np.stack([(h[part].T @ v[part] / np.float32(size)).reshape(-1, L, L) for part in parts]).astype(np.float64)


def correlator(visible, hidden):
    """⟨v_i h_a⟩ with jackknife errors: `visible` [n, L, L], `hidden` [n, …] → Dataset (unit, y, x).

    For a block lattice, `hidden` [n, l, l], also the translation average `aligned` over (dy, dx).
    """
    means = correlator_blocks(visible, hidden)
    error = jackknife_error(leave_one_out(means))
    place = ("unit", "y", "x")
    averaged = {}
    if hidden.ndim == 3:
        shifted = np.stack([aligned(m) for m in means])
        averaged["aligned"] = (("block", "dy", "dx"), shifted, {"long_name": "<v h>, own block at 0", "units": "1"})
    return xr.Dataset(
        averaged
        | {
            "correlator": (place, means.mean(axis=0), {"long_name": "<v h>", "units": "1"}),
            "error": (place, error, {"long_name": "jackknife error of <v h>", "units": "1"}),
        }
    )


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
    """((peak, error), (far, error)) of aligned maps [blocks, L, L]: the mean over the own block, and the farthest
    value.
    """
    L = blocks.shape[-1]
    far = (L + factor - 1) // 2

    def both(m):
        return np.array([m[:factor, :factor].mean(), m[far, far]])

    (peak, distant), errors = jackknife(both, blocks)
    return (peak, errors[0]), (distant, errors[1])


def from_two_point(G, factor):
    """The map of a block average, exactly: the mean of G over the factor² sites of the block → [L, L], block at the
    origin.
    """
    shifts = [(y, x) for y in range(factor) for x in range(factor)]
    return np.mean([np.roll(G, shift, axis=(0, 1)) for shift in shifts], axis=0)


def peak_and_far(maps):
    """Of each map [units, L, L]: (|value| at its peak, value at the farthest site from the peak in the peak's sign)."""
    units, L = len(maps), maps.shape[-1]
    flat = maps.reshape(units, -1)
    site = np.abs(flat).argmax(axis=1)
    peak = flat[np.arange(units), site]
    offset = np.argmax(distances(L))
    far_site = [np.ravel_multi_index((np.array(divmod(s, L)) + divmod(offset, L)) % L, (L, L)) for s in site]
    return np.abs(peak), np.sign(peak) * flat[np.arange(units), far_site]
