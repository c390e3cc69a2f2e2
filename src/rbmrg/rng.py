"""Random streams: one root seed, and a key that says what the numbers are for.

Every stage, lattice size, temperature and replica draws from its own stream of numpy's `SeedSequence`, so its numbers
do not depend on which other streams exist, on the order of jobs or on the number of cores.
"""

import hashlib

import numpy as np

# Append only: changing an identifier would change every published number of its stage.
STAGES = {
    "sample": 1,
    "train": 2,
    "flow": 3,
    "coarse_grain": 4,
    "thermometer": 5,
    "likelihood": 6,
    "map": 7,
    "train_layer": 8,
    "sites": 9,
    "course": 10,
    "equilibrium": 11,
    "spectrum": 12,
    "calibrate": 13,
    "trial": 14,
    "couplings": 16,
    "replicas": 17,
    "renormalise": 18,
    "test": 99,
}


def _word(part):
    """A part of a key as a non-negative integer; text and temperatures ('2.269185') by their digest."""
    if isinstance(part, (int, np.integer)):
        return int(part)
    return int.from_bytes(hashlib.sha256(str(part).encode()).digest()[:8], "little")


def stream(stage, seed, *key):
    """An independent `numpy.random.Generator` for `stage`, named by `key`: integers and strings, in a fixed order.

    Raises KeyError for a stage that is not in `STAGES`.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STAGES[stage], *map(_word, key))))


def kernel_seed(rng):
    """64 random bits from `rng`, a Generator, as the key of the counter-based generators of `rbmrg.kernel_rng`."""
    return np.uint64(rng.integers(2**64, dtype=np.uint64))
