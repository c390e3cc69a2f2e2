"""Convolutional RBMs: filters shared by all places of the lattice, stride 2, so that hidden units are lattices of L/2.

Hidden unit (f, Y, X) is coupled by W_f [k, k] to the k × k spins around the block [2Y, 2Y+1] × [2X, 2X+1]; there is one
visible bias, and one hidden bias a filter.  P(v) is invariant under translations by two sites.  (Lee, Grosse,
Ranganath & Ng, ICML 2009, for images; as a rule of the renormalization group, Chung & Kao, Phys. Rev. Research 3,
023230.)  Random translations of the data by one site are not needed: they do not change the Ising distribution.

In the kernels units are [unit, configuration], so that every loop ends in one over configurations, which LLVM
vectorises; parameters are flat float32 vectors [filters.ravel(), visible_bias, hidden_bias], and the gradient is that
of the dense machine added up over the places of a filter.
"""

import numbers
from dataclasses import dataclass

import numpy as np

from rbmrg.jit import njit
from rbmrg.rbm import preparation
from rbmrg.rbm.kernels import (
    DATA_HIDDEN,
    FIRST_GIBBS,
    ONE,
    all_finite,
    copy_rows,
    gather,
    mean_units,
    sample_units,
    update,
)
from rbmrg.rbm.model import RBM
from rbmrg.rbm.recipes import resolve
from rbmrg.rng import kernel_seed

STRIDE = 2


@dataclass(frozen=True, eq=False)
class ConvolutionalRBM:
    """Shared weights, float32: filters [f, k, k] (rows first), one visible_bias, hidden_bias [f]; and the lattice size.

    Raises ValueError if shapes do not fit, or unless L is even and 1 ≤ k ≤ L.
    """

    filters: np.ndarray
    visible_bias: np.float32
    hidden_bias: np.ndarray
    L: int

    def __post_init__(self):
        for name in ("filters", "hidden_bias"):
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=np.float32))
        object.__setattr__(self, "visible_bias", np.float32(self.visible_bias))
        shape = self.filters.shape
        if len(shape) != 3 or shape[1] != shape[2] or self.hidden_bias.shape != shape[:1]:
            raise ValueError(
                f"filters {shape}, hidden_bias {self.hidden_bias.shape} do not fit: (f, k, k), (f,) needed"
            )
        _check(self.L, *shape[:2])

    def dense(self):
        """The same machine as an `RBM`; its hidden units [f·(L/2)²] are to be read as [f, L/2, L/2]."""
        count, sites = len(self.filters), patches(self.L, self.filters.shape[1])
        W, unit = np.zeros((self.L**2, count * len(sites)), np.float32), np.arange(count * len(sites))
        W[np.tile(sites.T, count), unit] = np.repeat(self.filters.reshape(count, -1).T, len(sites), axis=1)
        return RBM(W, np.full(len(W), self.visible_bias), np.repeat(self.hidden_bias, len(sites)))


def shared(machine, L, filters, size):
    """The `ConvolutionalRBM` of these numbers whose `dense()` is the RBM `machine`, bit by bit.

    Raises ValueError if there is none: its weights are not those of `filters` filters of `size` × `size` on this L.
    """
    _check(L, filters, size)
    places, visible = (L // STRIDE) ** 2, L**2
    if machine.W.shape == (visible, filters * places):
        W = machine.W[patches(L, size)[0], ::places].T.reshape(filters, size, size)
        found = ConvolutionalRBM(W, machine.visible_bias[0], machine.hidden_bias[::places], L)
        dense = found.dense()
        if all(np.array_equal(part, vars(machine)[name]) for name, part in vars(dense).items()):
            return found
    raise ValueError(
        f"W {machine.W.shape} and its biases are not those of {filters} filters of {size} × {size} at L = {L}"
    )


def patches(L, size):
    """The sites that a filter of `size` × `size` sees from each of its places, [(L/2)², size²], numbered row by row."""
    along = np.add.outer(STRIDE * np.arange(L // STRIDE), np.arange(size) - (size - 1) // 2) % L  # [place, element]
    sites = along[:, None, :, None] * L + along[None, :, None, :]
    return sites.reshape(len(along) ** 2, size**2)


def train(spins, recipe="convolutional", rng=1, progress=None, **options):
    """The `ConvolutionalRBM` trained on `spins`, ±1 [n, L, L] with an even L.

    `recipe`, `options` (`filters`, `size`, `steps`, …) and `progress` are those of `rbm.train`; l1 is a penalty on the
    dense weights.  Raises ValueError for wrong arguments, FloatingPointError if weights overflow.
    """
    recipe = resolve(recipe, **options)
    [(_, machine)] = trajectory(spins, recipe, rng, at=[recipe.steps], progress=progress)
    return machine


def trajectory(spins, recipe, rng, at, progress=None, **options):
    """Yield (step, ConvolutionalRBM) at the increasing steps `at` (0 is the untrained machine) of one run of `train`.

    `at` must not exceed the recipe's `steps`, which fixes the decay of the learning rate.  Raises as `train` does.
    """
    recipe, spins = resolve(recipe, **options), np.asarray(spins)
    if spins.ndim != 3 or spins.shape[1] != spins.shape[2]:
        raise ValueError(f"spins of shape {spins.shape}: [n, L, L] is needed")
    _check(spins.shape[-1], recipe.filters, recipe.size)
    data, rng, at = preparation.rows(spins), preparation.generator(rng), preparation.increasing(at, recipe.steps)
    return _run(data, recipe, spins.shape[-1], int(recipe.filters), int(recipe.size), rng, at, progress)


def _check(L, filters, size):
    """ValueError unless there is a filter and it fits on the lattice."""
    if not isinstance(L, numbers.Integral) or L < STRIDE or L % STRIDE:
        raise ValueError(f"L = {L!r}: an even L ≥ 2 is needed for a stride of {STRIDE}")
    if not isinstance(filters, numbers.Integral) or filters < 1:
        raise ValueError(f"filters = {filters!r}: a whole number, at least 1, is needed")
    if not isinstance(size, numbers.Integral) or not 1 <= size <= L:
        raise ValueError(f"size = {size!r}: a whole number from 1 to L = {L} is needed")


def _run(data, recipe, L, filters, size, rng, at, progress):
    """The generator behind `trajectory`, on checked arguments."""
    weights, sites = filters * size**2, patches(L, size)
    parameters = np.zeros(weights + 1 + filters, np.float32)
    parameters[:weights] = recipe.initial_scale * rng.standard_normal(weights)
    average, first, second = parameters.copy(), np.zeros_like(parameters), np.zeros_like(parameters)
    persistent = recipe.method == "pcd"
    shape = (filters * len(sites), recipe.chains if persistent else recipe.batch)
    chain = rng.choice(np.array([-1, 1], np.float32), size=shape)
    state = data, sites, parameters, average, first, second, chain, kernel_seed(rng)
    options = preparation.kernel_options(recipe)

    def advance(done, rates):
        return train_steps(*state, done, rates, *options)

    for step in preparation.course(recipe, advance, at, progress):
        W, visible_bias, hidden_bias = split(average if recipe.averaging else parameters, filters, size**2)
        yield step, ConvolutionalRBM(W.reshape(filters, size, size).copy(), visible_bias[0], hidden_bias.copy(), L)


@njit
def split(parameters, filters, elements):
    """Views of a flat vector: filters [f, k²], visible_bias [1], hidden_bias [f]."""
    weights = filters * elements
    return parameters[:weights].reshape(filters, elements), parameters[weights : weights + 1], parameters[weights + 1 :]


@njit
def hidden_fields(visible, sites, W, hidden_bias, fields):
    """Σ_j W[f, j] v[site j of place a] + b_f into `fields` [f·places + a, n], from `visible` [site, n]."""
    places, elements = sites.shape
    for unit in range(fields.shape[0]):
        f, a = unit // places, unit % places
        for n in range(fields.shape[1]):
            fields[unit, n] = hidden_bias[f]
        for j in range(elements):
            site, weight = sites[a, j], W[f, j]
            for n in range(fields.shape[1]):
                fields[unit, n] += weight * visible[site, n]


@njit
def visible_fields(hidden, sites, W, visible_bias, fields):
    """The transposed sum, with the visible bias, into `fields` [site, n], from `hidden` [f·places + a, n]."""
    places, elements = sites.shape
    for site in range(fields.shape[0]):
        for n in range(fields.shape[1]):
            fields[site, n] = visible_bias[0]
    for unit in range(hidden.shape[0]):
        f, a = unit // places, unit % places
        for j in range(elements):
            site, weight = sites[a, j], W[f, j]
            for n in range(fields.shape[1]):
                fields[site, n] += weight * hidden[unit, n]


@njit
def total(units, sums):
    """Σ of `units` [unit, n], first over units, in `sums` [n]."""
    for n in range(sums.size):
        sums[n] = 0
    for unit in range(units.shape[0]):
        for n in range(sums.size):
            sums[n] += units[unit, n]
    return sum_of(sums)


@njit
def sum_of(x):
    """Σ x."""
    result = np.float32(0)
    for n in range(x.size):
        result += x[n]
    return result


@njit
def add_products(visible, hidden, sites, weight, gradient):
    """Add `weight` times the sums over places and configurations of v h, of v and of h to `gradient`."""
    places, elements = sites.shape
    filters = hidden.shape[0] // places
    dW, d_visible, d_hidden = split(gradient, filters, elements)
    sums = np.empty(visible.shape[1], np.float32)
    for f in range(filters):
        for j in range(elements):
            for n in range(sums.size):
                sums[n] = 0
            for a in range(places):
                site, unit = sites[a, j], f * places + a
                for n in range(sums.size):
                    sums[n] += visible[site, n] * hidden[unit, n]
            dW[f, j] += weight * sum_of(sums)
        d_hidden[f] += weight * total(hidden[f * places : (f + 1) * places], sums)
    d_visible[0] += weight * total(visible, sums)


@njit
def transpose(source, target):
    """`target` [unit, n] becomes the transpose of `source` [n, unit]."""
    for unit in range(target.shape[0]):
        for n in range(target.shape[1]):
            target[unit, n] = source[n, unit]


@njit
def log_likelihood_gradient(
    data, sites, parameters, chain, seed, step, batch, gibbs_steps, persistent, tanh_means, flips, gradient
):
    """⟨v h⟩_data − ⟨v h⟩_model added up over the places of each filter, ⟨v⟩ and ⟨h⟩ likewise, into `gradient`.

    Persistent or plain contrastive divergence as in `kernels.log_likelihood_gradient`; `chain` [f·places, chains].
    """
    filters, chains = chain.shape[0] // sites.shape[0], chain.shape[1]
    W, visible_bias, hidden_bias = split(parameters, filters, sites.shape[1])
    for i in range(gradient.size):
        gradient[i] = 0

    rows, visible = np.empty((batch, data.shape[1]), np.float32), np.empty((data.shape[1], batch), np.float32)
    fields, none = np.empty((chain.shape[0], batch), np.float32), np.zeros(batch, np.float32)
    hidden = np.empty_like(fields)
    gather(data, seed, step, flips, rows)
    transpose(rows, visible)
    hidden_fields(visible, sites, W, hidden_bias, fields)
    sample_units(fields, none, seed, DATA_HIDDEN, step, hidden)
    if not persistent:
        copy_rows(hidden, chain)
    if tanh_means:
        mean_units(fields, none, hidden)
    add_products(visible, hidden, sites, ONE / np.float32(batch), gradient)

    visible, none = np.empty((data.shape[1], chains), np.float32), np.zeros(chains, np.float32)
    fields, dreamt = np.empty((chain.shape[0], chains), np.float32), np.empty_like(visible)
    for k in range(gibbs_steps):
        stream = FIRST_GIBBS + 2 * k
        visible_fields(chain, sites, W, visible_bias, dreamt)
        sample_units(dreamt, none, seed, stream, step, visible)
        hidden_fields(visible, sites, W, hidden_bias, fields)
        sample_units(fields, none, seed, stream + 1, step, chain)
    hidden = np.empty_like(fields)
    copy_rows(chain, hidden)
    if tanh_means:
        mean_units(fields, none, hidden)
    add_products(visible, hidden, sites, -ONE / np.float32(chains), gradient)


@njit
def train_steps(
    data, sites, parameters, average, first, second, chain, seed, start, rates, epsilon, memory,
    batch, gibbs_steps, persistent, tanh_means, flips, zero_biases, l1,
):  # fmt: skip
    """Steps start+1 … start+rates.size in place; the step at which a parameter ceased to be finite, or 0.

    `average` follows the parameters with weight `memory` a step; `l1`: penalty l1·Σ|W| over the dense weights.
    """
    places, elements = sites.shape
    weights = chain.shape[0] // places * elements
    gradient = np.empty_like(parameters)
    for k in range(rates.size):
        step = start + k + 1
        log_likelihood_gradient(
            data, sites, parameters, chain, seed, step, batch, gibbs_steps, persistent, tanh_means, flips, gradient
        )
        biases = 0 if zero_biases else gradient.size - weights
        update(
            parameters,
            gradient,
            weights,
            biases,
            average,
            first,
            second,
            rates[k],
            epsilon,
            memory,
            l1 * np.float32(places),
        )
        if not all_finite(parameters):
            return step
    return 0
