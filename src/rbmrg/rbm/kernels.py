"""The training loop of an RBM, compiled: gather a batch, sample both layers, estimate the gradient, take an Adam step.

Parameters, gradient and Adam's moments are flat float32 vectors [W.ravel(), visible_bias, hidden_bias]; units are ±1 in
float32.  Random numbers are Philox words keyed by (seed, stream, step, chunk): a run cut in two gives the bits of one.
"""

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import philox_row

ONE, HALF, STEP_23 = np.float32(1), np.float32(0.5), np.float32(2**-23)
BETA_1, BETA_2 = np.float32(0.9), np.float32(0.999)  # Adam's usual memories (Kingma & Ba, arXiv:1412.6980)
# tanh(x) ≈ x·P(x²)/Q(x²) for |x| ≤ 8.2, minimax in exact arithmetic (error 5e-8): few constants, so that registers do.
P = tuple(np.float32(p) for p in (1, 0.129669567, 0.00297245958, 9.75013076e-6, -1.42842458e-8, 2.23024538e-11))
Q = tuple(np.float32(q) for q in (1, 0.463002704, 0.0239736809, 0.000235313166))
LIMIT_2 = np.float32(8.2**2)
DATA_ROWS, DATA_HIDDEN, FIRST_GIBBS = 0, 1, 2  # streams; each Gibbs step takes two more
CHUNK = 512  # units whose random words are made together
# Masks that count bits: every second bit, two of four, four of eight, one of eight.
ODD_BITS, LOW_PAIRS, LOW_NIBBLES, LOW_BYTES = (np.uint64(2**64 // n) for n in (3, 5, 17, 255))


@njit
def tanh_fraction(x):
    """Numerator and denominator (> 0) of tanh of a float32; of a number ≥ 1 in size where tanh is 1 to rounding."""
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
    flat, words = units.reshape(units.size), np.empty(CHUNK, np.uint32)
    for chunk in range((flat.size + CHUNK - 1) // CHUNK):
        philox_row(seed, stream, step, chunk, words)
        part = flat[chunk * CHUNK : (chunk + 1) * CHUNK]
        for i in range(part.size):
            uniform = (np.float32(np.int32(words[i]) >> 8) + HALF) * STEP_23  # 24 bits, symmetric in (−1, 1)
            numerator, denominator = tanh_fraction(part[i])
            part[i] = ONE if uniform * denominator < numerator else -ONE


@njit
def mean_units(fields, bias, units):
    """The means of `sample_units`, tanh(field + bias)."""
    for row in range(fields.shape[0]):
        for j in range(fields.shape[1]):
            units[row, j] = tanh32(fields[row, j] + bias[j])


@njit
def gather(data, seed, step, flips, batch):
    """Fill `batch` with random rows of `data` (int8 or float32), with replacement; `flips`: each times a fair sign."""
    words = np.empty((batch.shape[0] + 3) // 4 * 4, np.uint32)
    philox_row(seed, DATA_ROWS, step, 0, words)
    for row in range(batch.shape[0]):
        # By the high bits of the word: the low one is free for the flip.
        source = (np.uint64(words[row]) * np.uint64(data.shape[0])) >> np.uint64(32)
        sign = -ONE if flips and words[row] & 1 else ONE
        for j in range(batch.shape[1]):
            batch[row, j] = sign * np.float32(data[source, j])


# Plain loops where numpy has slices: numba takes seconds to compile an array expression, with its errors of shape.
@njit
def copy_rows(source, target):
    """`target` [rows, n] becomes `source`."""
    for row in range(source.shape[0]):
        for j in range(source.shape[1]):
            target[row, j] = source[row, j]


@njit
def signed_means(units, batch, means):
    """Scale rows to +1/batch (data) and −1/chains (model), in place, and put their column sums into `means`."""
    positive, negative = ONE / np.float32(batch), -ONE / np.float32(units.shape[0] - batch)
    for j in range(units.shape[1]):
        means[j] = 0
    for row in range(units.shape[0]):
        weight = positive if row < batch else negative
        for j in range(units.shape[1]):
            units[row, j] *= weight
            means[j] += units[row, j]


@njit(inline="always")
def population_count(x):
    """How many bits of `x` (uint64) are set; LLVM recognises these lines and vectorises the processor's own way."""
    x -= (x >> np.uint64(1)) & ODD_BITS
    x = (x & LOW_PAIRS) + ((x >> np.uint64(2)) & LOW_PAIRS)
    return (((x + (x >> np.uint64(4))) & LOW_NIBBLES) * LOW_BYTES) >> np.uint64(56)


@njit
def pack(units, batch):
    """The signs of `units` [rows, n] as bits of uint64 [words, n], 64 rows a word; a word begins at row `batch`."""
    rows, model = units.shape[0], (batch + 63) // 64
    words = np.zeros((model + (rows - batch + 63) // 64, units.shape[1]), np.uint64)
    for row in range(rows):
        place = row if row < batch else 64 * model + row - batch
        word, bit = place // 64, np.uint64(1) << np.uint64(place % 64)
        for j in range(units.shape[1]):
            words[word, j] |= bit if units[row, j] > 0 else np.uint64(0)
    return words


@njit
def binary_means(words, batch, chains, means):
    """⟨u⟩_data − ⟨u⟩_model of ±1 units packed by `pack` into `means`: ⟨u⟩ = 2·(share of rows that are up) − 1."""
    for j in range(words.shape[1]):
        data = model = np.uint64(0)
        for word in range(words.shape[0]):
            up = population_count(words[word, j])
            if 64 * word < batch:
                data += up
            else:
                model += up
        means[j] = 2 * data / batch - 2 * model / chains


@njit
def binary_products(v, h, batch, chains, dW):
    """⟨v h⟩_data − ⟨v h⟩_model of the same into `dW`: ⟨v h⟩ = 1 − 2·(share of rows that differ)."""
    differ = np.empty((2, h.shape[1]), np.uint64)  # in the data, in the model
    data_weight, model_weight = np.float32(2 / batch), np.float32(2 / chains)
    for i in range(v.shape[1]):
        for j in range(h.shape[1]):
            differ[0, j] = differ[1, j] = 0
        for word in range(v.shape[0]):
            signs, model = v[word, i], int(64 * word >= batch)
            for j in range(h.shape[1]):
                differ[model, j] += population_count(signs ^ h[word, j])
        for j in range(h.shape[1]):  # by way of int32: AVX2 cannot convert 64 bits
            share = model_weight * np.float32(np.int32(differ[1, j]))
            dW[i, j] = share - data_weight * np.float32(np.int32(differ[0, j]))


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
def log_likelihood_gradient(
    data, parameters, chain, seed, step, batch, gibbs_steps, persistent, tanh_means, flips, gradient
):
    """⟨v h⟩_data − ⟨v h⟩_model, ⟨v⟩ and ⟨h⟩ likewise, into `gradient`; `chain` [chains, hidden]: hidden units.

    Persistent contrastive divergence goes on from `chain` (Tieleman, ICML 2008); plain contrastive divergence restarts
    it from the batch (Hinton 2002; needs chains = batch).  `tanh_means` puts ⟨h|v⟩ for h (Rao–Blackwell).  `data`: int8
    ±1 or, as another layer's means, float32.  Products of ±1 units are counted, others are sgemm's.
    """
    visible_units, hidden_units = data.shape[1], chain.shape[1]
    W, visible_bias, hidden_bias = split(parameters, visible_units, hidden_units)
    dW, d_visible, d_hidden = split(gradient, visible_units, hidden_units)
    rows = batch + chain.shape[0]  # data first, then the model's chains
    visible, hidden = np.empty((rows, visible_units), np.float32), np.empty((rows, hidden_units), np.float32)
    fields, visible_fields = np.empty_like(hidden), np.empty((chain.shape[0], visible_units), np.float32)

    gather(data, seed, step, flips, visible[:batch])
    for k in range(0 if persistent else -1, gibbs_steps):  # at k = −1 chains are started from the data
        if k >= 0:
            np.dot(chain, W.T, visible_fields)
            sample_units(visible_fields, visible_bias, seed, FIRST_GIBBS + 2 * k, step, visible[batch:])
        # Persistent chains have not needed the data so far: hidden units of both come from one product, the last.
        first = 0 if k < 0 or (persistent and k == gibbs_steps - 1) else batch
        last = batch if k < 0 else rows
        np.dot(visible[first:last], W, fields[first:last])
        stream = DATA_HIDDEN if k < 0 else FIRST_GIBBS + 2 * k + 1
        sample_units(fields[first:last], hidden_bias, seed, stream, step, hidden[first:last])
        copy_rows(hidden[last - chain.shape[0] : last], chain)

    if not tanh_means and data.itemsize == 1:  # data of more bytes are means of units, float32
        v, h = pack(visible, batch), pack(hidden, batch)
        binary_products(v, h, batch, chain.shape[0], dW)
        binary_means(v, batch, chain.shape[0], d_visible)
        binary_means(h, batch, chain.shape[0], d_hidden)
        return
    if tanh_means:
        mean_units(fields, hidden_bias, hidden)
    signed_means(hidden, batch, d_hidden)
    np.dot(visible.T, hidden, dW)
    signed_means(visible, batch, d_visible)


@njit
def adam(parameters, gradient, first, second, rate, epsilon):
    """One step uphill, p += rate·m/(√v + ε), bias corrections being in `rate`: "epsilon hat" of section 2, ibid."""
    for i in range(parameters.size):
        mean = BETA_1 * first[i] + (ONE - BETA_1) * gradient[i]
        square = BETA_2 * second[i] + (ONE - BETA_2) * gradient[i] * gradient[i]
        first[i], second[i] = mean, square
        parameters[i] += rate * mean / (np.sqrt(square) + epsilon)


@njit
def all_finite(x):
    """Whether no element of `x` is infinite or NaN; inside `adam` the question would halve the width of its vectors."""
    bad = 0
    for i in range(x.size):
        bad |= not (abs(x[i]) < np.inf)
    return bad == 0


@njit
def update(parameters, gradient, weights, biases, average, first, second, rate, epsilon, memory, l1):
    """A step of Adam on the first `weights` + `biases` parameters, others having no gradient; see `train_steps`.

    `l1` pulls weights to zero; `average` follows the parameters with weight `memory`, if that is not 0.
    """
    for i in range(weights + biases, gradient.size):
        gradient[i] = 0
    if l1 > 0:
        for i in range(weights):
            gradient[i] -= l1 * np.sign(parameters[i])
    adam(parameters, gradient, first, second, rate, epsilon)
    if memory > 0:
        for i in range(average.size):
            average[i] += memory * (parameters[i] - average[i])


@njit
def train_steps(
    data, parameters, average, first, second, chain, seed, start, rates, epsilon, memory,
    batch, gibbs_steps, persistent, tanh_means, flips, zero_biases, l1,
):  # fmt: skip
    """Steps start+1 … start+rates.size in place; the step at which a parameter ceased to be finite, or 0.

    `average` follows the parameters with weight `memory` a step; `l1` pulls weights to zero (penalty l1·Σ|W|).
    """
    weights = data.shape[1] * chain.shape[1]
    gradient = np.empty_like(parameters)
    for k in range(rates.size):
        step = start + k + 1
        log_likelihood_gradient(
            data, parameters, chain, seed, step, batch, gibbs_steps, persistent, tanh_means, flips, gradient
        )
        biases = 0 if zero_biases else gradient.size - weights
        update(parameters, gradient, weights, biases, average, first, second, rates[k], epsilon, memory, l1)
        if not all_finite(parameters):
            return step
    return 0
