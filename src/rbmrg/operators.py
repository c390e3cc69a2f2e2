"""Local operators of Ising spins: products of spins at a few close sites, summed over a lattice and its symmetries.

They span the Hamiltonians −Σ_α K_α S_α in which couplings are measured and the renormalisation group is linearised:
Swendsen, Phys. Rev. Lett. 42, 859 (1979).
"""

from functools import cache

import numpy as np

from rbmrg import arguments

# One copy of each operator, as sites (y, x).  All others are its images under the symmetries of the square.
EVEN = {
    "nn": ((0, 0), (0, 1)),
    "nnn": ((0, 0), (1, 1)),
    "third": ((0, 0), (0, 2)),
    "knight": ((0, 0), (1, 2)),
    "plaquette": ((0, 0), (0, 1), (1, 0), (1, 1)),
    "fifth": ((0, 0), (2, 2)),
    "diamond": ((0, 1), (1, 0), (1, 2), (2, 1)),
    "six": ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)),
}
ODD = {
    "field": ((0, 0),),
    "corner": ((0, 0), (0, 1), (1, 0)),
    "line": ((0, 0), (0, 1), (0, 2)),
    "wedge": ((0, 0), (1, 1), (0, 2)),
}
OPERATORS = EVEN | ODD


@cache
def images(name):
    """The different shapes of an operator in all eight orientations, up to translations: tuples of sites (y, x) ≥ 0."""
    turned = set()
    for sites in (OPERATORS[name], tuple((x, y) for y, x in OPERATORS[name])):
        for sign_y in (1, -1):
            for sign_x in (1, -1):
                turned.add(_at_origin([(sign_y * y, sign_x * x) for y, x in sites]))
    return sorted(turned)


def _at_origin(sites):
    """`sites` moved so that their smallest y and their smallest x are 0, in order."""
    top = min(y for y, _ in sites)
    left = min(x for _, x in sites)
    return tuple(sorted((y - top, x - left) for y, x in sites))


def product(spins, shape):
    """The product of the spins of `shape`, moved to each site, of configurations [..., L, L], in their dtype."""
    factors = (np.roll(spins, (-y, -x), axis=(-2, -1)) for y, x in shape)
    total = next(factors).copy()
    for factor in factors:
        total *= factor
    return total


def density(spins, name):
    """The sum of an operator's images at each site: int8 ±1 [..., L, L] → int8 [..., L, L]; `nn` is two bonds a site.

    On a lattice so small that an image returns to itself (`third` at L = 4) its products count as often as they come.
    """
    total = np.zeros_like(spins)
    for shape in images(name):
        total += product(spins, shape)
    return total


def known(names):
    """`names` as a tuple; ValueError unless they are operators, at least one."""
    names = tuple([names] if isinstance(names, str) else names)
    unknown = [name for name in names if not isinstance(name, str) or name not in OPERATORS]
    if unknown or not names:
        raise ValueError(f"names = {list(names)}: must be one or more of {', '.join(OPERATORS)}")
    return names


def sums(spins, names):
    """S_α of each configuration: ±1 [..., L, L] → int64 [..., operators]; S_nn is minus the energy.

    Raises ValueError for spins that are not ±1 and for names that are not in OPERATORS.
    """
    return add_up(arguments.spins(spins, "[..., L, L]").astype(np.int8, copy=False), known(names))


def add_up(spins, names):
    """`sums` of int8 `spins` that are not checked, and may be 0 where no site is: on a sublattice."""
    return np.stack([density(spins, name).sum(axis=(-2, -1), dtype=np.int64) for name in names], axis=-1)
