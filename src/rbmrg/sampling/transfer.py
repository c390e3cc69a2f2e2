"""Perfect sampling by transfer matrix: independent configurations of the L × L torus at any T, for L ≤ 12.

A configuration has the weight x^(broken bonds), x = e^{−2/T}.  Rows are words of L bits.  The first row s has
probability (V^L)_ss / tr V^L (V the transfer matrix), the same for all rows related by rotation, reflection or flip.
So one row represents each such class as the first row, the other rows are drawn site by site from their exact
conditional probabilities, and the whole configuration is rotated, reflected and flipped at random in the end.

The conditional probabilities come from summing over the sites in reverse order.  The state between two sites is a
shift register of the last L spins drawn: its highest bit is the upper neighbour of the next site, and its lowest bit
the left neighbour; before the last site of a row, its second highest bit is the first site of that row, which is the
neighbour around the torus.
"""

import math
from functools import cache

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import GOLDEN, splitmix64
from rbmrg.rng import kernel_seed

SIZES = range(2, 13)
AT_ONCE = 2**26  # spins: each draw makes its tables anew
BATCH = 992  # configurations drawn together: their states and the table of one site stay in the first-level cache


def sampler(L, T, rng):
    """`draw(n)`: the next n independent configurations, int8 ±1 [n, L, L], L in SIZES, T ≥ 0 including 0 and inf.

    Configuration k depends on `rng`, L, T and k only, however many are drawn at once.
    """
    seed = kernel_seed(np.random.default_rng(rng))
    drawn = 0

    def draw(n):
        nonlocal drawn
        drawn += n
        return configurations(L, T, n, seed, drawn - n)

    return draw


def schedule(L, T):
    """No sweeps before the first configuration and between two: (0, 0)."""
    return 0, 0


def configurations(L, T, n, seed, first):
    """Configurations number `first` to `first` + n − 1 of the sequence of `seed` (uint64), int8 ±1 [n, L, L]."""
    x = math.exp(-2 / T) if T > 0 else 0.0
    representatives, sizes, mirrored = row_classes(L)
    below = np.empty((L * (L - 1), 2**L))
    nothing = np.empty((0, 2**L))
    log_weights = np.array([sum_over_rows(x, L, row, nothing) for row in representatives])
    cumulative = np.cumsum(sizes * np.exp(log_weights - log_weights.max()))
    cumulative /= cumulative[-1]
    guide = np.searchsorted(cumulative, np.arange(1024) / 1024, side="right")
    starts = np.empty(n, np.uint64)
    classes = np.empty(n, np.uint16)
    draw_classes(seed, first, L, cumulative, guide, starts, classes)
    packed = np.empty((n, -(-L * L // 8)), np.uint8)
    # The work is grouped by class, but a configuration goes to the place where its class was drawn, so they come i.i.d.
    ends = np.cumsum(np.bincount(classes, minlength=sizes.size))
    for row, places in zip(representatives, np.split(np.argsort(classes, kind="stable"), ends[:-1]), strict=True):
        if places.size:
            sum_over_rows(x, L, row, below)
            draw_configurations(x, L, row, places, starts, below, mirrored, packed)
    spins = np.unpackbits(packed, axis=1, count=L * L, bitorder="little").view(np.int8)
    spins *= 2
    spins -= 1
    return spins.reshape(n, L, L)


@cache
def row_classes(L):
    """The smallest row of each class under rotation, reflection and flip; the sizes of classes; all rows mirrored."""
    rows = np.arange(2**L, dtype=np.uint32)
    full = 2**L - 1
    mirrored = sum(((rows >> i) & 1) << (L - 1 - i) for i in range(L)).astype(np.uint32)
    images = [image ^ flip for image in (rows, mirrored) for flip in np.array([0, full], np.uint32)]
    rotations = [((image << k) | (image >> (L - k))) & full for image in images for k in range(L)]
    return *np.unique(np.min(rotations, axis=0), return_counts=True), mirrored


@njit
def sum_over_rows(x, L, first_row, below):
    """Log of the weight of `first_row` (an integer below 2^L), summed over all other rows, up to a common constant.

    Fills `below` ([L(L−1), 2^L], or [0, 2^L] for the weight alone): by site below the first row and by state after it,
    the weight of all sites that follow, up to a constant.
    """
    weights = np.empty(2**L)
    summed = np.empty(2**L)
    power = np.empty(L + 1)
    for broken in range(L + 1):
        power[broken] = x**broken
    for state in range(2**L):
        weights[state] = power[count_bits(state ^ first_row)]
    log_scale = 0.0
    for site in range(L * (L - 1) - 1, -1, -1):
        x_left, x_around = bonds_of(site, x, L)
        sum_over_site(weights, x, x_left, x_around, summed)
        if below.size:
            for state in range(2**L):
                below[site, state] = weights[state]
        weights, summed = summed, weights
        if site % L == 0:
            log_scale += np.log(rescale(weights))
    rotated = (first_row >> 1) | ((first_row & 1) << (L - 1))
    return log_scale + np.log(weights[first_row] * power[count_bits(first_row ^ rotated)])


@njit(inline="always")
def bonds_of(site, x, L):
    """(weight of a broken bond to the left, and around the torus) of a site: 1 where it has none."""
    column = site % L
    return x if column > 0 else 1.0, x if column == L - 1 else 1.0


# Loops are plain here and below: numba takes seconds to compile an array expression and its checks of shapes.
@njit
def rescale(weights):
    """Divide `weights` by the largest of them, which is returned."""
    largest = 0.0
    for weight in weights:
        largest = max(largest, weight)
    for state in range(weights.size):
        weights[state] /= largest
    return largest


@njit(inline="always")
def count_bits(word):
    """The number of ones in a non-negative integer."""
    count = 0
    while word:
        word &= word - 1
        count += 1
    return count


@njit(inline="always")
def row_bonds(weights, rest, x_left, x_around):
    """Weights of spins 0 and 1 after the L − 1 spins `rest`, with the bonds to the left and around the torus."""
    first = rest >= weights.size // 4
    zero = weights[2 * rest] * (x_left if rest & 1 else 1.0) * (x_around if first else 1.0)
    one = weights[2 * rest + 1] * (1.0 if rest & 1 else x_left) * (1.0 if first else x_around)
    return zero, one


@njit
def sum_over_site(weights, x, x_left, x_around, summed):
    """Sum the `weights` of everything after a site, by the state after it, over its spin, by the state before it."""
    half = weights.size // 2
    for rest in range(half):
        zero, one = row_bonds(weights, rest, x_left, x_around)
        summed[rest] = zero + x * one
        summed[half + rest] = x * zero + one


@njit
def flip_thresholds(weights, x, x_left, x_around, thresholds):
    """Thresholds of a site by the state before it: 2^32 P(spin ≠ upper neighbour), rounded; 0 for states of no weight.

    The probability that spins differ is the one that is rounded, so that impossible spins have threshold 0 at T = 0.
    """
    half = weights.size // 2
    for rest in range(half):
        zero, one = row_bonds(weights, rest, x_left, x_around)
        below_zero = zero + x * one
        below_one = x * zero + one
        differ_from_zero = x * one / below_zero if below_zero > 0 else 0.0
        differ_from_one = x * zero / below_one if below_one > 0 else 0.0
        thresholds[rest] = np.uint32(min(differ_from_zero * 2.0**32 + 0.5, 2.0**32 - 1))
        thresholds[half + rest] = np.uint32(min(differ_from_one * 2.0**32 + 0.5, 2.0**32 - 1))


@njit
def some_thresholds(weights, x, x_left, x_around, states, thresholds):
    """Those of `flip_thresholds` for these `states` before the site (uint32 [k]) only, one by one."""
    half = weights.size // 2
    for j in range(states.size):
        zero, one = row_bonds(weights, np.int64(states[j]) % half, x_left, x_around)
        other = x * (zero if states[j] >= half else one)
        total = (one if states[j] >= half else zero) + other
        differ = other / total if total > 0 else 0.0
        thresholds[states[j]] = np.uint32(min(differ * 2.0**32 + 0.5, 2.0**32 - 1))


@njit
def draw_classes(seed, first, L, cumulative, guide, starts, classes):
    """Set the start of each configuration's own section of random words (`starts`, uint64 [n]) and draw its class.

    `first` is the number of the first of these configurations in the sequence.  `guide` (int64) is the lowest class
    that a uniform number can choose in each of the equal intervals of [0, 1) (Chen & Asau, 1974).
    """
    section = np.uint64(2 + (L * (L - 1) + 1) // 2) * GOLDEN
    for k in range(classes.size):
        starts[k] = seed + np.uint64(first + k) * section
        uniform = (splitmix64(starts[k]) >> np.uint64(11)) * 2.0**-53
        chosen = guide[int(uniform * guide.size)]
        while cumulative[chosen] <= uniform:
            chosen += 1
        classes[k] = chosen


@njit
def draw_configurations(x, L, first_row, places, starts, below, mirrored, packed):
    """Draw the configurations at `places` (int64 [k]), in the class of `first_row`, to `packed` (uint8 [n, ⌈N/8⌉]).

    `below` is that of `sum_over_rows`.  A table of thresholds for all states pays if there are many configurations.
    """
    sites, states = below.shape
    few = places.size < states // 2
    thresholds = np.empty((1 if few else sites, states), np.uint32)
    if not few:
        for site in range(sites):
            flip_thresholds(below[site], x, *bonds_of(site, x, L), thresholds[site])
    for begin in range(0, places.size, BATCH):
        batch = places[begin : begin + BATCH]
        start = np.empty(batch.size, np.uint64)
        words = np.empty((2, batch.size), np.uint32)
        rows = np.empty((L, batch.size), np.uint32)
        state = np.empty(batch.size, np.uint32)
        for j in range(batch.size):
            start[j] = starts[batch[j]]
            state[j] = rows[0, j] = first_row
        for site in range(L * (L - 1)):
            if site % 2 == 0:
                fill_words(start, np.uint64(2 + site // 2), words[0], words[1])
            if few:
                some_thresholds(below[site], x, *bonds_of(site, x, L), state, thresholds[0])
            draw_site(words[site % 2], thresholds[0 if few else site], L, state)
            if site % L == L - 1:
                for j in range(batch.size):
                    rows[site // L + 1, j] = state[j]
        fill_words(start, np.uint64(1), words[0], words[1])
        for row in rows:
            transform_row(words[0], words[1], mirrored, np.uint32(L), row)
        pack(rows, batch, packed)


@njit
def fill_words(start, position, low, high):
    """Fill `low` and `high` with the halves of word number `position` of each configuration's section."""
    offset = position * GOLDEN
    for j in range(start.size):
        word = splitmix64(start[j] + offset)
        low[j] = np.uint32(word)
        high[j] = np.uint32(word >> np.uint64(32))


@njit
def draw_site(words, thresholds, L, state):
    """Draw one site of each configuration: its upper neighbour, flipped or not, moves from top to bottom of `state`."""
    one = np.uint64(1)
    top = np.uint64(L - 1)
    full = np.uint64(2**L - 1)
    for j in range(state.size):
        old = np.uint64(state[j])
        # word < threshold, without a branch
        differs = (np.uint64(words[j]) - np.uint64(thresholds[old])) >> np.uint64(63)
        state[j] = np.uint32((((old << one) & full) | (old >> top)) ^ differs)


@njit
def transform_row(low, high, mirrored, L, row):
    """Rotate, reflect and flip a row of each configuration according to the two halves of its random word."""
    full = np.uint32((1 << L) - 1)
    for j in range(row.size):
        bits = mirrored[row[j]] if low[j] & np.uint32(1) else row[j]
        bits ^= full if low[j] & np.uint32(2) else np.uint32(0)
        rotation = np.uint32((np.uint64(high[j]) * np.uint64(L)) >> np.uint64(32))
        row[j] = ((bits << rotation) | (bits >> (L - rotation))) & full


@njit
def pack(rows, batch, packed):
    """Pack the bits of all rows of each configuration of `batch`, row after row, 8 a byte, lowest first."""
    L = np.uint64(rows.shape[0])
    for j in range(batch.size):
        bits = np.uint64(0)
        waiting = np.uint64(0)
        byte = 0
        for row in rows:
            bits |= np.uint64(row[j]) << waiting
            waiting += L
            while waiting >= np.uint64(8):
                packed[batch[j], byte] = np.uint8(bits)
                bits >>= np.uint64(8)
                waiting -= np.uint64(8)
                byte += 1
        if waiting > np.uint64(0):
            packed[batch[j], byte] = np.uint8(bits)
