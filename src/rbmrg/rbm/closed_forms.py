"""Machines in closed form, with nothing learned: the Ising model itself, and one that is a renormalization group step.

Every analysis must get them right: they are its positive controls.  Weights are rounded to float32, by 6e-8 of them:
a machine is exactly that of a temperature at most 1.2e-7 T away.
"""

import numpy as np

from rbmrg import exact
from rbmrg.rbm.model import RBM

COLDEST = 1e-30  # float32 weights and their products stay finite


def exact_machine(L, T):
    """The L × L Ising model at 0 < T ≤ ∞ as an RBM with one hidden unit for each of its 2L² bonds and no biases.

    Σ_h e^{wh(s+s')} = 2cosh(w(s + s')) = 2e^K e^{Kss'} if cosh 2w = e^{2K}: F(v) = E(v)/T − 2L²(K + ln 2).
    Raises ValueError unless L ≥ 2 and T ≥ 1e-30.
    """
    _check("exact", L, T, L >= 2, "L ≥ 2")
    twice_K = 2.0 / T
    w = (twice_K + np.log1p(np.sqrt(-np.expm1(-2 * twice_K)))) / 2  # arccosh(e^{2K})/2, also where e^{2K} overflows
    site = np.arange(L * L).reshape(L, L)
    W, bond = np.zeros((L * L, 2 * L * L), np.float32), np.arange(2 * L * L)
    for ends in ((site, site), (np.roll(site, -1, axis=1), np.roll(site, -1, axis=0))):
        W[np.concatenate([end.ravel() for end in ends]), bond] = w
    return RBM(W, np.zeros(L * L), np.zeros(2 * L * L))


def log_partition(L, T):
    """ln Z = ln Z_Ising + 2L²(K + ln 2) of the exact machine: the constant of each bond, see there."""
    return exact.log_partition(L, T) + 2 * L**2 * (1 / T + np.log(2))


def checkerboard_machine(L, T):
    """The L × L Ising model at 0 < T ≤ ∞ as an RBM whose visible and hidden units are its two sublattices, W = K.

    No bond joins sites of one sublattice, so E(v, h) is E/T of the whole lattice, ln Z is `exact.log_partition`, and
    P(v) is decimation by √2.  A step v → h → v is checkerboard heat bath.  At L = 2 two bonds join each pair: W = 2K.
    Units are numbered as by `sublattices`.  Raises ValueError unless L is even and T ≥ 1e-30.
    """
    _check("checkerboard", L, T, L >= 2 and L % 2 == 0, "an even L ≥ 2")
    site, visible = np.arange(L * L).reshape(L, L), sublattice(L).ravel()
    K = np.zeros((L * L, L * L), np.float32)
    for step, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1)):
        K[site.ravel(), np.roll(site, step, axis).ravel()] += 1 / T
    W = K[visible][:, ~visible]
    return RBM(W, np.zeros(len(W)), np.zeros(len(W)))


def sublattice(L):
    """Whether y + x is even: the sites of the visible units, bool [L, L]."""
    return np.add.outer(np.arange(L), np.arange(L)) % 2 == 0


def sublattices(spins):
    """Configurations [n, L, L] as units of the checkerboard machine: (visible, hidden), [n, L²/2] each, row by row."""
    if spins.ndim != 3 or spins.shape[1] != spins.shape[2] or spins.shape[1] % 2:
        raise ValueError(f"spins of shape {spins.shape} have no two sublattices: [n, L, L] with an even L is needed")
    visible = sublattice(spins.shape[-1])
    return spins[:, visible], spins[:, ~visible]


def joined(visible, hidden):
    """The configurations [n, L, L] of which `visible` and `hidden` [n, L²/2] are the `sublattices`."""
    n, L = len(visible), round((2 * visible.shape[-1]) ** 0.5)
    if visible.shape != hidden.shape or visible.shape != (n, L * L // 2) or L % 2:
        raise ValueError(
            f"units of shapes {visible.shape} and {hidden.shape} are no sublattices: [n, L²/2] with an even L is needed"
        )
    spins, of_visible = np.empty((n, L, L), visible.dtype), sublattice(L)
    spins[:, of_visible], spins[:, ~of_visible] = visible, hidden
    return spins


def visible_units(machine, spins):
    """Of configurations [n, L, L], what the visible units of `machine` are: all spins, or those of one sublattice."""
    return sublattices(spins)[0] if 2 * len(machine.W) == spins[0].size else spins


def lattice_weights(machine, L):
    """W of `machine` with a row for each of the L² sites: of a checkerboard machine's other sublattice they are 0."""
    if len(machine.W) == L * L:
        return machine.W
    W = np.zeros((L * L, machine.W.shape[1]), machine.W.dtype)
    W[sublattice(L).ravel()] = machine.W
    return W


def _check(kind, L, T, fits, needed):
    """ValueError for a temperature too low for float32 weights, or unless L `fits`."""
    if int(L) != L or not fits or not T >= COLDEST:
        raise ValueError(f"no {kind} machine for L = {L}, T = {T}: {needed} and T ≥ {COLDEST} are needed")
