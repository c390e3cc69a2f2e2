"""What is learned from and what is tested on: the last fifth of every set of configurations is never trained on.

And what is learned from by the controls: configurations with their sites rearranged, which takes from them, one after
the other, their lattice, their correlations and the exact magnetisation of each.
"""

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


def permutation(L, rng):
    """A permutation of the L² sites, [L²]."""
    return rng.permutation(L * L)


def rearranged(spins, sites, permutation, rng):
    """`spins` [n, L, L] with their sites as the name `sites` says:

    * lattice: as they are;
    * permuted: all by the same `permutation` [L²], which loses nothing that a machine without a lattice could see;
    * shuffled: each configuration by its own, which keeps no correlation but that of a common magnetisation;
    * independent: coins with the magnetisation of their configuration.
    """
    flat = spins.reshape(len(spins), -1)
    if sites == "permuted":
        flat = flat[:, permutation]
    elif sites == "shuffled":
        flat = rng.permuted(flat, axis=1)
    elif sites == "independent":
        up = (1 + flat.mean(axis=1, keepdims=True)) / 2
        flat = np.where(rng.random(flat.shape) < up, 1, -1).astype(spins.dtype)
    return flat.reshape(spins.shape)
