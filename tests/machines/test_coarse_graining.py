"""Machines as coarse grainings: how many layers, of which lattices, and which rule each of them is."""

import numpy as np
import pytest

from rbmrg import rbm, rg
from rbmrg.machines import coarse_graining
from rbmrg.machines.entries import Entry
from rbmrg.rbm import convolutional


def entry(recipe="paper", hidden=None, **options):
    return Entry("made", 8, ["2.269185"], recipe, hidden, options=options)


FILTER = entry("convolutional", size=3)


@pytest.mark.parametrize(
    ("made", "depth", "sides"),
    [
        (entry(hidden=16), 1, [4]),
        (entry(hidden=[16, 4]), 2, [4, 2]),
        (entry(hidden=[16, 5]), 2, []),
        (entry(hidden=[16, 1]), 2, []),
        (entry("exact"), 1, []),
        (FILTER, 2, [4, 2]),
        (entry("convolutional", size=5), 1, [4]),  # it does not fit into 4 × 4
        (entry("convolutional", filters=2), 1, []),
    ],
)
def test_layers_and_their_lattices(made, depth, sides):
    assert coarse_graining.depth(made, 2) == depth
    assert coarse_graining.sides(made, 2) == sides


def test_the_rules_of_a_stack_are_its_layers():
    rng = np.random.default_rng(1)
    layers = [rbm.RBM(rng.normal(size=shape), np.zeros(shape[0]), np.zeros(shape[1])) for shape in ((64, 16), (16, 4))]
    both = coarse_graining.rules(entry(hidden=[16, 4]), layers, 2)
    assert [rule.machine for rule in both] == layers
    assert [rule.machine for rule in coarse_graining.rules(entry(hidden=[16, 4]), layers, 1)] == layers[:1]
    spins = rng.choice(np.array([-1, 1], np.int8), (5, 8, 8))
    means = [layers[0].hidden_mean(spins), layers[1].hidden_mean(layers[0].hidden_mean(spins))]
    for found, expected in zip(rg.iterate(spins, both, None), means, strict=True):
        np.testing.assert_array_equal(found.reshape(5, -1), expected)


def test_a_convolutional_machine_is_the_same_rule_at_every_layer():
    rng = np.random.default_rng(2)
    shared = convolutional.ConvolutionalRBM(rng.normal(size=(1, 3, 3)), 0.0, np.zeros(1), 8)
    rules = coarse_graining.rules(FILTER, [shared.dense()], 2)
    assert rules[0] is rules[1]
    np.testing.assert_array_equal(rules[0].machine.filters, shared.filters)
    spins = rng.choice(np.array([-1, 1], np.int8), (5, 8, 8))
    assert [lattice.shape for lattice in rg.iterate(spins, rules, 1)] == [(5, 4, 4), (5, 2, 2)]
