"""Machines in closed form, without training: the Ising model itself, and a machine that is decimation by √2.

They are the positive controls of every analysis.  Weights are rounded to float32, by a relative 6e-8, so a machine is
exactly that of a temperature at most 1.2e-7 T away.
"""

import numpy as np

from rbmrg import arguments, exact
from rbmrg.rbm.model import RBM

COLDEST = 1e-30  # lowest temperature: float32 weights and their products stay finite


def exact_machine(L, T):
    """The L × L Ising model at 0 < T ≤ ∞ as an RBM with one hidden unit for each of its 2L² bonds and no biases.

    Σ_h e^{wh(s+s')} = 2cosh(w(s + s')) = 2e^K e^{Kss'} if cosh 2w = e^{2K}: F(v) = E(v)/T − 2L²(K + ln 2).
    Raises ValueError unless L ≥ 2 and T ≥ 1e-30.
    """
    L = arguments.integer("L", L, 2)
    T = _temperature(T)
    twice_K = 2.0 / T
    w = (twice_K + np.log1p(np.sqrt(-np.expm1(-2 * twice_K)))) / 2  # arccosh(e^{2K})/2, also where e^{2K} overflows
    site = np.arange(L * L).reshape(L, L)
    bond = np.arange(2 * L * L)
    W = np.zeros((L * L, len(bond)), np.float32)
    for ends in ((site, site), (np.roll(site, -1, axis=1), np.roll(site, -1, axis=0))):
        W[np.concatenate([end.ravel() for end in ends]), bond] = w
    return RBM(W, np.zeros(L * L), np.zeros(2 * L * L))


def log_partition(L, T):
    """ln Z = ln Z_Ising + 2L²(K + ln 2) of the exact machine; each bond adds a constant, see `exact_machine`."""
    T = _temperature(T)
    return exact.log_partition(L, T) + 2 * L**2 * (1 / T + np.log(2))


def checkerboard_machine(L, T):
    """The L × L Ising model at 0 < T ≤ ∞ as an RBM whose visible and hidden units are its two sublattices, W = K.

    No bond joins sites of one sublattice, so E(v, h) is E/T of the whole lattice, ln Z is `exact.log_partition`, and
    P(v) is decimation by √2.  A step v → h → v is checkerboard heat bath.  At L = 2 two bonds join each pair: W = 2K.
    `sublattices` gives the order of the units.  Raises ValueError unless L is even and T ≥ 1e-30.
    """
    if arguments.integer("L", L, 2) % 2:
        raise ValueError(f"L = {L}: must be even for a checkerboard machine")
    T = _temperature(T)
    site = np.arange(L * L).reshape(L, L)
    visible = sublattice(L).ravel()
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
    spins = np.asarray(spins)
    if spins.ndim != 3 or spins.shape[1] != spins.shape[2] or spins.shape[1] % 2:
        raise ValueError(f"spins of shape {spins.shape} have no two sublattices: must be [n, L, L] with an even L")
    visible = sublattice(spins.shape[-1])
    return spins[:, visible], spins[:, ~visible]


def joined(visible, hidden):
    """The configurations [n, L, L] whose `sublattices` are `visible` and `hidden` [n, L²/2]."""
    n = len(visible)
    L = round((2 * visible.shape[-1]) ** 0.5)
    if visible.shape != hidden.shape or visible.shape != (n, L * L // 2) or L % 2:
        raise ValueError(
            f"units of shapes {visible.shape} and {hidden.shape} are no sublattices: must be [n, L²/2] with an even L"
        )
    spins = np.empty((n, L, L), visible.dtype)
    spins[:, sublattice(L)] = visible
    spins[:, ~sublattice(L)] = hidden
    return spins


def visible_units(machine, spins):
    """The visible units of `machine` in configurations [n, L, L]: all spins, or those of one sublattice."""
    return sublattices(spins)[0] if 2 * len(machine.W) == spins[0].size else spins


def lattice_weights(machine, L):
    """W of `machine` with a row for each of the L² sites; zero on the hidden sublattice of a checkerboard machine."""
    if len(machine.W) == L * L:
        return machine.W
    W = np.zeros((L * L, machine.W.shape[1]), machine.W.dtype)
    W[sublattice(L).ravel()] = machine.W
    return W


def _temperature(T):
    """T as a float; ValueError if it is too low for float32 weights."""
    if np.ndim(T) or not arguments.numeric(T, "T") >= COLDEST:
        raise ValueError(f"T = {T}: must be a number ≥ {COLDEST}")
    return float(T)
