"""Bits that are counted: the population count of a word, in lines that compilers vectorise."""

import numpy as np

from rbmrg.jit import njit

# Masks that count bits: every second bit, two of four, four of eight, one of eight.
ODD_BITS, LOW_PAIRS, LOW_NIBBLES, LOW_BYTES = (np.uint64(2**64 // n) for n in (3, 5, 17, 255))


@njit(inline="always")
def population_count(x):
    """The number of bits set in `x` (uint64); LLVM turns these lines into the processor's vector instructions."""
    x -= (x >> np.uint64(1)) & ODD_BITS
    x = (x & LOW_PAIRS) + ((x >> np.uint64(2)) & LOW_PAIRS)
    return (((x + (x >> np.uint64(4))) & LOW_NIBBLES) * LOW_BYTES) >> np.uint64(56)
