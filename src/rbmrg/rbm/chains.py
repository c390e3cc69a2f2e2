"""Gibbs chains of a given machine, compiled: flows v → h → v, and the annealing that estimates ln Z.

Units are ±1 in float32, [rows, units].  Rows go through in blocks that stay in the cache; random numbers are keyed by
(seed, block and layer, step), as in `kernels`.
"""

import numpy as np

from rbmrg.jit import njit
from rbmrg.rbm.kernels import sample_units

ROWS = 128  # of a block


@njit
def gibbs(W, visible_bias, hidden_bias, v, steps, seed):
    """`steps` times v → h → v, in place on `v` [rows, visible]."""
    for block in range((v.shape[0] + ROWS - 1) // ROWS):
        visible = v[block * ROWS : (block + 1) * ROWS]
        hidden_fields = np.empty((visible.shape[0], W.shape[1]), np.float32)
        hidden, visible_fields = np.empty_like(hidden_fields), np.empty_like(visible)
        for step in range(steps):
            np.dot(visible, W, hidden_fields)
            sample_units(hidden_fields, hidden_bias, seed, 2 * block, step, hidden)
            np.dot(hidden, W.T, visible_fields)
            sample_units(visible_fields, visible_bias, seed, 2 * block + 1, step, visible)


@njit
def log_2cosh_ratio(x, before, now):
    """ln(cosh(now·x)/cosh(before·x)) of a float32 x ≥ 0 and 0 ≤ before ≤ now."""
    return (now - before) * x + np.log1p(np.exp(-2 * now * x)) - np.log1p(np.exp(-2 * before * x))


@njit
def scale(x, factor):
    """Multiply float32 `x` [rows, n] by `factor` in place."""
    for row in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[row, j] *= factor


@njit
def anneal(W, visible_bias, hidden_bias, v, betas, seed, log_weights):
    """Take the chains `v` through p_β(v) ∝ e^{c·v} Π_a 2cosh β(v·W + b)_a at the increasing `betas`, in place.

    Adds ln p_β'(v)/p_β(v) of each step to `log_weights` [rows], and makes a Gibbs step that leaves p_β' invariant.
    """
    rows = v.shape[0]
    fields = np.empty((rows, W.shape[1]), np.float32)
    hidden, visible_fields = np.empty_like(fields), np.empty_like(v)
    zero = np.zeros_like(hidden_bias)
    for step in range(1, betas.size):
        before, beta = betas[step - 1], betas[step]
        np.dot(v, W, fields)
        for row in range(rows):
            total = 0.0
            for a in range(fields.shape[1]):
                fields[row, a] += hidden_bias[a]
                total += log_2cosh_ratio(abs(fields[row, a]), before, beta)
            log_weights[row] += total
        scale(fields, beta)
        sample_units(fields, zero, seed, 0, step, hidden)
        np.dot(hidden, W.T, visible_fields)
        scale(visible_fields, beta)
        sample_units(visible_fields, visible_bias, seed, 1, step, v)
