"""Swendsen–Wang cluster Monte Carlo for any L and T.  Swendsen & Wang, PRL 58, 86 (1987).

Equal neighbours are bound with probability 1 − e^{−2/T}, and a fair coin gives every cluster of bound spins a new
common sign.  Union–find makes the clusters; a root has the lowest index of its cluster, so one raster scan sets all
spins.
"""

import math

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import GOLDEN, splitmix64
from rbmrg.lattice import TC
from rbmrg.rng import kernel_seed

SIZES = range(2, 2**15)
AT_ONCE = 2**20  # spins
THERMALISATION = 4  # configurations thrown away at the start, each ≥ 10 τ after the one before


def sampler(L, T, rng, thin=None):
    """`draw(n)`: the next n nearly independent configurations, int8 ±1 [n, L, L], T ≥ 0 including 0 and inf.

    They are `thin` sweeps apart (default: `thinning(L, T)`).  The chain starts ordered.
    """
    thin = thinning(L, T) if thin is None else thin
    spins = np.ones(L * L, np.int8)
    threshold = np.uint64(round(bond_probability(T) * 2**32))
    position = kernel_seed(np.random.default_rng(rng))

    def draw(n):
        nonlocal position
        configurations = np.empty((n, L * L), np.int8)
        position = np.uint64(run_chain(L, threshold, position, thin, spins, configurations))
        return configurations.reshape(n, L, L)

    draw(THERMALISATION)
    return draw


def schedule(L, T):
    """Sweeps before the first configuration, and between two."""
    return THERMALISATION * thinning(L, T), thinning(L, T)


def bond_probability(T):
    """1 − e^{−2/T}, the probability that two equal neighbours are bound; 1 at T = 0."""
    return -math.expm1(-2 / T) if T > 0 else 1.0


def thinning(L, T):
    """Sweeps from one emitted configuration to the next: ≥ 10 integrated autocorrelation times τ of E and of m².

    τ ≤ 1.4 ℓ^0.32 sweeps, with ℓ = min(L, 1/|1 − T/Tc|) in place of the correlation length.  Measured with this code,
    τ of E (independent: 1/2; τ of m² is about the same below Tc and smaller above): at Tc 2.03(1), 2.58(6), 3.33(8),
    4.04(13), 4.88(26), 6.03(47) for L = 4, 8, 16, 32, 64, 128, and 5.12(28) at T = 2.29 for L = 64; for L = 32: 1.40(3)
    at T = 0.8, 1.69(4) at 1.5, 2.12(5) at 2, 3.41(10) at 2.2, 3.55(11) at 2.35, 2.02(5) at 2.5, 1.23(2) at 3, 0.77(1)
    at 5.  For T → 0, τ → 3/2: a spin that differs from its four neighbours is bound to none and turns back with
    probability 1/2.
    """
    distance = max(abs(1 - T / TC), 1 / L)
    return math.ceil(10 * 1.4 * max(1 / distance, 1.5) ** 0.32)


@njit
def run_chain(L, threshold, position, thin, spins, configurations):
    """Fill `configurations` (int8 [n, N]): each is a copy of `spins` after `thin` more sweeps.

    Bonds exist where a 32-bit number is below `threshold` (uint64 ≤ 2^32).  `position` (uint64) is where the sequence
    of random words begins; returns where it ends.
    """
    parent = np.empty(L * L, np.int32)
    bonds = np.empty(L * L, np.int32)
    for k in range(configurations.shape[0]):
        for _ in range(thin):
            position = bind(spins, L, threshold, position, parent, bonds)
            position = set_signs(spins, parent, position)
        for site in range(spins.size):
            configurations[k, site] = spins[site]
    return position


@njit
def bind(spins, L, threshold, position, parent, bonds):
    """Make the clusters: `parent` (int32 [N]) leads from each site, step by step, to the root of its cluster.

    A row splits into runs of bound sites without a branch; `bonds` (int32 [N]) lists the sites that are bound to the
    one below, which are joined last.
    """
    sites = spins.size
    count = 0
    for start in range(0, sites, L):
        run = start
        for site in range(start, start + L):
            right = site + 1 if site + 1 < start + L else start
            position += GOLDEN
            word = splitmix64(position)
            parent[site] = run
            bonds[count] = site
            count += (spins[site] == spins[below(site, L, sites)]) & ((word & np.uint64(0xFFFFFFFF)) < threshold)
            run = run if (spins[site] == spins[right]) & ((word >> np.uint64(32)) < threshold) else right
        parent[run] = start  # the last run continues around the torus; if it does not, `run` is `start` by now
    for site in bonds[:count]:
        a = root(parent, site)
        b = root(parent, below(site, L, sites))
        parent[max(a, b)] = min(a, b)
    return position


@njit(inline="always")
def below(site, L, sites):
    """The site one row further down."""
    return site + L if site + L < sites else site + L - sites


@njit(inline="always")
def root(parent, site):
    """The root of the cluster of `site`; the search halves the path to it."""
    while parent[site] != site:
        parent[site] = parent[parent[site]]
        site = parent[site]
    return site


@njit
def set_signs(spins, parent, position):
    """Give each cluster a random sign.  A parent comes before its children, so it has its sign when they need it."""
    word = np.uint64(0)
    coins = 0
    for site in range(spins.size):
        if parent[site] != site:
            spins[site] = spins[parent[site]]
            continue
        if coins == 0:
            position += GOLDEN
            word = splitmix64(position)
            coins = 64
        spins[site] = 1 if word & np.uint64(1) else -1
        word >>= np.uint64(1)
        coins -= 1
    return position
