"""Training and held-out parts: the last fifth of every set of configurations is never trained on."""

import numpy as np

HELD_OUT = 5  # one configuration in five


def training_part(spins):
    """The first four fifths of `spins` [n, …]."""
    return spins[: len(spins) - len(spins) // HELD_OUT]


def held_out_part(spins):
    """The last fifth of `spins` [n, …]."""
    return spins[len(spins) - len(spins) // HELD_OUT :]


def mixture(parts):
    """Equal numbers of configurations from each of `parts`, a list of [n_k, L, L] → [Σ, L, L]."""
    n = min(map(len, parts))
    return np.concatenate([part[:n] for part in parts])
