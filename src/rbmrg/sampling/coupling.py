"""Perfect samples of any L and T by coupling from the past of the random-cluster model, without any thermalisation.

Bonds are open or closed with weight p^(open) (1 − p)^(closed) 2^(clusters), p = 1 − e^{−2/T}; a random sign for each
cluster makes an Ising configuration (Fortuin & Kasteleyn 1972; Edwards & Sokal, PRD 38, 2009).  The heat bath opens a
bond with probability p if its ends are connected otherwise, with p/(2 − p) if they are not, so more open bonds remain
more open bonds.  Propp & Wilson, Random Struct. Algorithms 9, 223 (1996): if the chains that start from all bonds
closed and from all open, a time t ago, are the same by now, this is what a chain from for ever ago would have come to.
If they are not, they start a time 2t ago.

The random numbers of a time must be the same in every attempt, and no attempt may be given up: either would favour
what is soon reached.  Numbers are counter-based, named by configuration, time and bond.

Both chains are in one byte a site: bit d says that the bond in direction d (right, down, left, up) is open in the
lower chain, which started closed, bit d + 4 in the upper chain.
"""

import math

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import philox_row
from rbmrg.lattice import TC
from rbmrg.rng import kernel_seed
from rbmrg.sampling.cluster import bond_probability

SIZES = range(2, 2**15)
AT_ONCE = 2**18  # spins
LOWER, BOTH = 0x01, 0x11  # a bond in direction 0, by chain; the lower chain never has a bond the upper has not


def sampler(L, T, rng):
    """`draw(n)`: the next n independent and exact configurations, int8 ±1 [n, L, L], T ≥ 0 including 0 and inf.

    Configuration k depends on `rng`, L, T and k only, however many are drawn at once.  The time it takes is random.
    """
    seed, drawn = kernel_seed(np.random.default_rng(rng)), 0

    def draw(n):
        nonlocal drawn
        configurations = np.empty((n, L * L), np.int8)
        fill_configurations(L, *thresholds(T), seed, drawn, first_span(L, T), configurations)
        drawn += n
        return configurations.reshape(n, L, L)

    return draw


def schedule(L, T):
    """No sweeps before the first configuration and between two: (0, 0)."""
    return 0, 0


def thresholds(T):
    """2^32 p/(2 − p) and 2^32 p, rounded to uint64."""
    p = bond_probability(T)
    return np.uint64(round(p / (2 - p) * 2**32)), np.uint64(round(p * 2**32))


def first_span(L, T):
    """Sweeps of the first attempt: the choice changes the time it takes, not what comes out."""
    return 1 + math.floor(2 * math.sqrt(1 / max(abs(1 - T / TC), 1 / L)))  # never 0, which would double to 0


@njit
def fill_configurations(L, low, high, seed, first, span, configurations):
    """Fill `configurations` (int8 [n, N]) with those from number `first` on; first attempts have `span` sweeps."""
    near, links, words, work = workspace(L)
    for k in range(configurations.shape[0]):
        sweeps = span
        while not coalesce(L, low, high, seed, first + k, sweeps, near, links, words, work):
            sweeps *= 2
        set_signs(L, seed, first + k, near, links, words, work, configurations[k])


@njit
def workspace(L):
    """The neighbours of each site to the right, down, left and up (int32 [4 N]); room for bonds, words and searches."""
    near = np.empty(4 * L * L, np.int32)
    for y in range(L):
        for x in range(L):
            site = 4 * (y * L + x)
            near[site], near[site + 1] = y * L + (x + 1) % L, (y + 1) % L * L + x
            near[site + 2], near[site + 3] = y * L + (x - 1) % L, (y - 1) % L * L + x
    words = np.empty((2 * L + 3) // 4 * 4, np.uint32)
    return near, np.empty(L * L, np.uint8), words, np.empty(3 * (L * L + 4), np.int32)


@njit
def coalesce(L, low, high, seed, stream, sweeps, near, links, words, work):
    """Run both chains from `sweeps` sweeps ago until now, the numbers being those of `stream`; are they the same now?

    `low` and `high` are the `thresholds` (uint64); `near`, `links`, `words` and `work` the `workspace`: `links` (uint8
    [N]) has the open bonds afterwards.
    """
    for site in range(links.size):
        links[site] = 0xF0
    for time in range(sweeps, 0, -1):
        sweep(L, low, high, seed, stream, time, near, links, words, work)
    difference = 0
    for site in range(links.size):
        difference |= differing(links[site])
    return difference == 0


@njit
def sweep(L, low, high, seed, stream, time, near, links, words, work):
    """Update all bonds with the numbers of `time`, row by row; the arguments are those of `coalesce`."""
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
    """The chains in which two sites are connected: BOTH, BOTH less LOWER, or 0.  Marks up to `mark` are used up.

    If one site's cluster of the lower chain has been seen in full, and the chains do not differ there, it is the
    cluster of the upper chain too.
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
    """Are two sites connected by the bonds at bit `chain` on?  And do the chains differ in the cluster seen, if not?

    Breadth first from both, one site of each in turn, so the smaller cluster ends it.  `work` has the marks of sites
    and two queues.  There is no branch for a single bond: each would be guessed wrong every other time.
    """
    head, other_head = links.size + 4, 2 * links.size + 8
    tail, other_tail = head + 1, other_head + 1
    other_mark, differ = mark + 1, 0
    other_differ = 0
    work[site], work[other] = mark, other_mark
    work[head], work[other_head] = site, other
    while head < tail:
        here = np.int64(work[head])
        head += 1
        link, met = np.int64(links[here]), 0
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
        mark, other_mark, differ, other_differ = other_mark, mark, other_differ, differ
    return False, differ


@njit
def set_signs(L, seed, stream, near, links, words, work, spins):
    """Give each cluster of open bonds a random sign, to `spins` (int8 [N]).  The numbers are those of time 0."""
    for site in range(spins.size):
        spins[site] = 0
    for y in range(L):
        philox_row(seed, stream, 0, y, words)
        for x in range(L):
            if spins[y * L + x] == 0:
                fill(near, links, work, y * L + x, 1 if words[x] & 1 else -1, spins)


@njit
def fill(near, links, work, site, sign, spins):
    """Give all sites of the cluster of `site`, which have the spin 0, the spin `sign`."""
    spins[site], work[0], head, tail = sign, site, 0, 1
    while head < tail:
        here = work[head]
        head += 1
        for direction in range(4):
            there = near[4 * here + direction]
            if (links[here] >> direction) & 1 and spins[there] == 0:
                spins[there], work[tail] = sign, there
                tail += 1
