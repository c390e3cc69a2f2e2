"""The training loop of an RBM, compiled: gather a batch, sample both layers, estimate the gradient, take an Adam step.

Parameters, gradient and Adam's moments are flat float32 vectors [W.ravel(), visible_bias, hidden_bias]; units are ±1 in
float32.  Random numbers are Philox words keyed by (seed, stream, step, row): a run cut in two gives the bits of one.
"""

import numpy as np

from rbmrg.jit import njit
from rbmrg.kernel_rng import philox_row

ONE, HALF, STEP_23 = np.float32(1), np.float32(0.5), np.float32(2**-23)
BETA_1, BETA_2 = np.float32(0.9), np.float32(0.999)  # Adam's usual memories (Kingma & Ba, arXiv:1412.6980)
LIMIT = np.float32(7.90531110763549805)  # where the fit below reaches 1 − 2⁻²³
# tanh(x) ≈ x·P(x²)/Q(x²), the rational fit of Eigen (MathFunctionsImpl.h): plain arithmetic that LLVM vectorises.
P = tuple(
    np.float32(p)
    for p in (
        4.89352455891786e-03,
        6.37261928875436e-04,
        1.48572235717979e-05,
        5.12229709037114e-08,
        -8.60467152213735e-11,
        2.00018790482477e-13,
        -2.76076847742355e-16,
    )
)
Q = tuple(
    np.float32(q) for q in (4.89352518554385e-03, 2.26843463243900e-03, 1.18534705686654e-04, 1.19825839466702e-06)
)
DATA_ROWS, DATA_HIDDEN, FIRST_GIBBS = 0, 1, 2  # streams; each Gibbs step takes two more


@njit
def tanh32(x):
    """tanh of a float32, to 4e-7."""
    x = min(max(x, -LIMIT), LIMIT)
    y = x * x
    numerator = P[0] + y * (P[1] + y * (P[2] + y * (P[3] + y * (P[4] + y * (P[5] + y * P[6])))))
    return x * numerator / (Q[0] + y * (Q[1] + y * (Q[2] + y * Q[3])))


@njit
def sample_units(fields, bias, seed, stream, step, units):
    """Draw `units` [rows, n], each +1 with probability (1 + tanh(field + bias))/2."""
    rows, n = fields.shape
    words = np.empty((n + 3) // 4 * 4, np.uint32)
    for row in range(rows):
        philox_row(seed, stream, step, row, words)
        for j in range(n):
            uniform = (np.float32(np.int32(words[j]) >> 8) + HALF) * STEP_23  # 24 bits, symmetric in (−1, 1)
            units[row, j] = ONE if uniform < tanh32(fields[row, j] + bias[j]) else -ONE


@njit
def mean_units(fields, bias, units):
    """The means of `sample_units`, tanh(field + bias)."""
    for row in range(fields.shape[0]):
        for j in range(fields.shape[1]):
            units[row, j] = tanh32(fields[row, j] + bias[j])


@njit
def gather(data, seed, step, flips, batch):
    """Fill `batch` with random rows of `data` (int8), drawn with replacement; `flips`: each times a fair sign."""
    words = np.empty((batch.shape[0] + 3) // 4 * 4, np.uint32)
    philox_row(seed, DATA_ROWS, step, 0, words)
    for row in range(batch.shape[0]):
        # By the high bits of the word: the low one is free for the flip.
        source = (np.uint64(words[row]) * np.uint64(data.shape[0])) >> np.uint64(32)
        sign = np.int8(1 - 2 * (words[row] & 1)) if flips else np.int8(1)
        for j in range(batch.shape[1]):
            batch[row, j] = sign * data[source, j]


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
    it from the batch (Hinton 2002; needs chains = batch).  `tanh_means` puts ⟨h|v⟩ for h (Rao–Blackwell).
    """
    visible_units, hidden_units = data.shape[1], chain.shape[1]
    W, visible_bias, hidden_bias = split(parameters, visible_units, hidden_units)
    dW, d_visible, d_hidden = split(gradient, visible_units, hidden_units)
    rows = batch + chain.shape[0]  # data first, then the model's chains
    visible, hidden = np.empty((rows, visible_units), np.float32), np.empty((rows, hidden_units), np.float32)
    hidden_fields, visible_fields = np.empty_like(hidden), np.empty((chain.shape[0], visible_units), np.float32)

    gather(data, seed, step, flips, visible[:batch])
    np.dot(visible[:batch], W, hidden_fields[:batch])
    sample_units(hidden_fields[:batch], hidden_bias, seed, DATA_HIDDEN, step, hidden[:batch])
    if not persistent:
        copy_rows(hidden[:batch], chain)
    for k in range(gibbs_steps):
        stream = FIRST_GIBBS + 2 * k
        np.dot(chain, W.T, visible_fields)
        sample_units(visible_fields, visible_bias, seed, stream, step, visible[batch:])
        np.dot(visible[batch:], W, hidden_fields[batch:])
        sample_units(hidden_fields[batch:], hidden_bias, seed, stream + 1, step, chain)
    copy_rows(chain, hidden[batch:])
    if tanh_means:
        mean_units(hidden_fields, hidden_bias, hidden)

    signed_means(hidden, batch, d_hidden)
    np.dot(visible.T, hidden, dW)
    signed_means(visible, batch, d_visible)


@njit
def adam(parameters, gradient, first, second, rate, epsilon):
    """One step uphill, p += rate·m/(√v + ε), bias corrections being in `rate`: "epsilon hat" of section 2, ibid."""
    for i in range(parameters.size):
        first[i] = BETA_1 * first[i] + (ONE - BETA_1) * gradient[i]
        second[i] = BETA_2 * second[i] + (ONE - BETA_2) * gradient[i] * gradient[i]
        parameters[i] += rate * first[i] / (np.sqrt(second[i]) + epsilon)


@njit
def all_finite(x):
    """Whether no element of `x` is infinite or NaN."""
    bad = 0
    for i in range(x.size):
        bad |= not (abs(x[i]) < np.inf)
    return bad == 0


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
        if zero_biases:
            for i in range(weights, gradient.size):
                gradient[i] = 0
        if l1 > 0:
            for i in range(weights):
                gradient[i] -= l1 * np.sign(parameters[i])
        adam(parameters, gradient, first, second, rates[k], epsilon)
        if memory > 0:
            for i in range(average.size):
                average[i] += memory * (parameters[i] - average[i])
        if not all_finite(parameters):
            return step
    return 0
