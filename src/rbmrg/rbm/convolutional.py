"""Convolutional RBMs: filters shared by all places of the lattice, stride 2, so that hidden units are lattices of L/2.

W_f [k, k] couples hidden unit (f, Y, X) to the k × k spins around the block [2Y, 2Y+1] × [2X, 2X+1].  There is one
visible bias, and one hidden bias for each filter.  P(v) is invariant under translations by two sites.  (Lee, Grosse,
Ranganath & Ng, ICML 2009, for images; as a rule of the renormalization group, Chung & Kao, Phys. Rev. Research 3,
023230.)  Random translations of the data by one site are not needed: they do not change the Ising distribution.
"""

from dataclasses import dataclass

import numpy as np

from rbmrg import arguments
from rbmrg.rbm import convolutional_kernels as kernels
from rbmrg.rbm import preparation
from rbmrg.rbm.model import RBM, parameters
from rbmrg.rbm.recipes import resolve

STRIDE = 2


@dataclass(frozen=True, eq=False)
class ConvolutionalRBM:
    """Shared weights, float32: filters [f, k, k] (rows first), one visible_bias, hidden_bias [f]; L of the lattice.

    Raises ValueError if shapes do not fit, for what is not finite, or unless L is even and 1 ≤ k ≤ L.
    """

    filters: np.ndarray
    visible_bias: np.float32
    hidden_bias: np.ndarray
    L: int

    def __post_init__(self):
        for name in ("filters", "hidden_bias"):
            object.__setattr__(self, name, parameters(getattr(self, name), name))
        object.__setattr__(self, "visible_bias", np.float32(arguments.finite(self.visible_bias, (), "visible_bias")))
        shape = self.filters.shape
        if len(shape) != 3 or shape[1] != shape[2] or self.hidden_bias.shape != shape[:1]:
            raise ValueError(
                f"filters {shape}, hidden_bias {self.hidden_bias.shape} do not fit: must be (f, k, k), (f,)"
            )
        _check(self.L, *shape[:2])

    def dense(self):
        """The same machine as an `RBM`; its hidden units [f·(L/2)²] are the lattices [f, L/2, L/2], flattened."""
        count = len(self.filters)
        sites = patches(self.L, self.filters.shape[1])
        unit = np.arange(count * len(sites))
        W = np.zeros((self.L**2, len(unit)), np.float32)
        W[np.tile(sites.T, count), unit] = np.repeat(self.filters.reshape(count, -1).T, len(sites), axis=1)
        return RBM(W, np.full(len(W), self.visible_bias), np.repeat(self.hidden_bias, len(sites)))


def shared(machine, L, filters, size):
    """The `ConvolutionalRBM` with `filters` filters of `size` × `size` at L whose `dense()` is the RBM `machine`.

    The two agree bit by bit.  Raises ValueError if no such machine exists.
    """
    _check(L, filters, size)
    places = (L // STRIDE) ** 2
    if machine.W.shape == (L**2, filters * places):
        W = machine.W[patches(L, size)[0], ::places].T.reshape(filters, size, size)
        found = ConvolutionalRBM(W, machine.visible_bias[0], machine.hidden_bias[::places], L)
        dense = found.dense()
        if all(np.array_equal(part, vars(machine)[name]) for name, part in vars(dense).items()):
            return found
    raise ValueError(
        f"W {machine.W.shape} and its biases are not those of {filters} filters of {size} × {size} at L = {L}"
    )


def patches(L, size):
    """The sites that a filter of `size` × `size` covers at each of its places, [(L/2)², size²], numbered row by row."""
    along = np.add.outer(STRIDE * np.arange(L // STRIDE), np.arange(size) - (size - 1) // 2) % L  # [place, element]
    sites = along[:, None, :, None] * L + along[None, :, None, :]
    return sites.reshape(len(along) ** 2, size**2)


def train(spins, recipe="convolutional", rng=1, progress=None, **options):
    """The `ConvolutionalRBM` trained on `spins`, ±1 [n, L, L] with an even L.

    `recipe`, `options` (`filters`, `size`, `steps`, …) and `progress` are those of `rbm.train`; l1 is a penalty on the
    dense weights.  Raises ValueError for wrong arguments, and FloatingPointError if weights run away.
    """
    recipe = resolve(recipe, **options)
    [(_, machine)] = trajectory(spins, recipe, rng, at=[recipe.steps], progress=progress)
    return machine


def trajectory(spins, recipe, rng, at, progress=None, **options):
    """Yield (step, ConvolutionalRBM) at the increasing steps `at` (0 is the untrained machine) of one run of `train`.

    `at` must not exceed the recipe's `steps`, which fixes the decay of the learning rate.  Raises as `train` does.
    """
    recipe = resolve(recipe, **options)
    spins = arguments.spins(spins)
    L = spins.shape[-1]
    _check(L, recipe.filters, recipe.size)
    data = preparation.rows(spins)
    rng = arguments.generator(rng)
    at = preparation.increasing(at, recipe.steps)
    return _run(data, recipe, L, rng, at, progress)


def _check(L, filters, size):
    """ValueError unless there is a filter and it fits on the lattice."""
    if arguments.integer("L", L, STRIDE) % STRIDE:
        raise ValueError(f"L = {L!r}: must be even for a stride of {STRIDE}")
    arguments.integer("filters", filters)
    if arguments.integer("size", size) > L:
        raise ValueError(f"size = {size!r}: must be at most L = {L}")


def _run(data, recipe, L, rng, at, progress):
    """The generator behind `trajectory`, on checked arguments."""
    filters = int(recipe.filters)
    size = int(recipe.size)
    sites = patches(L, size)
    chain_shape = (filters * len(sites), preparation.chains(recipe))
    state = preparation.initial_state(data, recipe, filters * size**2, 1 + filters, chain_shape, rng)
    options = preparation.kernel_options(recipe)

    def advance(done, rates):
        return kernels.train_steps(state, sites, done, rates, options)

    for step in preparation.course(recipe, state, advance, at, progress):
        parameters = state.average if recipe.averaging else state.parameters
        W, visible_bias, hidden_bias = kernels.split(parameters, filters, size**2)
        yield step, ConvolutionalRBM(W.reshape(filters, size, size).copy(), visible_bias[0], hidden_bias.copy(), L)
