"""Random words inside kernels, counter-based: each depends on its key and place, never on the order of work.

SplitMix64: Steele, Lea & Flood, OOPSLA 2014 (here its output function, applied to a counter).
Philox4x32: Salmon, Moraes, Dror & Shaw, SC'11; with 7 rounds, their fastest variant that passes BigCrush.
"""

import numpy as np

from rbmrg.jit import njit

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(inline="always")
def splitmix64(x):
    """The 64-bit word at position `x` (uint64); walk a sequence by adding `GOLDEN` to `x`."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit
def philox_row(seed, stream, step, row, words):
    """Fill `words` (uint32 [n], n a multiple of 4) for a `row` of a `step` of a `stream`, keyed by `seed` (uint64)."""
    quads = words.size // 4
    for q in range(quads):
        c0 = np.uint32(q)
        c1 = np.uint32(row)
        c2 = np.uint32(step)
        c3 = np.uint32(stream)
        k0 = np.uint32(seed)
        k1 = np.uint32(seed >> np.uint64(32))
        for _ in range(7):
            p0 = np.uint64(np.uint32(0xD2511F53)) * np.uint64(c0)
            p1 = np.uint64(np.uint32(0xCD9E8D57)) * np.uint64(c2)
            c0 = np.uint32(p1 >> np.uint64(32)) ^ c1 ^ k0
            c2 = np.uint32(p0 >> np.uint64(32)) ^ c3 ^ k1
            c1 = np.uint32(p1)
            c3 = np.uint32(p0)
            k0 = np.uint32(k0 + np.uint32(0x9E3779B9))
            k1 = np.uint32(k1 + np.uint32(0xBB67AE85))
        words[q] = c0
        words[quads + q] = c1
        words[2 * quads + q] = c2
        words[3 * quads + q] = c3
