"""A trained layer as a rule: its blocks are hidden units, drawn given the spins, or their means."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from rbmrg import arguments
from rbmrg.rbm.closed_forms import visible_units
from rbmrg.rbm.convolutional import STRIDE, ConvolutionalRBM
from rbmrg.rbm.model import RBM


@dataclass(frozen=True, eq=False)
class Layer:
    """A `machine` with the signature of a rule of `rbmrg.rg`.

    An RBM takes lattices of its own size, a ConvolutionalRBM lattices of every even L that its filters fit on.
    """

    machine: RBM | ConvolutionalRBM
    NAME: ClassVar = "machine"

    @property
    def FACTOR(self):
        """L/l of the lattices of spins and of hidden units; None if it is not an integer or if there is no lattice."""
        if isinstance(self.machine, ConvolutionalRBM):
            return STRIDE
        visible, hidden = self.machine.W.shape
        L = _side(visible) or _side(2 * visible)  # all spins, or one sublattice
        l = _side(hidden)
        return L // l if L and l and L % l == 0 else None

    def apply(self, spins, rng):
        """Hidden units given `spins`, ±1 or real-valued [n, L, L]: int8 ±1, or with rng = None ⟨h|v⟩, float32.

        Shape: [n, l, l] for l² units and for a single filter, [n, f, L/2, L/2] for f filters, [n, hidden] otherwise.
        Raises ValueError if the machine does not fit on spins of this shape, or as `RBM` does for other values.
        """
        spins = arguments.field(spins, "[n, ...]")
        machine, shape = _dense(self.machine, spins)
        visible = visible_units(machine, spins)
        hidden = machine.hidden_mean(visible) if rng is None else machine.sample_hidden(visible, rng)
        return hidden.reshape(len(spins), *shape)


def _dense(machine, spins):
    """The RBM for lattices like `spins`, and the shape of its hidden units.

    Energies do not change if a filter, its bias and its hidden units all change sign.  The sign is chosen such that the
    sum of the filter is not negative: ordered spins then give blocks that favour their sign, layer by layer.
    """
    if not isinstance(machine, ConvolutionalRBM):
        hidden = machine.W.shape[1]
        return machine, (hidden,) if _side(hidden) is None else (_side(hidden),) * 2
    filters, L = machine.filters, spins.shape[-1]
    if spins.ndim != 3 or spins.shape[1] != L or L % STRIDE or filters.shape[1] > L:
        raise ValueError(
            f"spins of shape {spins.shape} do not fit filters of shape {filters.shape}: must be [n, L, L] with an even "
            f"L ≥ {filters.shape[1]}"
        )
    signs = np.where(filters.sum(axis=(1, 2), dtype=np.float64) < 0, -1, 1)
    gauged = replace(machine, filters=signs[:, None, None] * filters, hidden_bias=signs * machine.hidden_bias, L=L)
    l = L // STRIDE
    return gauged.dense(), (l, l) if len(filters) == 1 else (len(filters), l, l)


def _side(units):
    """l if `units` = l², else None."""
    l = math.isqrt(units)
    return l if l * l == units else None
