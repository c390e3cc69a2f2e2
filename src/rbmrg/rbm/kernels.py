"""The compiled training loop of an RBM: gather a batch, sample both layers, estimate the gradient, take an Adam step.

Parameters, gradient and Adam's moments are flat float32 vectors [W.ravel(), visible_bias, hidden_bias]; units are ±1 in
float32.  Random numbers are Philox words keyed by (seed, stream, step, chunk), so a run in two parts gives the same
bits as a run in one.
"""

from typing import NamedTuple

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import philox_row
from rbmrg.rbm import recipes
from rbmrg.rbm.bit_products import counted_gradient
from rbmrg.rbm.sign_products import SUMS, column_patterns, few_products, look_up, row_patterns, tables, transposed

ONE = np.float32(1)
HALF = np.float32(0.5)
STEP_23 = np.float32(2**-23)
BETA_1 = np.float32(0.9)  # decay rates of Adam's moments, as usual (Kingma & Ba, arXiv:1412.6980)
BETA_2 = np.float32(0.999)
# tanh(x) ≈ x·P(x²)/Q(x²) for |x| ≤ 8.2, minimax in exact arithmetic (error 5e-8); so few constants stay in registers.
P = tuple(np.float32(p) for p in (1, 0.129669567, 0.00297245958, 9.75013076e-6, -1.42842458e-8, 2.23024538e-11))
Q = tuple(np.float32(q) for q in (1, 0.463002704, 0.0239736809, 0.000235313166))
LIMIT_2 = np.float32(8.2**2)
# Streams.  Plain integers would be types of their own to numba, which would compile `sample_units` for each.
DATA_ROWS = np.int64(0)
DATA_HIDDEN = np.int64(1)
FIRST_GIBBS = np.int64(2)  # each Gibbs step takes two streams, from here on
FIRST_CHUNK = np.int64(0)
CHUNK = 512  # units whose random words are made together
# Training ends when a parameter is larger.  A field of 9 already makes tanh32 round to 1; the largest parameter of all
# machines of the default study is 5.1, and the largest field that any configuration gives a unit is 113.
LARGEST = np.float32(recipes.LARGEST)


class State(NamedTuple):
    """The state of a training run.  All but `data` and `seed` change in place; float32 unless stated."""

    data: np.ndarray  # [n, visible], read-only: int8 ±1, or float32 means of another layer's units
    parameters: np.ndarray  # flat
    average: np.ndarray  # running average of the parameters
    first: np.ndarray  # Adam's first moment
    second: np.ndarray  # and the second
    chain: np.ndarray  # hidden units ±1 [chains, hidden]; of convolutional machines [filters·places, chains]
    seed: np.uint64


class Options(NamedTuple):
    """How to train, one type for each field: another type would compile every kernel again."""

    batch: int  # rows of data in a step
    gibbs_steps: int
    persistent: bool  # chains continue from one step to the next; if not, they restart from the batch
    tanh_means: bool  # use ⟨h|v⟩ in place of h in the gradient
    flips: bool  # multiply each row of the batch by a fair sign
    zero_biases: bool  # keep all biases as they are, zero
    l1: np.float32  # penalty l1·Σ|W|
    epsilon: np.float32  # Adam's
    memory: np.float32  # weight of the newest parameters in `average`; 0: no average is kept


@njit
def tanh_fraction(x):
    """Numerator and denominator (> 0) of tanh of a float32; where tanh rounds to ±1, their ratio is ±1 or beyond."""
    y = min(x * x, LIMIT_2)
    numerator = x * (P[0] + y * (P[1] + y * (P[2] + y * (P[3] + y * (P[4] + y * P[5])))))
    return numerator, Q[0] + y * (Q[1] + y * (Q[2] + y * Q[3]))


@njit
def tanh32(x):
    """tanh of a float32, to 4e-7."""
    numerator, denominator = tanh_fraction(x)
    return min(max(numerator / denominator, -ONE), ONE)


@njit
def sample_units(fields, bias, seed, stream, step, units):
    """Draw `units` [rows, n], each +1 with probability (1 + tanh(field + bias))/2."""
    for row in range(fields.shape[0]):
        for j in range(fields.shape[1]):
            units[row, j] = fields[row, j] + bias[j]
    flat = units.reshape(units.size)
    words = np.empty(CHUNK, np.uint32)
    for chunk in range((flat.size + CHUNK - 1) // CHUNK):
        philox_row(seed, stream, step, chunk, words)
        part = flat[chunk * CHUNK : (chunk + 1) * CHUNK]
        for i in range(part.size):
            uniform = (np.float32(np.int32(words[i]) >> 8) + HALF) * STEP_23  # 24 bits, symmetric in (−1, 1)
            numerator, denominator = tanh_fraction(part[i])
            part[i] = ONE if uniform * denominator < numerator else -ONE


@njit
def mean_units(fields, bias, units):
    """Put the means of `sample_units`, tanh(field + bias), into `units` [rows, n]."""
    for row in range(fields.shape[0]):
        for j in range(fields.shape[1]):
            units[row, j] = tanh32(fields[row, j] + bias[j])


@njit
def gather(data, seed, step, flips, batch):
    """Fill `batch` with random rows of `data`, with replacement; `flips` multiplies each row by a fair sign."""
    words = np.empty((batch.shape[0] + 3) // 4 * 4, np.uint32)
    philox_row(seed, DATA_ROWS, step, FIRST_CHUNK, words)
    for row in range(batch.shape[0]):
        # The high bits of the word choose the row, so the lowest bit is free for the flip.
        source = (np.uint64(words[row]) * np.uint64(data.shape[0])) >> np.uint64(32)
        sign = -ONE if flips and words[row] & 1 else ONE
        for j in range(batch.shape[1]):
            batch[row, j] = sign * np.float32(data[source, j])


# Plain loops instead of slices: numba takes seconds to compile an array expression and its checks of shapes.
@njit
def copy_rows(source, target):
    """Copy `source` [rows, n] into `target`."""
    for row in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[row, j] = source[row, j]


@njit
def signed_means(units, batch, means):
    """Multiply rows by +1/batch (data) or −1/chains (model) in place, and put their column sums into `means`."""
    positive = ONE / np.float32(batch)
    negative = -ONE / np.float32(units.shape[0] - batch)
    for j in range(units.shape[1]):
        means[j] = 0
    for row in range(units.shape[0]):
        weight = positive if row < batch else negative
        for j in range(units.shape[1]):
            units[row, j] *= weight
            means[j] += units[row, j]


@njit
def split(parameters, visible, hidden):
    """Views of a flat vector: W [visible, hidden], visible_bias, hidden_bias."""
    weights = visible * hidden
    return (
        parameters[:weights].reshape(visible, hidden),
        parameters[weights : weights + visible],
        parameters[weights + visible :],
    )


@njit
def hidden_fields(visible, W, sums, signs, fields):
    """Put `visible`·W into `fields` by the `tables` of W if the units are `signs`."""
    if signs:
        look_up(W, sums, row_patterns(visible), fields)
    else:
        np.dot(visible, W, fields)


@njit
def visible_fields(hidden, W, Wt, sums, fields):
    """Put ±1 `hidden`·Wᵀ into `fields` by the `tables` of Wᵀ, which fewer than SUMS rows do not need."""
    if hidden.shape[0] >= SUMS:
        look_up(Wt, sums, row_patterns(hidden), fields)
    else:
        few_products(hidden, W, fields)


@njit
def differences(visible, hidden, batch, signs, tanh_means, gradient):
    """Put ⟨v h⟩, ⟨v⟩ and ⟨h⟩ of the first `batch` rows minus those of the others into `gradient`; the units change."""
    dW, d_visible, d_hidden = split(gradient, visible.shape[1], hidden.shape[1])
    if signs and not tanh_means:
        counted_gradient(visible, hidden, batch, dW, d_visible, d_hidden)
        return
    signed_means(hidden, batch, d_hidden)
    if signs:
        look_up(hidden, tables(hidden), column_patterns(visible), dW)
    else:
        np.dot(visible.T, hidden, dW)
    signed_means(visible, batch, d_visible)


@njit
def log_likelihood_gradient(state, step, options, gradient):
    """Put ⟨v h⟩_data − ⟨v h⟩_model and the same differences of ⟨v⟩ and ⟨h⟩ into `gradient`.

    Persistent contrastive divergence continues from `state.chain` (Tieleman, ICML 2008); plain contrastive divergence
    restarts it from the batch (Hinton 2002) and needs chains = batch.  `tanh_means` uses ⟨h|v⟩ in place of h
    (Rao–Blackwell).  Products of ±1 units are looked up, or counted if both are ±1; sgemm has only those of means.
    """
    data = state.data
    chain = state.chain
    batch = options.batch
    rows = batch + chain.shape[0]  # data first, then the model's chains
    W, visible_bias, hidden_bias = split(state.parameters, data.shape[1], chain.shape[1])
    visible = np.empty((rows, data.shape[1]), np.float32)
    fields_below = np.empty((chain.shape[0], data.shape[1]), np.float32)
    fields = np.empty((rows, chain.shape[1]), np.float32)
    hidden = np.empty_like(fields)
    signs = data.itemsize == 1  # data of more bytes are means of units, float32
    up = tables(W)
    Wt = transposed(W if chain.shape[0] >= SUMS else W[:0])
    down = tables(Wt)

    gather(data, state.seed, step, options.flips, visible[:batch])
    for k in range(0 if options.persistent else -1, options.gibbs_steps):  # k = −1 starts the chains from the data
        if k >= 0:
            visible_fields(chain, W, Wt, down, fields_below)
            sample_units(fields_below, visible_bias, state.seed, FIRST_GIBBS + 2 * k, step, visible[batch:])
        # Persistent chains need the data in the last step only: one product gives the hidden units of both.
        first = 0 if k < 0 or (options.persistent and k == options.gibbs_steps - 1) else batch
        last = batch if k < 0 else rows
        hidden_fields(visible[first:last], W, up, signs or first == batch, fields[first:last])
        stream = DATA_HIDDEN if k < 0 else FIRST_GIBBS + 2 * k + 1
        sample_units(fields[first:last], hidden_bias, state.seed, stream, step, hidden[first:last])
        copy_rows(hidden[last - chain.shape[0] : last], chain)

    if options.tanh_means:
        mean_units(fields, hidden_bias, hidden)
    differences(visible, hidden, batch, signs, options.tanh_means, gradient)


@njit
def adam(parameters, gradient, first, second, rate, epsilon):
    """Take one step uphill, p += rate·m/(√v + ε); `rate` includes the bias corrections.

    This ε is the "epsilon hat" of section 2 of Kingma & Ba.
    """
    for i in range(parameters.size):
        mean = BETA_1 * first[i] + (ONE - BETA_1) * gradient[i]
        square = BETA_2 * second[i] + (ONE - BETA_2) * gradient[i] * gradient[i]
        first[i] = mean
        second[i] = square
        parameters[i] += rate * mean / (np.sqrt(square) + epsilon)


@njit
def bounded(x):
    """Whether |x| ≤ LARGEST for all elements and none is NaN.  This test in `adam` would halve its vectors."""
    bad = 0
    for i in range(x.size):
        bad |= not (abs(x[i]) <= LARGEST)
    return bad == 0


@njit
def penalise(parameters, gradient, weights, l1):
    """Add the gradient of −l1·Σ|W| to that of the first `weights` parameters."""
    if l1 > 0:
        for i in range(weights):
            gradient[i] -= l1 * np.sign(parameters[i])


@njit
def update(state, gradient, weights, rate, options):
    """Take a step of Adam; `zero_biases` first sets the gradient of all but the first `weights` parameters to zero.

    If `memory` > 0, `average` then moves towards the parameters by this fraction.
    """
    parameters = state.parameters
    average = state.average
    if options.zero_biases:
        for i in range(weights, gradient.size):
            gradient[i] = 0
    adam(parameters, gradient, state.first, state.second, rate, options.epsilon)
    if options.memory > 0:
        for i in range(average.size):
            average[i] += options.memory * (parameters[i] - average[i])


@njit
def train_steps(state, start, rates, options):
    """Take the steps start+1 … start+rates.size on `state`, a `State`, by `options`, an `Options`.

    `rates`: the learning rate of each step, float32.  Returns 0, or the step at which a parameter exceeded ±LARGEST or
    became NaN, and stops there.
    """
    weights = state.data.shape[1] * state.chain.shape[1]
    parameters = state.parameters
    gradient = np.empty_like(parameters)
    for k in range(rates.size):
        step = start + k + 1
        log_likelihood_gradient(state, step, options, gradient)
        penalise(parameters, gradient, weights, options.l1)
        update(state, gradient, weights, rates[k], options)
        if not bounded(parameters):
            return step
    return 0
