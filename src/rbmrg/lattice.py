"""The square lattice with periodic boundaries: spins are int8 ±1 arrays [..., y, x], J = k_B = 1."""

import math

import numpy as np

from rbmrg import arguments

# The critical temperature for L = ∞, 2.269185…: Kramers & Wannier, Phys. Rev. 60, 252 (1941).
TC = 2 / math.log(1 + math.sqrt(2))


def bonds(spins):
    """The products s·s' over the bond to the right and the bond downwards of each site of `spins` [..., L, L].

    They are the energy density, in the dtype of `spins`, ±1 or real-valued, [2, ..., L, L].  Raises ValueError for
    others.
    """
    spins = arguments.field(spins, "[..., L, L]")
    return np.stack([spins * np.roll(spins, -1, axis=-1), spins * np.roll(spins, -1, axis=-2)])


def energy(spins):
    """E = −Σ_<ij> s_i s_j of each configuration of ±1 spins [..., L, L] over its 2N bonds, int64 [...], in units of J.

    Raises ValueError for others, also for real-valued block spins, which have no Ising energy.
    """
    spins = arguments.spins(spins, "[..., L, L]").astype(np.int8, copy=False)
    neighbours = np.roll(spins, -1, axis=-1) + np.roll(spins, -1, axis=-2)
    return -(spins * neighbours).sum(axis=(-2, -1), dtype=np.int64)


def magnetisation(spins):
    """m = Σ_i s_i / N of each configuration [..., L, L], float64 [...]; block spins may be real-valued.

    Raises ValueError for spins that are neither real-valued nor ±1.
    """
    spins = arguments.field(spins, "[..., L, L]")
    return spins.mean(axis=(-2, -1), dtype=np.float64)


def block_sums(spins, factor):
    """Sums over factor × factor blocks: [..., L, L] → [..., L/factor, L/factor].

    They have the dtype of `spins`, or int64 where int8 would overflow.  Raises ValueError if `factor` does not divide
    L.  Values are not checked: `rg.coarse_grain` does it.
    """
    factor = arguments.integer("factor", factor)
    spins = arguments.numeric(spins, "spins")
    if spins.ndim < 2:
        raise ValueError(f"spins of shape {spins.shape}: must be an array [..., L, L]")
    height, width = spins.shape[-2:]
    if height % factor or width % factor:
        raise ValueError(f"blocks of {factor} do not tile a lattice of {height} × {width}")
    if spins.dtype == np.int8 and factor**2 > np.iinfo(np.int8).max:
        spins = spins.astype(np.int64)
    rows = sum(spins[..., x::factor] for x in range(factor))
    return sum(rows[..., y::factor, :] for y in range(factor))
