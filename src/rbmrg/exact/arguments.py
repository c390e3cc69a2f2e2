"""How a formula for one temperature takes an array of them."""

import functools

import numpy as np

from rbmrg import arguments


def at_each_temperature(function):
    """Let `function(L, T)` of one temperature take an array of them; check both arguments."""

    @functools.wraps(function)
    def at_each(L, T):
        L = arguments.integer("L", L, 2)
        T = arguments.temperatures(T)
        return np.array([function(L, t) for t in T.ravel().tolist()], float).reshape(T.shape)[()]

    return at_each
