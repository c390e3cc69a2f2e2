"""A layer measured: the block average is its own reference, and the table of statistics has a row for each."""

import numpy as np
import pytest

from rbmrg import exact, rg, sampling
from rbmrg.layers.assessment import assess
from rbmrg.layers.statistics import STATISTICS


@pytest.fixture(scope="module")
def spins():
    return sampling.sample(8, exact.TC, 4000, rng=1)


def assessed(spins, rules, blocks=True):
    return assess(spins, [rg.RULES[rule] for rule in rules], 2, 2 ** len(rules), blocks)


@pytest.mark.parametrize("steps", [1, 2])
def test_the_block_average_overlaps_with_itself_and_covers_every_block_once(spins, steps):
    measured, table = assessed(spins, ["average"] * steps)
    found = table.set_index(["of", "statistic"])["mean"]
    assert found["field", "coverage"] == 1
    assert found["field", "overlap"] > 0.999
    assert found["field", "best_four"] > (0.999 if steps == 1 else 0.2)
    assert found["map", "overlap"] > 0.95
    assert found["map", "average"] == pytest.approx(np.abs(measured.correlator[0].mean(["y", "x"])).mean())
    assert ("below" in measured) == (steps == 2)


def test_all_statistics_of_maps_and_fields_are_there_with_errors(spins):
    _, table = assessed(spins, ["majority"])
    names = list(STATISTICS)
    assert table[table.of == "map"].statistic.tolist() == names
    assert table[table.of == "field"].statistic.tolist() == [name for name in names if name != "corr_m"]
    assert table[["mean", "error", "spread"]].notna().all(axis=None)


def test_shuffled_blocks_are_not_those_of_the_rule(spins):
    """The control: the same numbers for blocks that belong to other configurations."""

    class Shuffled:
        def apply(self, spins, rng):
            return rg.coarse_grain(spins, "average", rng)[::-1]

    found = assess(spins, [Shuffled()], 2, 2, True)[1].set_index(["of", "statistic"])["mean"]
    assert found["field", "overlap"] < 0.9
    assert found["field", "best_four"] < 0.5
