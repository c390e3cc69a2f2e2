"""Temperatures along layers at all temperatures and seeds: by hand from single lattices, each with its own stream."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rg, sampling
from rbmrg.layers import readings, sources
from rbmrg.layers.thermometry import COLUMNS, follow
from rbmrg.machines.entries import Entry
from rbmrg.thermometers import curves_calibration

ENTRY = Entry("made", 8, ["2.269185"], "paper", 16, sites="shuffled", options={})
FILTER = Entry("made", 8, ["2.269185"], "convolutional", sites="shuffled", options={})
MAJORITY = rg.RULES["majority"]


def sample(T, rng):
    return xr.Dataset({"spin": (("sample", "y", "x"), sampling.sample(8, T, 200, rng))}, attrs={"T": T})


def stream(*key):
    """A stream for each key, here by its text."""
    return np.random.default_rng(list("/".join(map(str, key)).encode()))


@pytest.fixture(scope="module")
def samples():
    return [sample(2.0, 1), sample(2.5, 2)]


@pytest.fixture(scope="module")
def critical():
    return sample(2.269185, 3)


@pytest.fixture(scope="module")
def calibrations():
    temperatures = [1.5, 1.8, 2.1, 2.4, 2.8, 3.4]
    return {L: curves_calibration.calibrate(L, temperatures, n=200, rng=L) for L in (8, 4, 2)}


def by_hand(spins, rules, rng, calibrations):
    return follow([spins, *rg.iterate(spins, rules, rng)], calibrations)


def test_a_rule_is_read_at_each_temperature_with_the_stream_of_that(samples, calibrations):
    told = []
    found = readings.read_rule(iter(samples), MAJORITY, 2, calibrations, stream, lambda *words: told.append(words))
    assert list(found.columns) == [*COLUMNS, "kind", "source", "control", "recipe", "training", "seed", "T"]
    labels = {"kind": "rule", "source": "majority", "control": "none", "recipe": "", "training": "", "seed": 0}
    expected = [
        by_hand(one.spin.values, ["majority"] * 2, stream(text), calibrations).assign(**labels, T=float(text))
        for one, text in zip(samples, ("2.000000", "2.500000"), strict=True)
    ]
    pd.testing.assert_frame_equal(found, pd.concat(expected))
    assert told == [(1, "T = 2"), (2, "T = 2.5")]
    # negative control: another stream
    other = readings.read_rule(samples, MAJORITY, 2, calibrations, partial(stream, "other"))
    assert (other.temperature[other.layer > 0] != found.temperature[found.layer > 0]).any()


def test_every_seed_of_a_machine_is_read_with_its_own_layers_and_stream(samples, critical, calibrations):
    """As if it were alone; majority blocks that are positively correlated with the magnetisation keep their signs."""
    layers = {0: [MAJORITY], 3: [MAJORITY] * 2}
    told = []
    found = readings.read_machine(samples, critical, layers, calibrations, stream, FILTER, told.append)
    assert told == [1, 2]
    assert (found[["kind", "source", "control"]] == ["machine", "made", "shuffled"]).all(axis=None)
    assert found.seed.tolist() == [0] * 2 * 2 * 3 + [3] * 2 * 3 * 3
    for seed, rules in layers.items():
        mine = found[found.seed == seed]
        alone = readings.read_machine(samples, critical, {seed: rules}, calibrations, stream, FILTER)
        pd.testing.assert_frame_equal(mine, alone)
        for one, text in zip(samples, ("2.000000", "2.500000"), strict=True):
            expected = by_hand(one.spin.values, rules, stream(seed, text), calibrations)
            pd.testing.assert_frame_equal(mine.loc[mine["T"] == float(text), expected.columns], expected)


class Relabelled:
    """A rule whose blocks have other labels and signs, on lattices whose spins have those of `below`.

    A dense machine is free to choose both: with its weights and biases permuted and signed likewise it is the same.
    """

    def __init__(self, rule, units, rng, below=None):
        self.rule = rule
        self.labels = rng.permutation(units)
        self.signs = rng.choice(np.array([-1, 1], np.int8), units)
        self.below = below

    def apply(self, spins, rng):
        if self.below:
            spins = self.below.undo(spins)
        blocks = self.rule.apply(spins, rng)
        return (self.signs * blocks.reshape(len(blocks), -1)[:, self.labels]).reshape(blocks.shape)

    def undo(self, blocks):
        found = np.empty_like(blocks).reshape(len(blocks), -1)
        found[:, self.labels] = self.signs * blocks.reshape(len(blocks), -1)
        return found.reshape(blocks.shape)


def test_labels_and_signs_of_hidden_units_make_no_difference(samples, critical, calibrations):
    """The majority rule is read as it is, at both layers, to the rounding of float32: an exact symmetry of a machine.
    Negative control: the energy, which reads neighbours.
    """
    rng = np.random.default_rng(4)
    first = Relabelled(MAJORITY, 16, rng)
    stacks = ([MAJORITY] * 2, [first, Relabelled(MAJORITY, 4, rng, first)])
    plain, other = (
        readings.read_machine(samples, critical, {0: rules}, calibrations, stream, FILTER) for rules in stacks
    )
    lattice = plain.thermometer == "energy"
    columns = ["temperature", "error"]
    np.testing.assert_allclose(other.loc[~lattice, columns], plain.loc[~lattice, columns], rtol=1e-5)
    assert (plain.temperature[plain.layer < 2] > 0).all()
    first_layer = lattice & (plain.layer == 1)
    assert (other.temperature[first_layer] > plain.temperature[first_layer] + 0.01).all()
    as_a_rule = readings.read_rule(samples, MAJORITY, 2, calibrations, partial(stream, 0))
    pd.testing.assert_frame_equal(as_a_rule[plain.columns[:5]], plain[plain.columns[:5]])
    without = readings.read_machine(samples, critical, {0: stacks[1]}, calibrations, stream, ENTRY)
    expected = other[~lattice].reset_index(drop=True).assign(recipe=ENTRY.recipe)
    pd.testing.assert_frame_equal(without.reset_index(drop=True), expected)


def test_where_a_layer_comes_from():
    assert sources.of_rule(rg.RULES["average"]) == {
        "kind": "rule", "source": "average", "control": "none", "recipe": "", "training": ""
    }  # fmt: skip
    assert sources.of_machine(ENTRY) == {
        "kind": "machine", "source": "made", "control": "shuffled", "recipe": ENTRY.recipe, "training": ENTRY.mixture
    }  # fmt: skip
