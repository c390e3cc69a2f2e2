"""Products of ±1 units with a matrix, compiled: signed sums of four of its rows are tabulated, looked up and added.

This method of four Russians (Arlazarov, Dinic, Kronrod & Faradzhev 1970) takes a quarter of the additions of a plain
product, besides those of the tables, which several products share.  The code fixes the order of all sums, so other
processors and libraries give the same bytes.
"""

import numpy as np

from rbmrg.jit import njit

SIZE = 4  # rows of the matrix in a group
SUMS = 16  # sums of them, with all signs
AT_ONCE = 5  # groups looked up in one pass over the result


@njit
def groups(n):
    """The number of groups of `n` rows: group g has the rows g + k·groups(n) < n for k = 0 … 3."""
    return (n + SIZE - 1) // SIZE


@njit
def tables(matrix):
    """The sums of each group of rows of `matrix` [n, m] with all signs, float32 [groups, 16, m].

    Bit k of the index of a sum is set if the sign of the group's row k is +1.
    """
    n, m = matrix.shape
    count = groups(n)
    sums = np.empty((count, SUMS, m), np.float32)
    pairs = np.empty((2, 4, m), np.float32)
    zero = np.zeros(m, np.float32)
    for g in range(count):
        for k in range(2):
            first = g + 2 * k * count
            x = matrix[first] if first < n else zero
            y = matrix[first + count] if first + count < n else zero
            signed_pairs(x, y, pairs[k])
        for s in range(SUMS):
            low = pairs[0, s % 4]
            high = pairs[1, s // 4]
            total = sums[g, s]
            for j in range(m):
                total[j] = low[j] + high[j]
    return sums


@njit
def signed_pairs(x, y, pairs):
    """Put −x−y, x−y, −x+y and x+y into the rows of `pairs`."""
    for j in range(x.size):
        total = x[j] + y[j]
        difference = x[j] - y[j]
        pairs[0, j] = -total
        pairs[1, j] = difference
        pairs[2, j] = -difference
        pairs[3, j] = total


@njit
def row_patterns(units):
    """The signs of the groups of each row of ±1 `units` [rows, n] as the index of a sum, uint8 [groups, rows]."""
    rows, n = units.shape
    count = groups(n)
    patterns = np.empty((count, rows), np.uint8)
    found = np.empty(count, np.uint8)
    for row in range(rows):
        found[:] = 0
        for k in range(SIZE):
            for g in range(min(count, n - k * count)):
                found[g] |= np.uint8(units[row, k * count + g] > 0) << np.uint8(k)
        for g in range(count):
            patterns[g, row] = found[g]
    return patterns


@njit
def column_patterns(units):
    """The same for the columns of `units` [rows, n], uint8 [groups, n]."""
    rows, n = units.shape
    count = groups(rows)
    patterns = np.zeros((count, n), np.uint8)
    for row in range(rows):
        k = np.uint8(row // count)
        for i in range(n):
            patterns[row % count, i] |= np.uint8(units[row, i] > 0) << k
    return patterns


@njit
def look_up(sums, patterns, products):
    """Put the product of ±1 units with a matrix into `products` [rows, m], given `patterns` and `tables` of them."""
    products[:] = 0
    whole = sums.shape[0] // AT_ONCE * AT_ONCE
    for g in range(0, whole, AT_ONCE):
        for row in range(products.shape[0]):
            a = sums[g, patterns[g, row]]
            b = sums[g + 1, patterns[g + 1, row]]
            c = sums[g + 2, patterns[g + 2, row]]
            d = sums[g + 3, patterns[g + 3, row]]
            e = sums[g + 4, patterns[g + 4, row]]
            result = products[row]
            for j in range(result.size):
                result[j] += (a[j] + b[j]) + (c[j] + d[j]) + e[j]
    for g in range(whole, sums.shape[0]):
        for row in range(products.shape[0]):
            a = sums[g, patterns[g, row]]
            result = products[row]
            for j in range(result.size):
                result[j] += a[j]


@njit
def few_products(units, matrix, products):
    """Put `units` [rows, n] times the transposed `matrix` [m, n] into `products`; few rows do not pay for tables."""
    n = units.shape[1]
    terms = np.empty(n, np.float32)
    for row in range(units.shape[0]):
        for i in range(matrix.shape[0]):
            for j in range(n):
                terms[j] = units[row, j] * matrix[i, j]
            size = n
            while size > 1:  # sums of halves are vectors
                half = size // 2
                for j in range(half):
                    terms[j] += terms[size - half + j]
                size -= half
            products[row, i] = terms[0]
