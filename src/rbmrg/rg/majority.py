"""Majority rule: a block becomes the sign of its spins, a fair coin deciding ties.  Swendsen, PRL 42, 859 (1979)."""

import numpy as np

from rbmrg.lattice import block_sums

NAME, FACTOR = "majority", 2
TIE = 1e-6  # a smaller |sum| of real-valued spins is rounding, and the block is a tie


def apply(spins, rng):
    """Coarse-grain `spins`, ±1 or real-valued [n, L, L] with L even, to int8 ±1 [n, L/2, L/2]; `rng` breaks the ties.

    With rng = None the mean over the coins, float32, in which a tie is 0.
    """
    sums = block_sums(spins, FACTOR)
    signs = np.sign(np.where(np.abs(sums) < TIE, 0, sums))
    if rng is None:
        return signs.astype(np.float32)
    coins = rng.choice(np.array([-1, 1], np.int8), size=sums.shape)
    return np.where(signs == 0, coins, signs).astype(np.int8)
