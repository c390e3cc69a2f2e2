"""Coupling from the past of the random-cluster model: perfect samples of any L and T, without any thermalisation.

Bonds are open or closed with weight p^(open) (1 − p)^(closed) 2^(clusters), p = 1 − e^{−2/T}; a random sign for each
cluster makes an Ising configuration (Fortuin & Kasteleyn 1972; Edwards & Sokal, PRD 38, 2009).  The heat bath opens a
bond with probability p if other bonds connect its ends and with p/(2 − p) if not, so a chain with more open bonds
keeps more open bonds.  Propp & Wilson, Random Struct. Algorithms 9, 223 (1996): two chains start a time t ago, one
with all bonds closed and one with all bonds open.  If they are the same now, they are the state of a chain started in
the infinite past.  If not, they start again, a time 2t ago.

The random numbers of a time must be the same in every attempt, and no attempt may be given up: otherwise states that
are reached soon would be favoured.  Numbers are counter-based, keyed by configuration, time and bond.

One byte a site holds both chains: bit d is set if the bond in direction d (right, down, left, up) is open in the lower
chain, which started closed, and bit d + 4 if it is open in the upper chain.
"""

import math
from typing import NamedTuple

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import philox_row
from rbmrg.lattice import TC
from rbmrg.rng import kernel_seed
from rbmrg.sampling.cluster import bond_probability

SIZES = range(2, 2**15)
AT_ONCE = 2**18  # spins
LOWER, BOTH = 0x01, 0x11  # a bond in direction 0, by chain; every bond of the lower chain is one of the upper chain


class Thresholds(NamedTuple):
    """A bond opens if a 32-bit number is below these: between different clusters, and within one."""

    low: np.uint64  # 2^32 p/(2 − p)
    high: np.uint64  # 2^32 p


class Workspace(NamedTuple):
    """The lattice, the bonds of both chains, and room to work in."""

    near: np.ndarray  # int32 [4 N]: the neighbours of each site to the right, down, left and up
    links: np.ndarray  # uint8 [N]: the bonds of each site
    words: np.ndarray  # uint32 [≥ 2 L]: the random numbers of a row
    work: np.ndarray  # int32 [3 (N + 4)]: the marks of a search and its two queues


def sampler(L, T, rng):
    """`draw(n)`: the next n independent and exact configurations, int8 ±1 [n, L, L], T ≥ 0 including 0 and inf.

    Configuration k depends on `rng`, L, T and k only, however many are drawn at once.  The time it takes is random.
    """
    seed = kernel_seed(np.random.default_rng(rng))
    drawn = 0

    def draw(n):
        nonlocal drawn
        configurations = np.empty((n, L * L), np.int8)
        fill_configurations(L, thresholds(T), seed, drawn, first_span(L, T), configurations)
        drawn += n
        return configurations.reshape(n, L, L)

    return draw


def schedule(L, T):
    """No sweeps before the first configuration and between two: (0, 0)."""
    return 0, 0


def thresholds(T):
    """The `Thresholds` at temperature T."""
    p = bond_probability(T)
    return Thresholds(np.uint64(round(p / (2 - p) * 2**32)), np.uint64(round(p * 2**32)))


def first_span(L, T):
    """Sweeps of the first attempt: they change the time it takes, not the result."""
    return 1 + math.floor(2 * math.sqrt(1 / max(abs(1 - T / TC), 1 / L)))  # never 0, which would double to 0


@njit
def fill_configurations(L, limits, seed, first, span, configurations):
    """Fill `configurations` (int8 [n, N]), starting with number `first`; each first attempt has `span` sweeps."""
    space = workspace(L)
    for k in range(configurations.shape[0]):
        sweeps = span
        while not coalesce(L, limits, seed, first + k, sweeps, space):
            sweeps *= 2
        set_signs(L, seed, first + k, space, configurations[k])


@njit
def workspace(L):
    """A `Workspace` with the neighbours of an L × L lattice; the rest is not set."""
    near = np.empty(4 * L * L, np.int32)
    for y in range(L):
        for x in range(L):
            site = 4 * (y * L + x)
            near[site] = y * L + (x + 1) % L
            near[site + 1] = (y + 1) % L * L + x
            near[site + 2] = y * L + (x - 1) % L
            near[site + 3] = (y - 1) % L * L + x
    words = np.empty((2 * L + 3) // 4 * 4, np.uint32)
    return Workspace(near, np.empty(L * L, np.uint8), words, np.empty(3 * (L * L + 4), np.int32))


@njit
def coalesce(L, limits, seed, stream, sweeps, space):
    """Run both chains from `sweeps` sweeps ago until now with the numbers of `stream`; whether they are the same now.

    `limits` are the `Thresholds`; afterwards `space.links` holds the open bonds.
    """
    links = space.links
    for site in range(links.size):
        links[site] = 0xF0
    for time in range(sweeps, 0, -1):
        sweep(L, limits, seed, stream, time, space)
    difference = 0
    for site in range(links.size):
        difference |= differing(links[site])
    return difference == 0


@njit
def sweep(L, limits, seed, stream, time, space):
    """Update all bonds with the numbers of `time`, row by row; the other arguments are those of `coalesce`."""
    near, links, words, work = space
    low, high = limits
    mark = 0
    for site in range(links.size):
        work[site] = 0
    for y in range(L):
        philox_row(seed, stream, time, y, words)
        for x in range(L):
            site = y * L + x
            for direction in range(2):
                word = np.uint64(words[2 * x + direction])
                other = near[4 * site + direction]
                state = BOTH if word < low else 0
                set_bond(links, site, other, direction, state)
                if (word >= low) & (word < high):
                    mark += 4
                    set_bond(links, site, other, direction, connection(links, near, work, site, other, mark))


@njit(inline="always")
def set_bond(links, site, other, direction, state):
    """Open a bond in the chains of `state`, and close it in the others."""
    links[site] = (links[site] & ~(BOTH << direction)) | (state << direction)
    links[other] = (links[other] & ~(BOTH << (direction + 2))) | (state << (direction + 2))


@njit(inline="always")
def differing(link):
    """Whether the chains differ in a bond of this site, as an integer."""
    return (link ^ (link >> 4)) & 15


@njit
def connection(links, near, work, site, other, mark):
    """The chains in which two sites are connected: BOTH, BOTH − LOWER, or 0.  It uses the four marks up to `mark`.

    If the search has seen all of one site's cluster in the lower chain, and the chains do not differ there, the upper
    chain has the same cluster.
    """
    connected, differ = search(links, near, work, site, other, mark - 3, np.int64(0))
    if connected:
        return BOTH
    if differ:
        connected, _ = search(links, near, work, site, other, mark - 1, np.int64(4))
        if connected:
            return BOTH - LOWER
    return 0


@njit
def search(links, near, work, site, other, mark, chain):
    """Whether the bonds at bit `chain` and above connect two sites; if not, whether the chains differ in the cluster.

    Both clusters are searched breadth first, one site of each in turn, so the smaller one ends the search.  `work`
    holds the marks of sites and two queues.  No bond has a branch of its own: half of them would be mispredicted.
    """
    head = links.size + 4
    other_head = 2 * links.size + 8
    tail = head + 1
    other_tail = other_head + 1
    other_mark = mark + 1
    differ = 0
    other_differ = 0
    work[site] = mark
    work[other] = other_mark
    work[head] = site
    work[other_head] = other
    while head < tail:
        here = np.int64(work[head])
        head += 1
        link = np.int64(links[here])
        met = 0
        differ |= differing(link)
        for direction in range(4):
            there = near[4 * here + direction]
            found = work[there]
            is_open = (link >> (chain + direction)) & 1
            met |= is_open & np.int64(found == other_mark)
            joins = is_open & np.int64(found != mark)
            work[there] = found + (mark - found) * joins
            work[tail] = there
            tail += joins
        if met:
            return True, 0
        head, other_head, tail, other_tail = other_head, head, other_tail, tail
        mark, other_mark = other_mark, mark
        differ, other_differ = other_differ, differ
    return False, differ


@njit
def set_signs(L, seed, stream, space, spins):
    """Give each cluster of open bonds a random sign in `spins` (int8 [N]), with the numbers of time 0."""
    near, links, words, work = space
    for site in range(spins.size):
        spins[site] = 0
    for y in range(L):
        philox_row(seed, stream, 0, y, words)
        for x in range(L):
            if spins[y * L + x] == 0:
                fill(near, links, work, y * L + x, 1 if words[x] & 1 else -1, spins)


@njit
def fill(near, links, work, site, sign, spins):
    """Give the spin `sign` to all sites of the cluster of `site`; their spins are 0 before."""
    spins[site] = sign
    work[0] = site
    head = 0
    tail = 1
    while head < tail:
        here = work[head]
        head += 1
        for direction in range(4):
            there = near[4 * here + direction]
            if (links[here] >> direction) & 1 and spins[there] == 0:
                spins[there] = sign
                work[tail] = there
                tail += 1
