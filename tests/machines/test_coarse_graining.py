"""Machines as coarse grainings: how many layers, of which lattices, and which rule each of them is."""

import numpy as np
import pytest

from rbmrg import rbm, rg
from rbmrg.machines import coarse_graining, entries
from rbmrg.rbm import convolutional

PLAIN = {"L": 8, "training": ["2.269185"], "recipe": "paper", "hidden": 16, "options": {}}


def machine(**changes):
    return PLAIN | changes


FILTER = machine(recipe="convolutional", hidden=None, options={"size": 3})


@pytest.mark.parametrize(
    ("described", "depth", "sides"),
    [
        (PLAIN, 1, [4]),
        (machine(hidden=[16, 4]), 2, [4, 2]),
        (machine(hidden=[16, 5]), 2, []),
        (machine(hidden=[16, 1]), 2, []),
        (machine(recipe="exact", hidden=None), 1, []),
        (FILTER, 2, [4, 2]),
        (FILTER | {"options": {"filters": 2}}, 2, []),
    ],
)
def test_layers_and_their_lattices(described, depth, sides):
    assert coarse_graining.depth(described, 2) == depth
    assert coarse_graining.sides(described, 2) == sides


def test_the_rules_of_a_stack_are_its_layers():
    rng = np.random.default_rng(1)
    layers = [rbm.RBM(rng.normal(size=shape), np.zeros(shape[0]), np.zeros(shape[1])) for shape in ((64, 16), (16, 4))]
    both = coarse_graining.rules(machine(hidden=[16, 4]), layers, 2)
    assert [rule.machine for rule in both] == layers
    assert [rule.machine for rule in coarse_graining.rules(machine(hidden=[16, 4]), layers, 1)] == layers[:1]
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


def test_the_rows_of_an_ablation_have_the_base_among_its_variations():
    named = {
        "base": machine(options={"l1": 0.1}),
        "a": machine(variation=["l1", "0.01"]),
        "b": machine(variation=["l1", "0.5"]),
        "c": machine(variation=["recipe", "pcd"]),
        "d": machine(variation=["zero_biases", "true"]),
        "e": machine(variation=["training", "2.0"]),
        "other": machine(),
    }
    assert entries.variations(named, "base") == [
        ["a", "l1", "0.01", "base"],
        ["base", "l1", "0.1", "base"],
        ["b", "l1", "0.5", "base"],
        ["base", "recipe", "paper", "base"],
        ["c", "recipe", "pcd", "base"],
        ["base", "zero_biases", "false", "base"],
        ["d", "zero_biases", "true", "base"],
        ["e", "training", "2.0", "base"],
        ["base", "training", "2.269", "base"],
    ]
    assert entries.variations({"other": machine()}, None) == []
