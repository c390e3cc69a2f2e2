"""Compiled sums of operators: the integers of the definition, and its real numbers."""

import numpy as np
import pytest

from rbmrg import operators
from rbmrg.exponents import operator_sums

NAMES = list(operators.OPERATORS)


@pytest.mark.parametrize("L", [2, 3, 4, 10, 32, 64, 128])
def test_bits_give_the_same_integers(L):
    spins = np.random.default_rng(L).choice(np.array([-1, 1], np.int8), (7, L, L))
    assert np.array_equal(operator_sums.sums(spins, NAMES), operators.sums(spins, NAMES))


def test_operators_are_those_that_are_asked_for():
    spins = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (3, 8, 8))
    assert np.array_equal(operator_sums.sums(spins, ["wedge", "nn"]), operators.sums(spins, ["wedge", "nn"]))


@pytest.mark.parametrize("L", [2, 5, 16])
def test_real_valued_blocks(L):
    spins = np.random.default_rng(L).normal(size=(5, L, L)).astype(np.float32)
    expected = [operators.density(spins.astype(np.float64), name).sum(axis=(1, 2)) for name in NAMES]
    np.testing.assert_allclose(operator_sums.sums(spins, NAMES), np.transpose(expected), rtol=1e-12, atol=1e-11)


def test_a_lattice_that_does_not_fit_into_words_is_refused():
    with pytest.raises(ValueError, match="L = 66: must be at most 64 or a multiple of it"):
        operator_sums.sums(np.ones((1, 66, 66), np.int8), NAMES)
