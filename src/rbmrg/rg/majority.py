"""Majority rule: a block becomes the sign of its spins, a fair coin deciding ties.  Swendsen, PRL 42, 859 (1979)."""

import numpy as np

from rbmrg.lattice import block_sums

NAME, FACTOR = "majority", 2


def apply(spins, rng):
    """Coarse-grain `spins`, int8 ±1 [n, L, L] with L even, to int8 ±1 [n, L/2, L/2]; `rng` breaks the ties."""
    sums = block_sums(spins, FACTOR)
    coins = rng.choice(np.array([-1, 1], np.int8), size=sums.shape)
    return np.where(sums == 0, coins, np.sign(sums)).astype(np.int8)
