"""Sums of local operators, compiled: a row of spins is a word of bits, a product is XOR, and its sum counts bits.

They are the integers of `rbmrg.operators.sums`, in a twentieth of the time.
"""

import numpy as np

from rbmrg import operators
from rbmrg.bits import population_count
from rbmrg.jit import njit

WORD = 64  # spins
REACH = 3  # columns and rows that a shape may span


def sums(spins, names):
    """S_α of each configuration: ±1 of an integer type [n, L, L] → int64 [n, operators]; real-valued → float64.

    Raises ValueError if such spins are ±1, unless L ≤ 64 or a multiple of 64.
    """
    shapes = [(column, shape) for column, name in enumerate(names) for shape in operators.images(name)]
    sites = np.array([site for _, shape in shapes for site in shape])
    ends = np.cumsum([len(shape) for _, shape in shapes])
    columns = np.array([column for column, _ in shapes])
    if np.issubdtype(spins.dtype, np.floating):
        found = np.zeros((len(spins), len(names)))
        add_real_sums(spins.astype(np.float64), sites, ends, columns, found)
    else:
        found = np.zeros((len(spins), len(names)), np.int64)
        add_sums(pack(spins), spins.shape[-1], sites, ends, columns, found)
    return found


def pack(spins):
    """The signs of `spins` [n, L, L] as bits, −1 a one: uint64 [n, L, words], lowest bits first.

    Raises ValueError unless L ≤ 64 or a multiple of 64.
    """
    n, height, width = spins.shape
    if width > WORD and width % WORD:
        raise ValueError(f"L = {width}: must be at most {WORD} or a multiple of it")
    row_bytes = np.packbits(spins < 0, axis=2, bitorder="little")
    whole = np.zeros((n, height, -(-width // WORD) * WORD // 8), np.uint8)
    whole[:, :, : row_bytes.shape[2]] = row_bytes
    return whole.view("<u8")


@njit
def add_sums(rows, L, sites, ends, columns, found):
    """Add the sums of the products of all shapes to `found` (int64 [n, operators]), for packed `rows`.

    Shape k has the `sites` (int64 [all sites, 2], (y, x)) before `ends[k]`, and its sum goes to `columns[k]`.
    """
    words = rows.shape[2]
    turned = np.empty((REACH, (L + REACH - 1) * words), np.uint64)
    product = np.empty(L * words, np.uint64)
    for k in range(rows.shape[0]):
        turn(rows[k], L, turned)
        first = 0
        for shape in range(ends.size):
            product[:] = 0
            last = ends[shape] - 1
            for site in range(first, last):
                factor = turned[sites[site, 1], sites[site, 0] * words :]
                for i in range(product.size):
                    product[i] ^= factor[i]
            first = ends[shape]
            factor = turned[sites[last, 1], sites[last, 0] * words :]
            ones = np.uint64(0)
            for i in range(product.size):
                ones += population_count(product[i] ^ factor[i])
            found[k, columns[shape]] += L * L - 2 * np.int64(ones)


@njit
def turn(rows, L, turned):
    """Put the packed `rows` of a lattice, turned by 0, 1, … columns, into `turned`, with its first rows again below."""
    words = rows.shape[1]
    width = min(L, WORD)
    full = ~np.uint64(0) >> np.uint64(WORD - width)
    for shift in range(REACH):
        low = np.uint64(shift % width)
        high = np.uint64(width - shift % width)
        for y in range(L + REACH - 1):
            for w in range(words):
                word = rows[y % L, w]
                after = rows[y % L, (w + 1) % words]
                turned[shift, y * words + w] = (word >> low) | ((after << high) & full if low else np.uint64(0))


@njit
def add_real_sums(spins, sites, ends, columns, found):
    """Add the sums of the products of all shapes to `found` (float64 [n, operators]), for `spins` (float64 [n, L, L]).

    The other arguments are those of `add_sums`.
    """
    L = spins.shape[1]
    turned = np.empty((REACH, (L + REACH - 1) * L))
    product = np.empty(L * L)
    of_columns = np.empty(L)
    for k in range(spins.shape[0]):
        for shift in range(REACH):
            for y in range(L + REACH - 1):
                for x in range(L):
                    turned[shift, y * L + x] = spins[k, y % L, (x + shift) % L]
        first = 0
        for shape in range(ends.size):
            product[:] = 1.0
            last = ends[shape] - 1
            for site in range(first, last):
                factor = turned[sites[site, 1], sites[site, 0] * L :]
                for i in range(product.size):
                    product[i] *= factor[i]
            first = ends[shape]
            factor = turned[sites[last, 1], sites[last, 0] * L :]
            of_columns[:] = 0.0  # side by side, they are vectorised
            for y in range(L):
                for x in range(L):
                    of_columns[x] += product[y * L + x] * factor[y * L + x]
            found[k, columns[shape]] += of_columns.sum()
