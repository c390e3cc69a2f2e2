"""Local filters as rules, given or learned, and the dial of those between majority and decimation.

Block (Y, X) is up with probability (1 + tanh φ)/2, where φ is the sum of the k × k spins around the block
[2Y, 2Y+1] × [2X, 2X+1], each times its weight: the hidden unit of a convolutional machine with one filter.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rbmrg import arguments
from rbmrg.jit import njit


@dataclass(frozen=True, eq=False)
class Filter:
    """The rule with `weights` [k, k], rows first, and a `bias` that is added to φ.

    Raises ValueError for weights that are not finite or not a square.
    """

    weights: np.ndarray
    bias: float = 0.0
    NAME: ClassVar = "filter"
    FACTOR: ClassVar = 2

    def __post_init__(self):
        weights = arguments.finite(self.weights, None, "weights")
        if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
            raise ValueError(f"weights of shape {weights.shape}: must be [k, k]")
        object.__setattr__(self, "weights", weights)
        object.__setattr__(self, "bias", float(arguments.finite(self.bias, (), "bias")))

    def apply(self, spins, rng):
        """Coarse-grain `spins`, ±1 or real-valued [n, L, L] with L even, to int8 ±1 [n, L/2, L/2].

        With rng = None the mean over draws, float32.
        """
        size = len(self.weights)
        L = spins.shape[-1]
        before = (size - 1) // 2
        margin = (before, size - 1 - before)
        around = np.pad(spins, ((0, 0), margin, margin), mode="wrap")
        field = np.full((len(spins), L // 2, L // 2), self.bias, np.float32)
        add_sums(around, np.asarray(self.weights, np.float32), field)
        mean = np.tanh(field, out=field)
        if rng is None:
            return mean
        draws = rng.random(mean.shape, np.float32)
        draws *= 2
        draws -= 1
        up = draws < mean
        return 2 * up.view(np.int8) - 1


@njit
def add_sums(around, weights, field):
    """Add the weighted sums of spins, with a margin `around` the lattice [n, …, …], to `field` (float32 [n, l, l])."""
    for k in range(field.shape[0]):
        for Y in range(field.shape[1]):
            for y in range(weights.shape[0]):
                for x in range(weights.shape[1]):
                    weight = weights[y, x]
                    for X in range(field.shape[2]):
                        field[k, Y, X] += weight * around[k, 2 * Y + y, 2 * X + x]


def dial(x):
    """The filter at `x`: the first spin of a 2 × 2 block weighs 1 + 3x, each other one 1 − x.

    At x = 0 it is nearly the majority rule, at x = 1 nearly decimation: the sum of four is as strong as tanh 4.
    """
    x = float(arguments.finite(x, (), "x"))
    return Filter(np.array([[1 + 3 * x, 1 - x], [1 - x, 1 - x]]))


def of_machine(machine):
    """The rule of a `ConvolutionalRBM` with one filter; its sum is made positive, as in `machine.Layer`.

    Raises ValueError for several filters.
    """
    if len(machine.filters) != 1:
        raise ValueError(f"filters = {len(machine.filters)}: must be 1 for one lattice of blocks")
    sign = -1 if machine.filters.sum(dtype=np.float64) < 0 else 1
    return Filter(sign * machine.filters[0], sign * float(machine.hidden_bias[0]))


def place(weights):
    """The x on the dial of the 2 × 2 weights in the middle of `weights` [k, k]: the heaviest against all four.

    Weights outside of the block have no place on the dial, nor do filters of odd size: NaN.
    """
    weights = Filter(weights).weights
    if len(weights) % 2:
        return float("nan")
    edge = len(weights) // 2 - 1
    block = np.abs(weights[edge : edge + 2, edge : edge + 2])
    return float((4 * block.max() / block.sum() - 1) / 3)
