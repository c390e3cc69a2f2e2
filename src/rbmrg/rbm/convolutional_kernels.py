"""The training loop of a convolutional RBM, compiled: sums over the places of each filter, on units [unit, row].

Every innermost loop runs over configurations (rows of the batch, or chains), so that LLVM vectorises it.  Parameters
are flat float32 vectors [filters.ravel(), visible_bias, hidden_bias].  The gradient is that of the dense machine,
summed over the places of each filter.
"""

import numpy as np

from rbmrg.jit import njit
from rbmrg.rbm.kernels import (
    DATA_HIDDEN,
    FIRST_GIBBS,
    ONE,
    bounded,
    copy_rows,
    gather,
    mean_units,
    penalise,
    sample_units,
    update,
)


@njit
def split(parameters, filters, elements):
    """Views of a flat vector: filters [f, k²], visible_bias [1], hidden_bias [f]."""
    weights = filters * elements
    return parameters[:weights].reshape(filters, elements), parameters[weights : weights + 1], parameters[weights + 1 :]


@njit
def hidden_fields(visible, sites, W, hidden_bias, fields):
    """Put Σ_j W[f, j] v[site j of place a] + b_f into `fields` [f·places + a, n], from `visible` [site, n]."""
    places, elements = sites.shape
    for unit in range(fields.shape[0]):
        f = unit // places
        a = unit % places
        for n in range(fields.shape[1]):
            fields[unit, n] = hidden_bias[f]
        for j in range(elements):
            site = sites[a, j]
            weight = W[f, j]
            for n in range(fields.shape[1]):
                fields[unit, n] += weight * visible[site, n]


@njit
def visible_fields(hidden, sites, W, visible_bias, fields):
    """Put the transposed sum, with the visible bias, into `fields` [site, n], from `hidden` [f·places + a, n]."""
    places, elements = sites.shape
    for site in range(fields.shape[0]):
        for n in range(fields.shape[1]):
            fields[site, n] = visible_bias[0]
    for unit in range(hidden.shape[0]):
        f = unit // places
        a = unit % places
        for j in range(elements):
            site = sites[a, j]
            weight = W[f, j]
            for n in range(fields.shape[1]):
                fields[site, n] += weight * hidden[unit, n]


@njit
def total(units, sums):
    """The sum of `units` [unit, n], over units first: these partial sums are left in `sums` [n]."""
    for n in range(sums.size):
        sums[n] = 0
    for unit in range(units.shape[0]):
        for n in range(sums.size):
            sums[n] += units[unit, n]
    return sum_of(sums)


@njit
def sum_of(x):
    """The sum of float32 `x` [n], in order."""
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
                site = sites[a, j]
                unit = f * places + a
                for n in range(sums.size):
                    sums[n] += visible[site, n] * hidden[unit, n]
            dW[f, j] += weight * sum_of(sums)
        d_hidden[f] += weight * total(hidden[f * places : (f + 1) * places], sums)
    d_visible[0] += weight * total(visible, sums)


@njit
def gather_columns(data, seed, step, flips, visible):
    """Fill `visible` [unit, row] with the rows of `data` that `kernels.gather` draws."""
    rows = np.empty((visible.shape[1], visible.shape[0]), np.float32)
    gather(data, seed, step, flips, rows)
    for unit in range(visible.shape[0]):
        for n in range(visible.shape[1]):
            visible[unit, n] = rows[n, unit]


@njit
def log_likelihood_gradient(state, sites, step, options, gradient):
    """Put ⟨v h⟩_data − ⟨v h⟩_model, summed over the places of each filter, and those of ⟨v⟩ and ⟨h⟩ into `gradient`.

    Persistent or plain contrastive divergence, as in `kernels.log_likelihood_gradient`; `state.chain` is
    [f·places + a, chains], and `sites` are the `convolutional.patches`.
    """
    data = state.data
    chain = state.chain
    batch = options.batch
    W, visible_bias, hidden_bias = split(state.parameters, chain.shape[0] // sites.shape[0], sites.shape[1])
    visible = np.empty((data.shape[1], batch), np.float32)
    fields = np.empty((chain.shape[0], batch), np.float32)
    hidden = np.empty_like(fields)
    none = np.zeros(batch, np.float32)  # the fields include the biases
    for i in range(gradient.size):
        gradient[i] = 0
    gather_columns(data, state.seed, step, options.flips, visible)
    hidden_fields(visible, sites, W, hidden_bias, fields)
    sample_units(fields, none, state.seed, DATA_HIDDEN, step, hidden)
    if not options.persistent:
        copy_rows(hidden, chain)
    if options.tanh_means:
        mean_units(fields, none, hidden)
    add_products(visible, hidden, sites, ONE / np.float32(batch), gradient)

    visible = np.empty((data.shape[1], chain.shape[1]), np.float32)
    dreamt = np.empty_like(visible)  # fields of the visible units
    fields = np.empty_like(chain)
    hidden = np.empty_like(chain)
    none = np.zeros(chain.shape[1], np.float32)
    for k in range(options.gibbs_steps):
        stream = FIRST_GIBBS + 2 * k
        visible_fields(chain, sites, W, visible_bias, dreamt)
        sample_units(dreamt, none, state.seed, stream, step, visible)
        hidden_fields(visible, sites, W, hidden_bias, fields)
        sample_units(fields, none, state.seed, stream + 1, step, chain)
    copy_rows(chain, hidden)
    if options.tanh_means:
        mean_units(fields, none, hidden)
    add_products(visible, hidden, sites, -ONE / np.float32(chain.shape[1]), gradient)


@njit
def train_steps(state, sites, start, rates, options):
    """Take the steps start+1 … start+rates.size on `state` by `options`; returns what `kernels.train_steps` returns.

    `l1` is a penalty over the dense weights: a filter is counted once for each of its places.
    """
    places, elements = sites.shape
    weights = state.chain.shape[0] // places * elements
    parameters = state.parameters
    gradient = np.empty_like(parameters)
    for k in range(rates.size):
        step = start + k + 1
        log_likelihood_gradient(state, sites, step, options, gradient)
        penalise(parameters, gradient, weights, options.l1 * np.float32(places))
        update(state, gradient, weights, rates[k], options)
        if not bounded(parameters):
            return step
    return 0
