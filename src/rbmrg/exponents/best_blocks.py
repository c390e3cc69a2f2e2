"""Which rule for 2 × 2 blocks has the most mutual information with the environment: of all rules, and of filters.

I(H:E) is convex in the probabilities of H given the spins of the block (Cover & Thomas, Elements of Information Theory,
theorem 2.7.4): coins only cost information, and the best rule is one of the 2^8 functions that are ±1 and odd.
"""

import numpy as np

from rbmrg.exponents import information
from rbmrg.exponents.information import BITS, INNER

STRENGTH = 4.0  # Σ|w| of a filter, as on the dial
START = (4.0, 3.0, 2.0, 1.0)  # weights without any symmetry, from which the best filter is sought
STATES = BITS[:16, :4]  # of a block, rows first
BLOCK = (INNER[:, 1:3] > 0) @ [1, 2]
NUMBERS = BLOCK[:, None] + 4 * BLOCK  # of the block between two halves, [256, 256]


def given_blocks(shares):
    """(p(block|E) [16, environments], p(E)) for all environments that occur among the `shares` [256, 256]."""
    there = shares > 0
    of_blocks = [information.given_environment(number == NUMBERS)[there] for number in range(len(STATES))]
    return np.array(of_blocks), shares[there]


def means_of(function):
    """`information.block_means` of a `function` of the block, its values [16]."""
    return np.asarray(function, float)[NUMBERS]


def of_means(means, of_blocks, p):
    """I(H:E) of an odd function `means` [16] of the block, with what `given_blocks` returns."""
    return information.entropy(0.0) - p @ information.entropy(means @ of_blocks)


def best_rule(of_blocks, p):
    """The ±1 odd function of the block, int8 [16], with the largest I(H:E); four spins up make it +1."""
    functions = np.hstack([BITS, -BITS[:, ::-1]])[::2]
    return max(functions, key=lambda means: of_means(means, of_blocks, p))


def best_filter(of_blocks, p):
    """The weights [2, 2] of the filter with the largest I(H:E) among all of that STRENGTH and without bias."""
    from scipy.optimize import minimize  # takes longer to import than most jobs run

    def scaled(weights):
        return STRENGTH * weights / np.abs(weights).sum()

    found = minimize(lambda weights: -of_means(np.tanh(STATES @ scaled(weights)), of_blocks, p), START)
    return scaled(found.x).reshape(2, 2)
