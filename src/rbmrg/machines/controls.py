"""Training data of the controls: configurations with their sites rearranged.

This takes from them, one after the other, their lattice, their correlations and the exact magnetisation of each.
"""

import numpy as np


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
