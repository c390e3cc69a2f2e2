"""Measured two-point functions on the torus, averaged over positions, as block means ready for the jackknife."""

import numpy as np
import xarray as xr

from rbmrg import arguments, pair_counts
from rbmrg.lattice import bonds
from rbmrg.splits import portions
from rbmrg.stats import block_means, leave_one_out, means_of_portions

BLOCKS = 50


def two_point(field):
    """G(r) = (1/N) Σ_x f(x) f(x+r) of each configuration: `field` [n, L, L] → float64 [n, L, L], r = (y, x).

    From counted pairs, or for large L and fields other than spins from the power spectrum (Wiener–Khinchin theorem).
    Raises ValueError for fields that are neither ±1 nor real-valued.
    """
    field = arguments.field(field, name="field")
    if pair_counts.serves(field):
        return pair_counts.two_point(field)
    return _from_power(_power(field), field.shape[-2:])


def _power(field):
    """|f(k)|² of each configuration, [n, L, L/2 + 1]."""
    spectrum = np.fft.rfft2(field)
    return spectrum.real**2 + spectrum.imag**2


def _from_power(power, shape):
    """The two-point functions that have these power spectra, on lattices of this `shape`."""
    return np.fft.irfft2(power, s=shape) / (shape[0] * shape[1])


def spin_blocks(spins, blocks=BLOCKS):
    """Block means of the spin two-point function ⟨σ(0) σ(r)⟩ of `spins` [n, L, L] → [blocks, L, L]."""
    return _block_means(spins, lambda transform, some: transform(some), blocks)


def energy_blocks(spins, blocks=BLOCKS):
    """Block means of (⟨ε(0) ε(r)⟩, ⟨ε⟩) of `spins` [n, L, L] → ([blocks, L, L], [blocks]).

    ε is the product of spins over a bond; the correlations of horizontal bonds and those of vertical bonds are
    averaged.  `connected` subtracts the square of the mean.
    """
    means = []

    def both(transform, some):
        right, down = bonds(some)
        means.append(right.mean(axis=(-2, -1)) + down.mean(axis=(-2, -1)))
        return (transform(right) + transform(down)) / 2

    return _block_means(spins, both, blocks), block_means(np.concatenate(means), blocks) / 2


def _block_means(spins, transformed, blocks):
    """Block means of two-point functions of ±1 fields; `transformed(transform, portion)` gives those of a portion.

    `transform` is the two-point function itself where that is counted, otherwise a power spectrum: these are averaged
    before they are transformed.
    """
    spins = arguments.unread(spins)
    counted = pair_counts.serves(spins)
    transform = pair_counts.two_point if counted else _power
    parts = (transformed(transform, arguments.field(some)) for some in portions(spins))
    means = means_of_portions(parts, len(spins), blocks)
    return means if counted else _from_power(means, spins.shape[-2:])


def measure(spins, blocks=BLOCKS):
    """Both two-point functions of `spins` [n, L, L] as a Dataset of block means, each of at least four samples.

    `spins`, ±1 or real-valued, may be a variable of a file, which is then read in portions.  Raises ValueError for
    others, and for fewer than eight samples.
    """
    spins = arguments.unread(spins)
    blocks = min(blocks, len(spins) // 4)
    product, mean = energy_blocks(spins, blocks)
    displacement = ("block", "dy", "dx")
    return xr.Dataset(
        {
            "spin_spin": (displacement, spin_blocks(spins, blocks), {"long_name": "<s(0) s(r)>", "units": "1"}),
            "energy_energy": (displacement, product, {"long_name": "<e(0) e(r)>, e a bond", "units": "1"}),
            "energy": ("block", mean, {"long_name": "<e>, mean product over a bond", "units": "1"}),
        }
    )


def connected(product, mean):
    """⟨εε⟩ − ⟨ε⟩² [L, L] from block means `product` [blocks, L, L] and `mean` [blocks], without bias.

    ⟨ε⟩² is the mean product of two different blocks: the square of the mean of n configurations is too large by C T²/(4
    N n), which at L = 10, n = 1250 moves Δε by 0.02, a quarter of its error.
    """
    blocks = len(mean)
    square = (mean.sum() ** 2 - (mean**2).sum()) / (blocks * (blocks - 1))
    return product.mean(axis=0) - square


def estimates(measured):
    """{"spin": …, "energy": …} with (G [L, L], its leave-one-out replicas [blocks, L, L]), from a Dataset of `measure`.

    The function of the energy is the connected one.
    """
    spin, product, mean = (measured[name].values for name in ("spin_spin", "energy_energy", "energy"))
    without = [np.arange(len(mean)) != block for block in range(len(mean))]
    replicas = [connected(product[others], mean[others]) for others in without]
    return {
        "spin": (spin.mean(axis=0), leave_one_out(spin)),
        "energy": (connected(product, mean), np.array(replicas)),
    }


def distances(L):
    """|r| of every displacement (y, x) on the torus, the shortest way round, float64 [L, L]."""
    L = arguments.integer("L", L)
    steps = np.minimum(np.arange(L), L - np.arange(L))
    return np.hypot(steps[:, None], steps[None, :])


def by_distance(G):
    """Average `G` [..., L, L] over displacements of equal length: (r [m], G(r) [..., m]), by increasing r.

    Raises ValueError for another shape.
    """
    shape = np.shape(G)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError(f"G of shape {shape}: must be [..., L, L]")
    L = shape[-1]
    r, index, count = np.unique(np.round(distances(L), 9), return_inverse=True, return_counts=True)
    together = np.argsort(index.ravel(), kind="stable")
    first = np.cumsum(count) - count
    flat = np.asarray(G).reshape(*shape[:-2], L * L)
    return r, np.add.reduceat(flat[..., together], first, axis=-1) / count
