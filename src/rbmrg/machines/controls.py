"""Training data of the controls: configurations whose sites are rearranged.

Step by step the controls lose the lattice, the correlations, and the exact magnetisation of each configuration.
"""

import numpy as np


def permutation(L, rng):
    """A random permutation of the L² sites, [L²]."""
    return rng.permutation(L * L)


def rearranged(spins, sites, permutation, rng):
    """`spins`, ±1 [n, L, L], with their sites rearranged as `sites` says:

    * lattice: not at all;
    * permuted: all by the same `permutation` [L²]; nothing is lost that a machine without a lattice could see;
    * shuffled: each configuration by its own permutation; of all correlations only the common magnetisation remains;
    * independent: each site becomes a coin with the magnetisation of its configuration.
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
