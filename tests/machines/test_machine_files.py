"""Files of machines: back to RBMs, seed by seed and layer by layer, and the table of all of them."""

import json
from dataclasses import asdict

import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.machines import summary, training, weights
from rbmrg.machines.entries import Entry

TRAINING = ["2.000000", "3.000000"]
SPINS = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (20, 4, 4))
PLAIN = Entry("b", 4, TRAINING, "cd1-decay", 12, options={"steps": 0})
STACK = Entry("a", 4, TRAINING, "cd1-decay", [12, 5], sites="permuted", options={"steps": 100})


def file(dataset, entry, replica, layer):
    """A Dataset with the attributes that a file of it has."""
    return dataset.assign_attrs(machine=entry.name, replica=replica, layer=layer, entry=json.dumps(asdict(entry)))


@pytest.fixture(scope="module")
def files():
    lowest = training.learn(PLAIN, SPINS, SPINS, (1, 2, 3))
    upper = training.learn_layer(STACK, [weights.machine_of(lowest)], SPINS, SPINS, 1)
    return [file(lowest, PLAIN, 0, 1), file(upper, STACK, 1, 2)]


def test_the_table_of_machines_has_a_row_for_each_file(files):
    table = summary.table(iter(files))
    assert table.machine.tolist() == ["a", "b"]
    assert table.replica.tolist() == [1, 0]
    assert table.layer.tolist() == [2, 1]
    assert table.visible.tolist() == [12, 16]
    assert table.hidden.tolist() == [5, 12]
    assert table.recipe.tolist() == ["cd1-decay"] * 2
    assert table.options.tolist() == ['{"steps": 100}', '{"steps": 0}']
    assert table.training.tolist() == ["2 to 3, 2 temperatures"] * 2
    assert table.control.tolist() == ["permuted", "untrained"]
    assert table.steps.tolist() == [100, 0]
    assert table.kl.tolist()[1] == files[0].kl.item()
    assert np.isnan(table.kl.tolist()[0])
    assert table.pseudo_likelihood.tolist()[0] == files[1].pseudo_likelihood.values[-1]


def test_machines_come_back_by_seed_with_the_lowest_layer_first():
    """In whatever order the files come."""
    rng = np.random.default_rng(2)
    made = {}
    for seed in (0, 1):
        for layer, shape in ((1, (16, 4)), (2, (4, 3))):
            made[seed, layer] = rbm.RBM(rng.normal(size=shape), np.zeros(shape[0]), np.zeros(shape[1]))
    files = [
        file(weights.dataset([(0, machine), (100, machine)], {}), STACK, np.int64(seed), np.int64(layer))
        for (seed, layer), machine in reversed(made.items())
    ]
    found = weights.by_seed(iter(files))
    assert {seed: len(layers) for seed, layers in found.items()} == {0: 2, 1: 2}
    for (seed, layer), machine in made.items():
        np.testing.assert_array_equal(found[seed][layer - 1].W, machine.W)
