"""A layer measured: RG rules are on their own blocks, and the table of statistics has a row for each."""

import numpy as np
import pytest

from rbmrg import exact, rg, sampling
from rbmrg.layers import maps
from rbmrg.layers.assessment import assess
from rbmrg.layers.statistics import STATISTICS


@pytest.fixture(scope="module")
def spins():
    return sampling.sample(8, exact.TC, 4000, rng=1)


def assessed(spins, rules, blocks=True):
    """The uppermost layer."""
    return assess(spins, [rg.RULES[rule] for rule in rules], 2, 2, blocks)[-1]


@pytest.mark.parametrize("steps", [1, 2])
def test_the_block_average_is_on_its_own_block_and_covers_the_lattice(spins, steps):
    measured, table = assessed(spins, ["average"] * steps)
    found = table.set_index(["of", "statistic"])["mean"]
    for statistic in ("patch", "overlap", "coverage"):
        assert found["field", statistic] == pytest.approx(1, abs=1e-4)
    assert found["map", "overlap"] > 0.95
    assert found["map", "average"] == pytest.approx(np.abs(measured.correlator.mean(["y", "x"])).mean())
    assert ("below" in measured) == (steps == 2)


def test_maps_are_those_of_means_given_the_drawn_units_below(spins):
    """Two layers of the majority rule: ties of the upper one do not draw a coin, those of the lower one do."""
    rng = np.random.default_rng(2)
    lower = rg.coarse_grain(spins, "majority", rng)
    measured, _ = assessed(spins, ["majority"] * 2)
    expected, _ = maps.correlator(spins, rg.coarse_grain(lower, "majority", None))
    np.testing.assert_array_equal(measured.correlator, expected)
    drawn, _ = maps.correlator(spins, rg.coarse_grain(lower, "majority", rng))  # negative control
    assert np.abs(measured.correlator - drawn).max() > 0.003


def test_all_statistics_of_maps_and_fields_are_there_with_errors(spins):
    measured, table = assessed(spins, ["majority"])
    assert table.statistic.tolist() == 2 * list(STATISTICS)
    assert table.of.tolist() == len(STATISTICS) * ["map"] + len(STATISTICS) * ["field"]
    assert table[["mean", "error", "spread"]].notna().all(axis=None)
    values = measured.statistic_value
    assert values.dims == ("of", "statistic", "unit")
    for row in table.itertuples():
        assert values.sel(of=row.of, statistic=row.statistic).mean() == pytest.approx(row.mean)


def test_shuffled_blocks_are_not_those_of_the_rule(spins):
    """The control: the same numbers for blocks that belong to other configurations see nothing."""

    class Shuffled:
        def apply(self, spins, rng):
            return rg.coarse_grain(spins, "average", rng)[::-1]

    found = assess(spins, [Shuffled()], 2, 2, True)[0][1].set_index(["of", "statistic"])
    assert found.units["field", "patch"] <= 2
    assert (
        found["mean"]["field", "average"]
        < 0.01 * assessed(spins, ["average"])[1].set_index(["of", "statistic"])["mean"]["map", "average"]
    )


def test_fields_of_too_few_spins_have_no_errors(spins):
    """Four parts of 60 configurations: fewer than the 64 sites of a field."""
    measured, table = assessed(spins[:240], ["majority"])
    assert measured.field_error.isnull().all()
    assert table[table.of == "field"].error.isna().all()
    assert table[table.of == "map"].error.notna().any()
