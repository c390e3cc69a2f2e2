"""Wolff single-cluster Monte Carlo for any L and T.  Wolff, PRL 62, 361 (1989).

A cluster grows from a random site by binding equal neighbours with probability 1 − e^{−2/T}, and is flipped.

The number of updates between two emitted configurations must not depend on their clusters: a chain that stopped once
enough spins are flipped would stop after a large cluster more often, which is a bias.  So a pilot run measures the mean
size of a cluster and thereby fixes the number, to which a fair coin adds one or nothing: at T = 0 and T = inf each
update flips all spins or one, and after a fixed number of updates the sign, or the parity of the number of up spins,
would never change.
"""

import math

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import GOLDEN, splitmix64
from rbmrg.lattice import TC
from rbmrg.rng import kernel_seed
from rbmrg.sampling.cluster import bond_probability

SIZES = range(2, 2**15)
AT_ONCE = 2**20  # spins
THERMALISATION = 8  # the pilot run starts ordered and flips as many spins as this many configurations; then one more


def sampler(L, T, rng, thin=None):
    """`draw(n)`: the next n nearly independent configurations, int8 ±1 [n, L, L], T ≥ 0 including 0 and inf.

    They are `thin` sweeps apart (default: `thinning(L, T)`); a sweep is as many updates as flip N spins on average.
    """
    follow, spins, _ = chain(L, T, np.random.default_rng(rng), thin)
    follow(spins, 1)
    return lambda n: follow(spins, n)


def chain(L, T, rng, thin=None):
    """(`follow`, spins in equilibrium, updates between two configurations without the one that the coin adds).

    `follow(spins, n)` gives the n configurations int8 ±1 [n, L, L] that follow `spins` (int8 [N], changed in place).
    `rng` is a Generator.
    """
    threshold = np.uint64(round(bond_probability(T) * 2**32))
    thin = thinning(L, T) if thin is None else thin
    equilibrium = np.ones(L * L, np.int8)
    updates = pilot(L, threshold, kernel_seed(rng), thin, THERMALISATION * thin, equilibrium)
    position = kernel_seed(rng)

    def follow(spins, n):
        nonlocal position
        configurations = np.empty((n, L * L), np.int8)
        position = np.uint64(run_chain(L, threshold, position, updates, spins, configurations))
        return configurations.reshape(n, L, L)

    return follow, equilibrium, updates


def schedule(L, T):
    """Sweeps before the first configuration, and between two."""
    return (THERMALISATION + 1) * thinning(L, T), thinning(L, T)


def thinning(L, T):
    """Sweeps from one emitted configuration to the next: ≥ 10 integrated autocorrelation times τ of E and of m².

    τ ≤ 1.1 ℓ^0.25 sweeps, with ℓ = min(L, 1/|1 − T/Tc|).  Measured with this code, on configurations about one sweep
    apart, τ of E (of m²: smaller): at Tc 1.15(1), 1.30(2), 1.58(2), 1.92(3), 2.38(6), 2.90(13), 3.35(18) for L = 4, 8,
    16, 32, 64, 128, 256; for L = 32: 1.00(1) at T = 0.8, 1.23(1) at 1.5, 1.23(2) at 2, 1.59(3) at 2.2, 1.75(4) at 2.35,
    1.07(2) at 2.5, 0.71(1) at 3, 0.57(1) at 5, 0.51(1) at inf; for L = 64: 1.50(3) at 2.2, 2.00(5) at 2.25, 2.45(8) at
    2.29, 1.93(6) at 2.32, 1.67(5) at 2.35, 1.42(4) at 2.38, 1.26(4) at 2.4; for L = 128: 2.73(15) at 2.29, 1.91(11) at
    2.31, 1.81(9) at 2.33.
    """
    distance = max(abs(1 - T / TC), 1 / L)
    return math.ceil(10 * 1.1 * max(1 / distance, 1.0) ** 0.25)


def distance(L, T, updates, sweeps=10_000):
    """Sweeps between two configurations of a chain with `updates` updates between them, or one more half the time.

    The mean size of a cluster is measured in `sweeps` sweeps, which is accurate to about 1 % at Tc.
    """
    threshold = np.uint64(round(bond_probability(T) * 2**32))
    return (updates + 0.5) * sweeps / pilot(L, threshold, np.uint64(1), sweeps, sweeps, np.ones(L * L, np.int8))


@njit
def pilot(L, threshold, position, thin, sweeps, spins):
    """Updates that flip `thin` N spins on average, rounded up, measured while `sweeps` N spins of `spins` are flipped.

    `spins` is int8 [N]; bonds exist where a 32-bit number is below `threshold` (uint64 ≤ 2^32); `position` (uint64) is
    where the sequence of random words begins.
    """
    queue = np.empty(spins.size + 4, np.int32)
    flipped = 0
    updates = 0
    while flipped < sweeps * spins.size:
        size, position = update(spins, L, threshold, position, queue)
        flipped += size
        updates += 1
    return math.ceil(updates * thin * spins.size / flipped)


@njit
def run_chain(L, threshold, position, updates, spins, configurations):
    """Fill `configurations` (int8 [n, N]): each is a copy of `spins` after `updates` more updates, or one more still.

    Returns the position in the sequence of random words.
    """
    queue = np.empty(spins.size + 4, np.int32)
    for k in range(configurations.shape[0]):
        position += GOLDEN
        for _ in range(updates + np.int64(splitmix64(position) >> np.uint64(63))):
            _, position = update(spins, L, threshold, position, queue)
        for site in range(spins.size):
            configurations[k, site] = spins[site]
    return position


@njit
def update(spins, L, threshold, position, queue):
    """Flip one cluster; its size, and the position in the sequence of random words.

    A site is flipped when it enters the `queue` (int32 [N + 4]), which it does only once.
    """
    sites = spins.size
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    reciprocal = np.uint64(2**48 // L + 1)  # site // L = site · reciprocal / 2^48 for L < 2^16
    position += GOLDEN
    seed = np.int64(((splitmix64(position) >> half) * np.uint64(sites)) >> half)
    old = spins[seed]
    spins[seed] = -old
    queue[0] = seed
    head = 0
    tail = 1
    while head < tail:
        site = np.int64(queue[head])
        head += 1
        start = np.int64((np.uint64(site) * reciprocal) >> np.uint64(48)) * L
        right = site + 1 if site + 1 < start + L else start
        left = site - 1 if site > start else start + L - 1
        down = site + L if site + L < sites else site + L - sites
        up = site - L if site >= L else site - L + sites
        horizontal = splitmix64(position + GOLDEN)
        vertical = splitmix64(position + GOLDEN + GOLDEN)
        position += GOLDEN + GOLDEN
        tail = push(spins, old, right, (horizontal & low) < threshold, queue, tail)
        tail = push(spins, old, left, (horizontal >> half) < threshold, queue, tail)
        tail = push(spins, old, down, (vertical & low) < threshold, queue, tail)
        tail = push(spins, old, up, (vertical >> half) < threshold, queue, tail)
    return tail, position


@njit(inline="always")
def push(spins, old, site, bound, queue, tail):
    """Flip and queue `site` if it is `bound` and still has the `old` spin, without a branch; the new queue length."""
    joins = np.int64(bound & (spins[site] == old))
    spins[site] ^= np.int8(-2 * joins)  # 1 and −1 differ in all bits but the last
    queue[tail] = site
    return tail + joins
