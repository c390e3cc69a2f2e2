"""Perfect starts, each followed by a Wolff chain: exactly the Boltzmann distribution, near the cost of Wolff.

Configurations k with the same k // PER_START belong to one chain, `wolff.thinning(L, T)` sweeps (≥ 10 τ) apart;
those of different chains are independent.
"""

import numpy as np

from rbmrg.sampling import coupling, wolff

SIZES = range(2, 2**15)
AT_ONCE = 2**20  # spins
PER_START = 64  # configurations of each perfect start


def sampler(L, T, rng):
    """`draw(n)`: the next n configurations, int8 ±1 [n, L, L], T ≥ 0 including 0 and inf."""
    rng = np.random.default_rng(rng)
    starts = coupling.sampler(L, T, rng)
    follow, _, _ = wolff.chain(L, T, rng)
    spins = None
    drawn = 0

    def draw(n):
        nonlocal spins, drawn
        configurations = np.empty((n, L, L), np.int8)
        done = 0
        while done < n:
            if drawn % PER_START == 0:
                configurations[done] = starts(1)[0]
                spins = configurations[done].reshape(-1).copy()
                count = 1
            else:
                count = min(PER_START - drawn % PER_START, n - done)
                configurations[done : done + count] = follow(spins, count)
            done += count
            drawn += count
        return configurations

    return draw


def schedule(L, T):
    """Sweeps before the first configuration, and between two of a chain."""
    return 0, wolff.thinning(L, T)
