"""Decimation: a block becomes its first spin.  Wilson, Rev. Mod. Phys. 47, 773 (1975)."""

NAME, FACTOR = "decimation", 2


def apply(spins, rng):
    """Coarse-grain `spins` [n, L, L] to [n, L/2, L/2] of the same type; `rng` is not used."""
    return spins[:, ::FACTOR, ::FACTOR].copy()
