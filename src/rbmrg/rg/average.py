"""Block average, not rounded: the rule of arXiv:1906.05212; iterated, a block is the mean of all spins below it."""

import numpy as np

from rbmrg.lattice import block_sums

NAME, FACTOR = "average", 2


def apply(spins, rng):
    """Coarse-grain `spins` [n, L, L], ±1 or real-valued, to float32 [n, L/2, L/2]; `rng` is not used."""
    return block_sums(spins.astype(np.float32), FACTOR) / np.float32(FACTOR**2)
