"""Couplings of pairs as Fourier coefficients of −F over independent fair spins: a second opinion, bond by bond.

J_ij = ¼ Σ_a ⟨f(++) − f(+−) − f(−+) + f(−−)⟩ with f = ln 2cosh of the field of hidden unit a: Decelle, Navas Gómez &
Seoane, arXiv:2309.02292.  It weighs all configurations alike, not as the Ising model does, and knows no neighbours.
"""

import numpy as np

from rbmrg import operators
from rbmrg.rbm.closed_forms import lattice_weights, sublattice
from rbmrg.stats import mean_error

SPINS = 100  # configurations of fair spins
BONDS = 200  # of each orientation, at random if there are more


def pairs(machine, L, name, rng):
    """Pair couplings of an operator of two spins on the L × L lattice of `machine`: (mean, error, scatter) over bonds.

    `scatter` is the standard deviation of bonds beyond the noise of fair spins.  The error is that of the mean over
    fair spins, and over the bonds that are drawn if these are not all.
    """
    rng = np.random.default_rng(rng)
    W = lattice_weights(machine, L).astype(float)
    sites = np.arange(L * L) if len(machine.W) == L * L else np.flatnonzero(sublattice(L))
    spins = rng.choice(np.array([-1.0, 1.0]), (SPINS, L * L))
    fields = spins @ W + machine.hidden_bias
    found = []
    for _, shift in map(_sorted, operators.images(name)):
        starts = sites if len(sites) <= BONDS else rng.choice(sites, BONDS, replace=False)
        found.append(_couplings(W, spins, fields, starts, _moved(starts, shift, L)))
    J = np.concatenate(found, axis=1)
    mean, error = mean_error(J.mean(axis=1))
    noise = (J.var(axis=0, ddof=1) / SPINS).mean()
    scatter = np.sqrt(max(J.mean(axis=0).var() - noise, 0.0))
    left_out = 1 - len(starts) / len(sites)
    return float(mean), float(np.hypot(error, scatter * np.sqrt(left_out / J.shape[1]))), float(scatter)


def _couplings(W, spins, fields, one, other):
    """¼ Σ_a […] for each configuration of fair spins and each pair of sites, [spins, pairs].

    f(B + a) + f(B − a) = ln(2 cosh 2B + 2 cosh 2a), where B is the field of all other spins.
    """
    total = np.empty((len(spins), len(one)))
    for k, (i, j) in enumerate(zip(one, other, strict=True)):
        rest = fields - np.outer(spins[:, i], W[i]) - np.outer(spins[:, j], W[j])
        away = np.exp(-2 * np.abs(rest))
        sech = 2 * away / (1 + away**2)
        same = 1 + np.cosh(2 * (W[i] + W[j])) * sech
        total[:, k] = np.log(same / (1 + np.cosh(2 * (W[i] - W[j])) * sech)).sum(axis=1) / 4
    return total


def _sorted(shape):
    """The first of the two sites of a shape, and the way (y, x) to the other."""
    (y, x), (v, u) = shape
    return (y, x), (v - y, u - x)


def _moved(sites, shift, L):
    """The numbers of the sites that are `shift` (y, x) away from `sites`."""
    y, x = np.divmod(sites, L)
    return (y + shift[0]) % L * L + (x + shift[1]) % L
