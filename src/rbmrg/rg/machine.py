"""A trained layer as a rule: the blocks are its hidden units given the spins, drawn, or their means."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from rbmrg.rbm.closed_forms import visible_units
from rbmrg.rbm.convolutional import STRIDE, ConvolutionalRBM
from rbmrg.rbm.model import RBM


@dataclass(frozen=True, eq=False)
class Layer:
    """`machine` with the signature of a rule of `rbmrg.rg`.

    An RBM takes lattices of its own size, a ConvolutionalRBM those of every even L from the size of its filters on.
    """

    machine: RBM | ConvolutionalRBM
    NAME: ClassVar = "machine"

    @property
    def FACTOR(self):
        """L/l of the lattices of spins and of hidden units; None if that is no whole number, or these no lattices."""
        if isinstance(self.machine, ConvolutionalRBM):
            return STRIDE
        visible, hidden = self.machine.W.shape
        L, l = _side(visible) or _side(2 * visible), _side(hidden)  # all spins, or one sublattice
        return L // l if L and l and L % l == 0 else None

    def apply(self, spins, rng):
        """Hidden units given `spins`, ±1 or real-valued [n, L, L]: int8 ±1, or with rng = None ⟨h|v⟩, float32.

        [n, l, l] for l² of them and for one filter, [n, hidden] for other numbers, [n, f, L/2, L/2] for f filters.
        Raises ValueError if the machine does not fit on spins of this shape.
        """
        machine, shape = _dense(self.machine, spins)
        visible = visible_units(machine, spins)
        hidden = machine.hidden_mean(visible) if rng is None else machine.sample_hidden(visible, rng)
        return hidden.reshape(len(spins), *shape)


def _dense(machine, spins):
    """The RBM for lattices like `spins`, and the shape of its hidden units.

    Energies stay as they are if a filter, its bias and its hidden units all change sign: the sign taken is that in
    which the filter's sum is not negative.  Ordered spins then give blocks that favour their sign, layer by layer.
    """
    if not isinstance(machine, ConvolutionalRBM):
        hidden = machine.W.shape[1]
        return machine, (hidden,) if _side(hidden) is None else (_side(hidden),) * 2
    filters, L = machine.filters, spins.shape[-1]
    if spins.ndim != 3 or spins.shape[1] != L or L % STRIDE or filters.shape[1] > L:
        raise ValueError(
            f"spins of shape {spins.shape} do not fit filters of shape {filters.shape}: [n, L, L] with an even "
            f"L ≥ {filters.shape[1]} is needed"
        )
    signs = np.where(filters.sum(axis=(1, 2), dtype=np.float64) < 0, -1, 1)
    gauged = replace(machine, filters=signs[:, None, None] * filters, hidden_bias=signs * machine.hidden_bias, L=L)
    l = L // STRIDE
    return gauged.dense(), (l, l) if len(filters) == 1 else (len(filters), l, l)


def _side(units):
    """l if there are l² `units`, else None."""
    l = math.isqrt(units)
    return l if l * l == units else None
