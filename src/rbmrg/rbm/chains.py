"""Gibbs chains of a given machine, compiled: flows v → h → v, and the annealing that estimates ln Z.

Units are ±1 in float32, [rows, units].  Flows take rows in blocks that fit in the processor's cache.  Random numbers
are keyed by (seed, stream, step), as in `kernels`; the stream is that of a block and a layer.
"""

import numpy as np

from rbmrg.jit import njit
from rbmrg.rbm.kernels import sample_units, tanh_fraction
from rbmrg.rbm.sign_products import look_up, row_patterns, tables, transposed

# Streams of annealing; plain integers would be types of their own to numba, see `kernels`.
HIDDEN = np.int64(0)
VISIBLE = np.int64(1)
ROWS = 128  # in a block
FACTORS = 512  # each from ½ to 2, so that their product is a finite float64


@njit
def gibbs(W, visible_bias, hidden_bias, v, steps, seed):
    """Take `steps` steps v → h → v, in place on `v` [rows, visible]."""
    up = tables(W)
    Wt = transposed(W)
    down = tables(Wt)
    for block in range((v.shape[0] + ROWS - 1) // ROWS):
        visible = v[block * ROWS : (block + 1) * ROWS]
        hidden_fields = np.empty((visible.shape[0], W.shape[1]), np.float32)
        hidden = np.empty_like(hidden_fields)
        visible_fields = np.empty_like(visible)
        for step in range(steps):
            look_up(W, up, row_patterns(visible), hidden_fields)
            sample_units(hidden_fields, hidden_bias, seed, 2 * block, step, hidden)
            look_up(Wt, down, row_patterns(hidden), visible_fields)
            sample_units(visible_fields, visible_bias, seed, 2 * block + 1, step, visible)


@njit
def log_weight(fields, before, now, terms):
    """Σ_a ln(cosh(now·x_a)/cosh(before·x_a)) of float32 `fields` x [hidden]; overwrites `terms`, float64 [2, hidden].

    With a = before·|x| and d = (now − before)·|x| each logarithm is d + ln(1 − (1 − tanh a)·tanh d/(1 + tanh d)), so
    rounding errors are relative to d, which is small.  Factors are from ½ to 1, and FACTORS of them share a logarithm.
    """
    n = fields.size
    for a in range(n):
        x = abs(fields[a])
        before_numerator, before_denominator = tanh_fraction(before * x)
        numerator, denominator = tanh_fraction((now - before) * x)
        numerator = min(numerator, denominator)
        rest = before_denominator - min(before_numerator, before_denominator)
        terms[0, a] = x
        terms[1, a] = 1.0 - np.float64(rest * numerator / (before_denominator * (numerator + denominator)))
    total = 0.0
    for first in range(0, n, FACTORS):
        size = min(FACTORS, n - first)
        while size > 1:  # halves are vectors, see `few_products`
            half = size // 2
            size -= half
            for a in range(first, first + half):
                terms[0, a] += terms[0, a + size]
                terms[1, a] *= terms[1, a + size]
        total += (now - before) * terms[0, first] + np.log(terms[1, first])
    return total


@njit
def scale(x, factor):
    """Multiply float32 `x` [rows, n] by `factor` in place."""
    for row in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[row, j] *= factor


@njit
def anneal(W, visible_bias, hidden_bias, v, betas, seed, log_weights):
    """Take the chains `v` through p_β(v) ∝ e^{c·v} Π_a 2cosh β(v·W + b)_a at the increasing `betas`, in place.

    Each step adds ln p_β'(v)/p_β(v) to `log_weights` [rows], then takes a Gibbs step that leaves p_β' invariant.
    """
    rows = v.shape[0]
    fields = np.empty((rows, W.shape[1]), np.float32)
    hidden = np.empty_like(fields)
    visible_fields = np.empty_like(v)
    zero = np.zeros_like(hidden_bias)
    terms = np.empty((2, W.shape[1]))
    up = tables(W)
    Wt = transposed(W)
    down = tables(Wt)
    for step in range(1, betas.size):
        before = betas[step - 1]
        beta = betas[step]
        look_up(W, up, row_patterns(v), fields)
        for row in range(rows):
            for a in range(fields.shape[1]):
                fields[row, a] += hidden_bias[a]
            log_weights[row] += log_weight(fields[row], before, beta, terms)
        scale(fields, beta)
        sample_units(fields, zero, seed, HIDDEN, step, hidden)
        look_up(Wt, down, row_patterns(hidden), visible_fields)
        scale(visible_fields, beta)
        sample_units(visible_fields, visible_bias, seed, VISIBLE, step, v)
