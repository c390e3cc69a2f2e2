"""Training and held-out parts: no machine or thermometer is trained on the last fifth of a set of configurations."""

import numpy as np

HELD_OUT = 5  # one configuration in five


def training_part(spins):
    """The first four fifths of `spins` [n, …]."""
    return spins[: len(spins) - len(spins) // HELD_OUT]


def held_out_part(spins):
    """The last fifth of `spins` [n, …]."""
    return spins[len(spins) - len(spins) // HELD_OUT :]


def mixture(parts):
    """Equal numbers of configurations from each of `parts`, a list of [n_k, L, L]: [parts · min n_k, L, L]."""
    n = min(map(len, parts))
    return np.concatenate([part[:n] for part in parts])
