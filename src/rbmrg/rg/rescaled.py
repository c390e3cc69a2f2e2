"""Block average times 2^{1/8}, which keeps ⟨|m|⟩ at Tc up to corrections to scaling.

There ⟨|m|⟩ ~ L^{−β/ν} with β/ν = 1/8 (Yang, Phys. Rev. 85, 808 (1952)): l × l blocks have the ⟨|m|⟩ of l × l critical
spins, also if the rule is iterated.
"""

import numpy as np

from rbmrg.rg import average

NAME, FACTOR = "rescaled", average.FACTOR
SCALE = np.float32(FACTOR ** (1 / 8))


def apply(spins, rng):
    """Coarse-grain `spins` [n, L, L], ±1 or real-valued, to float32 [n, L/2, L/2]; `rng` is not used."""
    return SCALE * average.apply(spins, rng)
