"""Where each map of a layer is largest, alone and summed over windows, compiled: one pass over a map for all of it."""

import numpy as np

from rbmrg.jit import njit


@njit
def choose_places(first, second, factor, peaks, signs, windows, shares):
    """The places that the sum x = `first` + `second` of two maps [units, L, L] has for each unit.

    Fills `peaks` and `windows`, int64 [units], with the sites y·L + x where |x| is largest and where the window of
    `factor` × `factor` sites with the largest Σ x² begins; `signs` [units] with the sign of x at its peak; and `shares`
    [units, L, L] with the share of Σ x² in the window that begins at each site, 0 for a map that is 0.  A map of NaN
    has place 0 and sign 0.
    """
    units, L, _ = first.shape
    squares = np.empty((L, L))
    columns = np.empty((L, L + factor - 1))  # continued around the torus
    for unit in range(units):
        peaks[unit] = 0
        windows[unit] = 0
        signs[unit] = 0.0
        total = 0.0
        largest = -1.0
        for y in range(L):
            for x in range(L):
                value = first[unit, y, x] + second[unit, y, x]
                squares[y, x] = value * value
                total += squares[y, x]
                if squares[y, x] > largest:
                    largest = squares[y, x]
                    peaks[unit] = y * L + x
                    signs[unit] = np.sign(value)
        sum_columns(squares, factor, columns)
        most = -1.0
        scale = 1 / total if total > 0 else 0.0
        for y in range(L):
            for x in range(L):
                mass = columns[y, x]
                for k in range(1, factor):
                    mass += columns[y, x + k]
                shares[unit, y, x] = mass * scale
                if mass > most:
                    most = mass
                    windows[unit] = y * L + x


@njit
def sum_columns(squares, factor, columns):
    """Sums of `squares` [L, L] over `factor` sites downwards from each, into `columns` [L, L + factor − 1].

    After its last column the first ones come again, as on the torus.
    """
    L = len(squares)
    for y in range(L):
        for x in range(L):
            columns[y, x] = squares[y, x]
        for k in range(1, factor):
            below = (y + k) % L
            for x in range(L):
                columns[y, x] += squares[below, x]
        for x in range(factor - 1):
            columns[y, L + x] = columns[y, x]
