"""Metropolis Monte Carlo for even L, 64 replicas a word: bit b of word w of a site is its spin in replica 64 w + b.

Zorn, Herrmann & Rebbi, Comput. Phys. Commun. 23, 337 (1981).  One colour of the checkerboard is updated at a time, and
each replica of each site has random bits of its own.  A spin flips with probability q min(1, e^{−ΔE/T}).  q is 1/2 at
high T and in the first sweep of each configuration, and 1 otherwise: with q = 1 alone, states with ΔE = 0 everywhere
(rows of alternating sign) would turn into each other for ever and would never be reached from others.

The cost of an update is that of its random words.  SFC64 (C. Doty-Humphrey, PractRand; also numpy's) needs only shifts,
sums and a rotation by whole bytes, which vectorise.  `BITS` words make masks whose bits are set with probability p,
rounded down to `BITS` binary places.  The missing probability, < 2^−BITS, is added as single bits at geometrically
distributed distances.
"""

import itertools
import math
from typing import NamedTuple

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import GOLDEN, splitmix64
from rbmrg.lattice import TC
from rbmrg.rng import kernel_seed

SIZES = range(2, 2**15, 2)
AT_ONCE = 2**20  # spins
THERMALISATION = 2  # configurations of each replica thrown away at the start, and each is ≥ 10 τ from the one before
LAZY_ABOVE = 7.0  # the temperature above which q = 1/2 decorrelates faster
BITS = 12  # at 11 the single bits cost more than the words saved, at 13 the words more
LANES = 128  # generators side by side: one for each word of a row (of one colour) if L ≤ 256
FREE, FOUR, EIGHT = 3 * LANES, 4 * LANES, 5 * LANES  # where in `lanes` the masks for ΔE ≤ 0, 4 and 8 are


class Acceptance(NamedTuple):
    """The probabilities q min(1, e^{−ΔE/T}), with q = 1 or 1/2, as the masks need them; see `digits`."""

    always: np.uint64  # added to a fair mask for ΔE ≤ 0: all bits if q = 1, none if q = 1/2
    four: np.uint64  # for ΔE = 4
    four_scale: float
    eight: np.uint64  # for ΔE = 8
    eight_scale: float


def sampler(L, T, rng, thin=None):
    """`draw(n)`: the next n nearly independent configurations, int8 ±1 [n, L, L], even L, T ≥ 0 including 0 and inf.

    They are `thin` sweeps apart (default: `thinning(L, T)`).  Configuration k depends on `rng`, L, T, `thin` and k
    only, and comes from replica k mod replicas(L): all replicas are updated, however few configurations are wanted.
    """
    source = emissions(L, T, rng, thin)
    left = ()

    def draw(n):
        nonlocal left
        configurations = np.empty((n, L, L), np.int8)
        done = 0
        while done < n:
            left = left if len(left) else next(source)
            batch = left[: n - done]
            left = left[n - done :]
            configurations[done : done + len(batch)] = batch
            done += len(batch)
        return configurations

    return draw


def schedule(L, T):
    """Sweeps before the first configuration, and between two."""
    return (THERMALISATION + 1) * thinning(L, T), thinning(L, T)


def replicas(L):
    """The number of replicas: 64 in each word of a site, and as many words as fill the LANES."""
    return 64 * max(1, 2 * LANES // L)


def emissions(L, T, rng, thin=None, first=0.5):
    """Yield without end the next configuration of every replica: int8 ±1 [replicas(L), L, L], reused each time.

    `first` is the q of the first sweep of each configuration.

    A fair coin decides whether a configuration is flipped.  So only quantities that are even under a flip have to
    equilibrate, which they do from the ordered start at any T, and both ground states appear at T = 0.
    """
    rng = np.random.default_rng(rng)
    words = replicas(L) // 64
    thin = thinning(L, T) if thin is None else thin
    lazy = acceptance(T, first)
    usual = acceptance(T, 0.5 if T > LAZY_ABOVE else 1.0)
    spins = np.zeros((2, L, (L // 2 + 2) * words), np.uint64)
    lanes = rng.integers(2**64, size=6 * LANES, dtype=np.uint64)
    clock = np.array([1, kernel_seed(rng)], np.uint64)
    batch = np.empty((replicas(L), L, L), np.int8)
    for k in itertools.count(-THERMALISATION):
        run(spins, words, lanes, clock, 1, lazy)
        run(spins, words, lanes, clock, thin - 1, usual)
        if k >= 0:
            unpack(spins, words, clock, batch)
            yield batch


def thinning(L, T):
    """Sweeps from one emitted configuration to the next: ≥ 10 integrated autocorrelation times τ of E and of m².

    τ ≤ 1 + 0.025 ℓ^2.17 sweeps, with ℓ = min(L, 1/|1 − T/Tc|) below Tc, min(L, 2/|1 − T/Tc|) above, as the correlation
    length is.  Measured with this code, τ of m² (of E: the same up to L = 4, half as much at L = 64): at Tc 1.26(2),
    2.73(4), 9.23(16), 39.0(8), 159(4), 702(22) for L = 4, 8, 16, 32, 64, 128; for L = 64: 7.2(3) at T = 2.1, 38(3) at
    2.2, 135(7) at 2.25, 153(4) at 2.3, 78(2) at 2.35, 13.3(4) at 2.5; for L = 32: 0.52(1) at T = 1, 0.76(1) at 1.5,
    2.75(6) at 2, 22.4(8) at 2.2, 39.3(6) at 2.3, 10.6(5) at 2.5, 1.89(4) at 3, 0.83(1) at 4, 0.74(1) at 6, and with
    q = 1/2: 2.11(5) at 4, 0.65(1) at 10, 0.51(1) at 100.  A sweep with q = 1/2 counts as one sweep.
    """
    distance = max(abs(1 - T / TC), 1e-9)
    return math.ceil(10 * (1 + 0.025 * min(L, (2 if T > TC else 1) / distance) ** 2.17))


def acceptance(T, q):
    """The `Acceptance` at temperature T for q = 1 or 1/2."""
    p = math.exp(-4 / T) if T > 0 else 0.0
    return Acceptance(np.uint64(2**64 - 1 if q == 1 else 0), *digits(q * p), *digits(q * p * p))


def digits(p):
    """(J, 1/ln(1 − ε)) with p < 1 rounded down to J/2^BITS, and p = 1 − (1 − J/2^BITS)(1 − ε)."""
    J = int(p * 2**BITS)
    missing = (p * 2**BITS - J) / (2**BITS - J)
    return np.uint64(J), 1 / math.log1p(-missing) if missing > 0 else -math.inf


@njit
def run(spins, words, lanes, clock, sweeps, acceptance):
    """Update all spins `sweeps` times, with an `Acceptance`.

    `spins` (uint64 [2, L, (L/2 + 2) words]): by colour and row, the sites with y + x of that parity, with a copy of
    the last before the first and a copy of the first after the last.  `lanes` (uint64 [6 LANES]): the states of the
    generators, then the masks.  `clock` (uint64 [2]): the counter of SFC64 and the position of SplitMix64.
    """
    L = spins.shape[1]
    end = spins.shape[2] - words
    due = np.empty(2, np.int64)
    for _ in range(sweeps):
        due[0] = skip(clock, acceptance.four_scale)
        due[1] = skip(clock, acceptance.eight_scale)
        for colour in range(2):
            own = spins[colour]
            other = spins[1 - colour]
            for y in range(L):
                above = y - 1 if y > 0 else L - 1
                below = y + 1 if y + 1 < L else 0
                shift = words if (y + colour) & 1 else -words
                for begin in range(words, end, LANES):
                    draw_masks(lanes, clock, due, acceptance)
                    stop = min(begin + LANES, end)
                    near = other[y, begin + shift : stop + shift]
                    columns = slice(begin, stop)
                    flip(own[y, columns], other[above, columns], other[below, columns], other[y, columns], near, lanes)
                for w in range(words):
                    own[y, w], own[y, end + w] = own[y, end - words + w], own[y, words + w]


@njit
def draw_masks(lanes, clock, due, acceptance):
    """Draw masks for the next LANES words; `due` (int64 [2]) counts the bits from here to the next rare ones."""
    draw_digits(lanes, clock[0], acceptance.always, acceptance.four, acceptance.eight)
    clock[0] += np.uint64(BITS)
    due[0] = add_rare(lanes, FOUR, clock, acceptance.four_scale, due[0])
    due[1] = add_rare(lanes, EIGHT, clock, acceptance.eight_scale, due[1])


@njit
def draw_digits(lanes, counter, always, four, eight):
    """Draw masks of probabilities 1/2 (or 1, if `always` has all bits set), four/2^BITS and eight/2^BITS.

    Each digit of p, from the last to the first, turns p into p/2 (mask and word) or (1 + p)/2 (mask or not word).  The
    latter is ¬(¬mask and word); two successive complements cancel, which leaves those of p's Gray code.
    """
    one = np.uint64(1)
    four_gray = four ^ (four >> one)
    eight_gray = eight ^ (eight >> one)
    for i in range(LANES):
        a = lanes[i]
        b = lanes[LANES + i]
        c = lanes[2 * LANES + i]
        word = np.uint64(0)
        four_mask = -(four & one)
        eight_mask = -(eight & one)
        for bit in range(BITS):
            word = a + b + (counter + np.uint64(bit))
            a = b ^ (b >> np.uint64(11))
            b = c + (c << np.uint64(3))
            c = ((c << np.uint64(24)) | (c >> np.uint64(40))) + word
            four_mask = (four_mask & word) ^ -((four_gray >> np.uint64(bit)) & one)
            eight_mask = (eight_mask & word) ^ -((eight_gray >> np.uint64(bit)) & one)
        lanes[i] = a
        lanes[LANES + i] = b
        lanes[2 * LANES + i] = c
        lanes[FREE + i] = word | always
        lanes[FOUR + i] = four_mask
        lanes[EIGHT + i] = eight_mask


@njit(inline="always")
def add_rare(lanes, mask, clock, scale, due):
    """Set single bits in the mask that begins at `lanes[mask]`, the first at `due`; the distance to the next one."""
    while due < 64 * LANES:
        lanes[mask + (due >> 6)] |= np.uint64(1) << np.uint64(due & 63)
        due += 1 + skip(clock, scale)
    return due - 64 * LANES


@njit(inline="always")
def skip(clock, scale):
    """The number of bits left out before the next rare one: geometrically distributed, int64."""
    clock[1] += GOLDEN
    uniform = (np.int64(splitmix64(clock[1]) >> np.uint64(12)) + 0.5) * 2.0**-52  # in (0, 1)
    return int(min(math.log(uniform) * scale, 2.0**62))


@njit
def flip(own, above, below, beside, near, lanes):
    """Flip spins of a row by the mask for their number of differing neighbours: two or more, one, none."""
    for i in range(own.size):
        a = own[i] ^ above[i]
        b = own[i] ^ below[i]
        c = own[i] ^ beside[i]
        d = own[i] ^ near[i]
        any_differs = a | b | c | d
        two_differ = (a & b) | (c & d) | ((a | b) & (c | d))
        free = lanes[FREE + i]
        four = lanes[FOUR + i]
        eight = lanes[EIGHT + i]
        costly = eight ^ (any_differs & (four ^ eight))
        own[i] ^= costly ^ (two_differ & (free ^ costly))


@njit
def unpack(spins, words, clock, batch):
    """Spread the words over `batch` (int8 [64 words, L, L]); a fair coin decides whether a replica is flipped."""
    L = batch.shape[1]
    line = np.empty(L, np.uint64)
    for w in range(words):
        clock[1] += GOLDEN
        coins = splitmix64(clock[1])
        for y in range(L):
            for x in range(L):
                line[x] = coins ^ spins[(x + y) & 1, y, (x // 2 + 1) * words + w]
            for bit in range(64):
                row = batch[64 * w + bit, y]
                for x in range(L):
                    row[x] = np.int8(((line[x] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(1)) - np.int8(1)
