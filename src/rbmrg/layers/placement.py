"""Hidden units of a dense machine put on the lattice, each on the block of spins that most of its weights couple to."""

import math

import numpy as np

from rbmrg.rbm.model import RBM


def place(machine, L):
    """(the same `machine` with its hidden units in the order of an l × l lattice, quality), or None if there is none.

    The assignment maximises the quality: the mean share of Σ W² of a unit in the block of (L/l)² spins at its place; it
    is 1 for an RG rule.  The weights of a unit have a positive sum there: an RBM stays the same if a unit changes sign.
    There is no lattice unless the visible units are L² and the hidden ones l², with l a divisor of L.
    """
    from scipy.optimize import linear_sum_assignment  # takes longer to import than most jobs run

    visible, hidden = machine.W.shape
    l = math.isqrt(hidden)
    if visible != L * L or l * l != hidden or L % l:
        return None
    side = L // l
    blocks = machine.W.astype(float).reshape(l, side, l, side, hidden)
    power = (blocks**2).sum(axis=(1, 3)).reshape(hidden, hidden)
    share = power / np.maximum(power.sum(axis=0), np.finfo(float).tiny)
    place, unit = linear_sum_assignment(-share)  # places in order
    signs = np.where(blocks.sum(axis=(1, 3)).reshape(hidden, hidden)[place, unit] < 0, -1, 1)
    placed = RBM(machine.W[:, unit] * signs, machine.visible_bias, machine.hidden_bias[unit] * signs)
    return placed, float(share[place, unit].mean())
