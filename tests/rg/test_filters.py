"""Filters as rules: those of convolutional machines, and the dial between majority and decimation."""

import numpy as np
import pytest

from rbmrg import rg, sampling
from rbmrg.lattice import TC
from rbmrg.rbm.convolutional import ConvolutionalRBM
from rbmrg.rg import filters
from rbmrg.rg.machine import Layer


@pytest.fixture(scope="module")
def spins():
    return sampling.sample(8, TC, 500, 1)


def machine(size, filters_=1, sign=-1):
    weights = sign * np.random.default_rng(size).uniform(0, 1, (filters_, size, size))
    return ConvolutionalRBM(weights, 0.0, np.full(filters_, 0.1), 8)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
def test_a_filter_is_the_layer_of_its_machine(size, spins):
    found = filters.of_machine(machine(size)).apply(spins, None)
    np.testing.assert_allclose(found, Layer(machine(size)).apply(spins, None), atol=1e-5)  # float32, another order


def test_draws_have_the_mean(spins):
    """z-scores of 500 · 16 blocks, grouped by configuration; beyond 4.5 with probability 7e-6 each."""
    rule = filters.dial(0.4)
    mean = rule.apply(spins[:1].repeat(4000, axis=0), None)[0]
    draws = rule.apply(spins[:1].repeat(4000, axis=0), np.random.default_rng(1))
    assert draws.dtype == np.int8
    spread = np.sqrt(np.maximum(1 - mean.astype(float) ** 2, 1e-3) / 4000)
    assert np.abs((draws.mean(axis=0) - mean) / spread).max() < 4.5


def test_the_ends_of_the_dial(spins):
    """tanh of four, of two, and a fair coin for a tie: 0.9993, 0.964 and 0."""
    majority = rg.RULES["majority"].apply(spins, None)
    assert np.abs(filters.dial(0).apply(spins, None) - majority).max() < 0.04
    first = rg.RULES["decimation"].apply(spins, None)
    assert np.abs(filters.dial(1).apply(spins, None) - first).max() < 0.001
    assert np.abs(filters.dial(0.5).apply(spins, None) - majority).max() > 0.5


@pytest.mark.parametrize("x", [0.0, 0.25, 1.0])
def test_the_place_on_the_dial(x):
    assert filters.place(filters.dial(x).weights) == pytest.approx(x)
    wide = np.full((4, 4), 0.1)
    wide[1:3, 1:3] = -filters.dial(x).weights[::-1]
    assert filters.place(wide) == pytest.approx(x)


def test_several_filters_are_refused():
    with pytest.raises(ValueError, match="filters = 2: must be 1"):
        filters.of_machine(machine(4, 2))
