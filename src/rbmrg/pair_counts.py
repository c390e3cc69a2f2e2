"""The two-point function of each ±1 configuration of a small lattice, compiled: pairs that differ are counted."""

from functools import cache

import numpy as np

from rbmrg.jit import njit

LARGEST = 16  # L; a Fourier transform takes 5 times as long at L = 10, twice at 16, half as long at 32
LANES = 256  # configurations side by side


def serves(field):
    """Whether `two_point` is for `field`: the values are spins, int8 ±1, and the lattice is small."""
    return field.dtype == np.int8 and field.shape[-1] <= LARGEST


def two_point(field):
    """(1/N) Σ_x f(x) f(x+r) of each configuration: `field`, int8 ±1 [n, L, L] → float64 [n, L, L], r = (y, x)."""
    n, L, _ = field.shape
    partners, place = displacements(L)
    different = np.empty((len(partners), n), np.uint16)
    count_different(np.ascontiguousarray(field).reshape(n, L * L), partners, different)
    return (1 - different.T[:, place] / (L * L / 2)).reshape(n, L, L)


@cache
def displacements(L):
    """For each pair ±r of displacements the site x + r of every x, [pairs, N]; and the number of the pair of each r."""
    y, x = (place.ravel() for place in np.indices((L, L)))
    opposite = -y % L * L + -x % L
    pairs, place = np.unique(np.minimum(np.arange(L * L), opposite), return_inverse=True)
    return (y[pairs, None] + y) % L * L + (x[pairs, None] + x) % L, place


@njit
def count_different(field, partners, different):
    """Put the number of sites x of each row of `field` [n, N] with f(x) ≠ f(x + r) into `different` [pairs, n]."""
    rows, sites = field.shape
    bits = np.empty((sites, LANES), np.uint8)
    for start in range(0, rows, LANES):
        lanes = min(LANES, rows - start)
        for row in range(lanes):
            for site in range(sites):
                bits[site, row] = field[start + row, site] > 0
        for pair in range(partners.shape[0]):
            counts = different[pair, start : start + lanes]
            counts[:] = 0
            for site in range(sites):
                here = bits[site]
                there = bits[partners[pair, site]]
                for row in range(lanes):
                    counts[row] += here[row] ^ there[row]
