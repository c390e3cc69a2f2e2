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
TOGETHER = 16  # elements that are copied to one place, a line of the cache: else each copied element moves a line
LARGE = 2**17  # elements of a matrix: its tables have four times as many, 2 MiB, as many as a second-level cache holds


@njit
def groups(n):
    """The number of groups of `n` rows: group g has the rows g + k·groups(n) < n for k = 0 … 3."""
    return (n + SIZE - 1) // SIZE


@njit
def tables(matrix):
    """All sums of the rows of `matrix`, or none of a large one: `look_up` then makes them part by part."""
    return part_of_tables(matrix, 0, groups(matrix.shape[0]) if matrix.size <= LARGE else 0)


@njit
def part_of_tables(matrix, begin, end):
    """The sums of the groups `begin` … `end` − 1 of rows of `matrix` [n, m] with all signs, float32 [groups, 16, m].

    Bit k of the index of a sum is set if the sign of the group's row k is +1.
    """
    n, m = matrix.shape
    count = groups(n)
    sums = np.empty((end - begin, SUMS, m), np.float32)
    pairs = np.empty((2 * SIZE, m), np.float32)
    for g in range(end - begin):
        for k in range(2):
            signed_pairs(matrix, begin + g + 2 * k * count, count, pairs[SIZE * k : SIZE * (k + 1)])
        for s in range(SUMS):
            low = pairs[s % SIZE]
            high = pairs[SIZE + s // SIZE]
            total = sums[g, s]
            for j in range(m):
                total[j] = low[j] + high[j]
    return sums


@njit
def signed_pairs(matrix, first, distance, pairs):
    """Put −x−y, x−y, −x+y and x+y into `pairs`: row `first` of `matrix` and the one at a `distance`, or 0 for none."""
    n, m = matrix.shape
    there = np.float32(first < n)
    also = np.float32(first + distance < n)
    x = matrix[min(first, n - 1)]
    y = matrix[min(first + distance, n - 1)]
    for j in range(m):
        total = there * x[j] + also * y[j]
        difference = there * x[j] - also * y[j]
        pairs[0, j] = -total
        pairs[1, j] = difference
        pairs[2, j] = -difference
        pairs[3, j] = total


@njit
def transposed(matrix):
    """A transposed copy of `matrix`."""
    n, m = matrix.shape
    copy = np.empty((m, n), np.float32)
    for first in range(0, n, TOGETHER):
        for j in range(m):
            for i in range(first, min(first + TOGETHER, n)):
                copy[j, i] = matrix[i, j]
    return copy


@njit
def row_patterns(units):
    """The signs of the groups of each row of ±1 `units` [rows, n] as the index of a sum, uint8 [groups, rows]."""
    rows, n = units.shape
    count = groups(n)
    patterns = np.empty((count, rows), np.uint8)
    found = np.empty(count, np.uint8)
    for row in range(rows):
        for g in range(count):
            found[g] = 0
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
    patterns = np.empty((count, n), np.uint8)
    for row in range(rows):
        k = np.uint8(row // count)
        for i in range(n):
            found = patterns[row % count, i] if k else np.uint8(0)
            patterns[row % count, i] = found | np.uint8(units[row, i] > 0) << k
    return patterns


@njit
def look_up(matrix, sums, patterns, products):
    """Put the product of ±1 units, given as `patterns`, with `matrix` and its `tables` into `products` [rows, m]."""
    for row in range(products.shape[0]):
        for j in range(products.shape[1]):
            products[row, j] = 0
    count = patterns.shape[0]
    if sums.shape[0] == count:
        add_sums(sums, patterns, products)
    else:
        for first in range(0, count, AT_ONCE):
            last = min(first + AT_ONCE, count)
            add_sums(part_of_tables(matrix, first, last), patterns[first:last], products)


@njit
def add_sums(sums, patterns, products):
    """Add the `sums` that `patterns` [groups, rows] choose to `products`."""
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
    terms = np.empty(n - n // 2, np.float32)
    for row in range(units.shape[0]):
        signs = units[row]
        for i in range(matrix.shape[0]):
            weights = matrix[i]
            size = terms.size
            terms[size - 1] = signs[size - 1] * weights[size - 1]  # if n is odd, this one is left over
            for j in range(n // 2):  # sums of halves are vectors
                terms[j] = signs[j] * weights[j] + signs[size + j] * weights[size + j]
            while size > 1:
                half = size // 2
                for j in range(half):
                    terms[j] += terms[size - half + j]
                size -= half
            products[row, i] = terms[0]
