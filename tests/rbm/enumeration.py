"""Distributions of small machines over all states of their layers, and random machines to try them on."""

import itertools

import numpy as np

from rbmrg import rbm
from rbmrg.rbm.model import sum_log_2cosh


def states(n):
    """All states of n units, int8 [2^n, n]: number i has its bits, highest first, as units."""
    return np.array(list(itertools.product([-1, 1], repeat=n)), np.int8)


def index(units):
    """The place of rows of ±1 in `states`."""
    return (units > 0) @ (1 << np.arange(units.shape[1])[::-1])


def random_machine(visible, hidden, scale=0.6, seed=3):
    rng = np.random.default_rng(seed)
    return rbm.RBM(*(rng.normal(scale=scale, size=size) for size in ((visible, hidden), visible, hidden)))


def distribution(machine):
    """P(v) of all states of the visible layer."""
    weights = -machine.free_energy(states(len(machine.W)))
    return np.exp(weights - np.logaddexp.reduce(weights))


def conditional(machine, v):
    """p(h|v) of all states of the hidden layer, [n, states]."""
    return _independent(machine.hidden_field(v, np.float64))


def passed_on(machine, v, p):
    """Σ_v p(v) p(h|v) of all states of the hidden layer; its two halves are independent given v."""
    field = machine.hidden_field(v, np.float64)
    half = field.shape[1] // 2
    first = _independent(field[:, :half])
    second = _independent(field[:, half:])
    return ((first * p[:, None]).T @ second).ravel()


def _independent(field):
    """Probabilities of all states of units in these fields, [n, states]."""
    return np.exp(field @ states(field.shape[1]).T - sum_log_2cosh(field)[:, None])


def largest_z(samples, expected):
    """The largest difference between the means of independent `samples` [n, numbers] and `expected`, in σ."""
    return np.abs((samples.mean(axis=0) - expected) * np.sqrt(len(samples)) / samples.std(axis=0, ddof=1)).max()
