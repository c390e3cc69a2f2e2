"""Training and held-out parts: no machine or thermometer is trained on the last fifth of a set of configurations."""

import numpy as np

from rbmrg import arguments

HELD_OUT = 5  # one configuration in five
AT_ONCE = 2**21  # spins


def training_part(spins):
    """The first four fifths of `spins` [n, …]."""
    return spins[: len(spins) - len(spins) // HELD_OUT]


def held_out_part(spins):
    """The last fifth of `spins` [n, …]."""
    return spins[len(spins) - len(spins) // HELD_OUT :]


def mixture(parts):
    """Equal numbers of configurations from each of `parts`, a list of [n_k, L, L]: [parts · min n_k, L, L].

    Raises ValueError unless they are lattices of one size.
    """
    parts = [arguments.unread(part, name="parts") for part in parts]
    if len({part.shape[1:] for part in parts}) != 1:
        raise ValueError(f"parts of shapes {[part.shape for part in parts]}: must be lattices of one size")
    n = min(map(len, parts))
    return np.concatenate([part[:n] for part in parts])


def portions(spins):
    """`spins` [n, L, L], an array or a variable of a file, in order as arrays of bounded size."""
    size = max(1, AT_ONCE // (spins.shape[-1] * spins.shape[-2]))
    return (np.asarray(spins[first : first + size]) for first in range(0, len(spins), size))
