"""Arguments of the exact formulas: which L and T are allowed, and how a function of one temperature takes an array."""

import functools

import numpy as np


def check_size(L):
    """Raise ValueError unless L is an integer ≥ 2."""
    if L < 2 or int(L) != L:
        raise ValueError(f"L = {L}: must be an integer ≥ 2")


def check_temperatures(T):
    """Raise ValueError unless every temperature in `T`, a number or an array, is ≥ 0 (0 and inf included)."""
    for t in np.ravel(T):
        if not t >= 0:  # NaN is not ≥ 0
            raise ValueError(f"T = {t}: must be a number ≥ 0, or inf")


def at_each_temperature(function):
    """Let `function(L, T)` of one temperature take an array of them; check both arguments."""

    @functools.wraps(function)
    def at_each(L, T):
        check_size(L)
        T = np.asarray(T, float)
        check_temperatures(T)
        return np.array([function(int(L), t) for t in T.ravel().tolist()], float).reshape(T.shape)[()]

    return at_each
