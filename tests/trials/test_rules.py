"""RG rules judged as machines: by the others' bands on made-up statistics, and relabelled on Monte Carlo data."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rg, rng, sampling
from rbmrg.lattice import TC
from rbmrg.layers import readings
from rbmrg.thermometers import curves_calibration
from rbmrg.trials import rules
from rbmrg.trials.summary import summaries

NAMES = ("patch", "moran")


def statistics(**means):
    """Statistics of fields of one layer, both with the same mean, and the values of 400 units that all have it."""
    rows = []
    values = []
    for source, mean in means.items():
        kind = "machine" if source == "blank" else "rule"
        attributes = {"kind": kind, "source": source, "L": 32, "layer": 1, "replica": 0}
        own = xr.DataArray(
            np.full((1, 2, 400), mean), {"of": ["field"], "statistic": list(NAMES)}, ("of", "statistic", "u")
        )
        values.append(xr.Dataset({"statistic_value": own}, attrs=attributes))
        rows += [(kind, source, "untrained" if source == "blank" else "none", 0, 32, 1, "field", name, mean, 0.001)
                 for name in NAMES]  # fmt: skip
    columns = ["kind", "source", "control", "seed", "L", "layer", "of", "statistic", "mean", "error"]
    return pd.DataFrame(rows, columns=columns).assign(units=400), values


def answers(**means):
    known, power = summaries(rules.by_the_others(*statistics(**means)))
    assert power.empty
    return known.set_index(["case", "claim"])


def test_rules_that_are_alike_pass_and_an_untrained_machine_does_not():
    found = answers(average=1.0, rescaled=1.0, majority=0.97, decimation=0.99, blank=0.1)
    assert (found.right_share == 1).all()
    assert found.truth["blank", "C5"] == "fails"
    assert found.truth["majority, by the other rules", "C6"] == "holds"
    assert len(found) == 10


def test_a_rule_is_not_judged_by_its_own_twin():
    table, _ = statistics(average=1.0, rescaled=1.0, majority=0.97, blank=0.1)
    assert set(rules.without(table, "average").source) == {"majority", "blank"}
    assert set(rules.without(table, "majority").source) == {"average", "rescaled", "blank"}


def test_a_statistic_by_which_a_rule_is_another_cannot_tell():
    found = answers(average=1.0, majority=0.97, decimation=0.4, blank=0.1)
    assert set(found.verdict) == {"not diagnostic"}
    assert len(found) == 8


@pytest.fixture(scope="module")
def majority():
    """Layer temperatures of the majority rule at L = 8 as a study has them, and what they were read from."""
    samples = [
        xr.Dataset({"spin": (("sample", "y", "x"), sampling.sample(8, T, 2000, rng=k))}, attrs={"T": T})
        for k, T in enumerate([TC, 2.0, 2.6])
    ]
    nodes = [1.0, 1.4, 1.8, 2.0, 2.2, 2.4, 2.7, 3.2, 4.0, 6.0]
    calibrations = {L: curves_calibration.calibrate(L, nodes, 2000, rng=L) for L in (8, 4)}
    stream = partial(rng.stream, "test", 1)
    table = readings.read_rule(samples[1:], rg.RULES["majority"], 1, calibrations, stream)
    return samples, calibrations, table


def test_relabelled_units_move_as_rg_does_and_units_without_order_do_not(majority):
    """The same reading but for the coins of ties; a layer that is hotter than any moves the other way from T = 2."""
    (critical, *samples), calibrations, table = majority
    told = []
    hot = table.assign(kind="machine", source="blank", control="untrained")
    hot.loc[hot.layer == 1, ["temperature", "error"]] = np.inf, np.nan
    rows = rules.relabelled(
        samples, critical, rg.RULES["majority"], pd.concat([table, hot]), calibrations, 3,
        partial(rng.stream, "test", 2), told.append,
    )  # fmt: skip
    assert told == [1, 2, 3]
    known, _ = summaries(rows)
    found = known.set_index("case")
    assert found.truth.to_dict() == {"blank": "fails", rules.RELABELLED: "holds"}
    assert (found.right_share == 1).all()
    assert found.replicas.to_dict() == {"blank": 1, rules.RELABELLED: 3}
    changes = rows[rows.case == rules.RELABELLED].groupby("quantity").estimate.mean()
    assert len(changes) == 4  # two temperatures, two thermometers
    assert ((changes - 1).abs() < 0.1).all()


def test_relabelled_units_are_those_of_the_rule():
    blocks = rules.Relabelled(rg.RULES["majority"], 16, np.random.default_rng(1))
    spins = sampling.sample(8, 2.0, 50, rng=3)
    found, own = (rule.apply(spins, np.random.default_rng(4)) for rule in (blocks, rg.RULES["majority"]))
    assert (found != own).any()
    flat = [units.reshape(50, -1).astype(float) for units in (found, own)]
    np.testing.assert_array_equal(*[units @ units.T for units in flat])  # overlaps know neither order nor signs
    np.testing.assert_array_equal(blocks.apply(spins, np.random.default_rng(4)), found)  # the order is kept
