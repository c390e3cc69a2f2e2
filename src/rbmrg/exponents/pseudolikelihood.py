"""Couplings of ±1 configurations, whatever made them: the Hamiltonian of local operators that is most pseudolikely.

Given all others, a spin is what it is with probability σ(2 Σ_α K_α u_α), where u_α sums the products of the images of
operator α that contain the spin (Besag, The Statistician 24, 179, 1975).  Without dynamics or a partition function this
is consistent for the couplings of p ∝ exp Σ_α K_α S_α; for any other p it finds the nearest of that form.
"""

import numpy as np

from rbmrg import arguments, operators
from rbmrg.exponents import couplings
from rbmrg.exponents.coupling_names import OPERATORS
from rbmrg.splits import portions

FEW = OPERATORS
MANY = (*FEW, "fifth", "diamond")  # how far couplings depend on where the list of operators ends
STEPS = 30  # of Newton's method, at most
EXACT = 1e-9  # the largest change of a coupling, at its end
REPLICA_STEPS = 2  # from the couplings of all configurations to those without a block


def of(spins, names=FEW, more=MANY):
    """The couplings of configurations `spins`, int8 ±1 [n, L, L] with n ≥ 20: a DataFrame, a row for each of `names`.

    Columns operator, coupling, error of the jackknife over configurations, and truncation, by how much a coupling
    changes if there are `more` operators; None asks no such question.  The last rows are those of `couplings.table`.
    All are NaN if no couplings are the most likely, as for frozen configurations.  Raises ValueError for fewer
    configurations, for spins that are not ±1, and for unknown names.
    """
    spins = arguments.spins(spins).astype(np.int8, copy=False)
    names = operators.known(names)
    rows = couplings.table(names, fit(spins, names))
    if more is None:
        return rows
    more = operators.known([*more])
    other = couplings.table(more, fit(spins, more)).set_index("operator").coupling
    return rows.assign(truncation=np.abs(rows.coupling - other[rows.operator].to_numpy()))


def fit(spins, names):
    """The most pseudolikely couplings [1 + BLOCKS, operators]: of all configurations, then without each block."""
    u, counts = compressed(spins, names)
    total = counts.sum(axis=0)
    K = _climbed(np.zeros(len(names)), u, total, STEPS)
    if np.abs(_newton(K, u, total)).max() > EXACT:
        return np.full((1 + len(counts), len(names)), np.nan)
    return np.array([K, *(_climbed(K, u, total - block, REPLICA_STEPS) for block in counts)])


def _climbed(K, u, counts, steps):
    """`K` after at most so many of Newton's `steps`."""
    for _ in range(steps):
        step = _newton(K, u, counts)
        K = K + step
        if np.abs(step).max() < EXACT:
            break
    return K


def _newton(K, u, counts):
    """Newton's step for Σ counts ln σ(2 u·K), at most 1 for each coupling."""
    wrong = 1 / (1 + np.exp(np.clip(2 * u @ K, -50, 50)))
    gradient = 2 * (counts * wrong) @ u
    curvature = (u * (4 * counts * wrong * (1 - wrong))[:, None]).T @ u
    return np.clip(np.linalg.pinv(curvature, rcond=1e-12, hermitian=True) @ gradient, -1, 1)


def compressed(spins, names):
    """The different u of all sites, float [rows, operators], and how often they come in each block [BLOCKS, rows]."""
    most = [sum(map(len, operators.images(name))) for name in names]
    radix = np.array(most) + 1  # u is −most, −most + 2, …, most
    size = len(spins) // couplings.BLOCKS
    if size == 0:
        raise ValueError(f"{len(spins)} configurations: must be at least {couplings.BLOCKS}")
    counts = np.zeros((couplings.BLOCKS, np.prod(radix)), np.int64)
    for block in range(couplings.BLOCKS):
        for some in portions(spins[block * size : (block + 1) * size]):
            codes = np.zeros(some.shape, np.int32)
            for name, top in zip(names, most, strict=True):
                codes = codes * (top + 1) + (containing(some, name) + np.int8(top)) // 2
            counts[block] += np.bincount(codes.ravel(), minlength=counts.shape[1])
    seen = np.flatnonzero(counts.any(axis=0))
    digits = np.stack(np.unravel_index(seen, radix), axis=1)
    return (2 * digits - most).astype(float), counts[:, seen]


def containing(spins, name):
    """The sum of the products of an operator's images that contain each site: int8 ±1 [..., L, L] → int8."""
    total = np.zeros_like(spins)
    for shape in operators.images(name):
        here = operators.product(spins, shape)
        for site in shape:
            total += np.roll(here, site, axis=(-2, -1))
    return total
