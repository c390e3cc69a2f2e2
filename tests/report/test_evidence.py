"""Rows of the table of claims: machines that speak together or for themselves, and estimates that are not there."""

import numpy as np
import pandas as pd
import pytest

from rbmrg.report.evidence import COLUMNS, RULE, UNKNOWN, Scope, of_column, row, scopes, with_common_error
from rbmrg.report.verdicts import Region
from rbmrg.stats import Interval, interval

REGION = Region(1.0, 2.0)
SCOPE = Scope("3 machines", 3)
FOUND = Interval(1.5, 0.1, 1.3, 1.7)
nan = np.nan
inf = np.inf


def seeds(*values):
    return pd.DataFrame({"seed": range(len(values)), "value": values, "error": 0.1})


def test_a_row_has_the_columns():
    found = row("C1", "T", "deep", SCOPE, {"T": (FOUND, REGION)})
    assert list(found) == COLUMNS
    assert found == {
        "claim": "C1", "quantity": "T", "source": "deep", "scope": "3 machines", "machines": 3, "estimate": 1.5,
        "error": 0.1, "low": 1.3, "high": 1.7, "region_low": 1.0, "region_high": 2.0, "verdict": "reproduced",
        "reason": "",
    }  # fmt: skip


def test_a_row_without_an_estimate_says_so():
    found = row("C1", "T", "deep", SCOPE, {"T": (UNKNOWN, REGION)})
    assert (found["verdict"], found["reason"]) == ("undecided", "no estimate")
    found = row("C1", "T", "deep", SCOPE, {"T": (UNKNOWN, REGION)}, "the method fails")
    assert (found["verdict"], found["reason"]) == ("not diagnostic", "the method fails")


@pytest.mark.parametrize(
    ("other", "verdict", "reason"),
    [
        ((1.2, 1.4), "reproduced", ""),
        ((2.2, 2.4), "not reproduced", "m = 2.3 (2.2 to 2.4), region 1 to 2"),
        ((1.8, 2.4), "undecided", "m = 2.1 (1.8 to 2.4), region 1 to 2"),
        ((nan, nan), "undecided", "m: no estimate"),
    ],
)
def test_a_row_says_which_other_test_decided(other, verdict, reason):
    second = Interval(np.mean(other), nan, *other)
    found = row("C4", "T", "deep", SCOPE, {"T": (FOUND, REGION), "m": (second, REGION)})
    assert (found["verdict"], found["reason"]) == (verdict, reason)
    assert found["estimate"] == FOUND.estimate


def test_a_rival_takes_away_a_reproduction_only():
    found = row("C1", "T", "deep", SCOPE, {"T": (FOUND, REGION)}, rival="it has learned its data")
    assert (found["verdict"], found["reason"]) == ("not diagnostic", "it has learned its data")
    outside = Interval(3.0, 0.1, 2.8, 3.2)
    found = row("C1", "T", "deep", SCOPE, {"T": (outside, REGION)}, rival="it has learned its data")
    assert (found["verdict"], found["reason"]) == ("not reproduced", "")


def test_three_machines_speak_together_and_two_for_themselves():
    [(scope, together)] = scopes(seeds(1.0, 2.0, 3.0))
    assert scope == SCOPE
    assert len(together) == 3
    alone = list(scopes(seeds(1.0, 2.0)))
    assert [scope for scope, _ in alone] == [Scope("this machine, seed 0", 1), Scope("this machine, seed 1", 1)]
    assert [rows.value.tolist() for _, rows in alone] == [[1.0], [2.0]]
    both = pd.concat([seeds(1.0, 2.0)] * 2)  # two rows of each seed are two machines, not four
    assert [len(rows) for _, rows in scopes(both)] == [2, 2]


def test_a_rule_is_no_machine():
    [(scope, _)] = scopes(seeds(1.0).assign(kind="rule"))
    assert scope == RULE == ("this rule", 0)
    [(scope, _)] = scopes(seeds(1.0).assign(kind="machine"))
    assert scope.machines == 1


def test_the_interval_of_a_column():
    assert of_column(seeds(1.0, 2.0, 3.0)) == interval([1.0, 2.0, 3.0], [0.1] * 3)
    assert of_column(seeds(1.0)[["value", "error", "seed"]].set_index([[7]])) == interval([1.0], [0.1])


@pytest.mark.parametrize("machines", [3, 8])
@pytest.mark.parametrize("scatter", [0.0, 0.3, 1.0, 10.0])
def test_intervals_of_machines_that_read_the_same_configurations_hold_the_truth(machines, scatter):
    """Of 4000 studies 94 % or more, as 95 % do within 3 σ; by scatter alone fewer, where machines scatter little."""
    rng = np.random.default_rng(4)
    common = rng.normal(size=(4000, 1))
    studies = common + scatter * rng.normal(size=(4000, machines))
    found = [interval(study, np.ones(machines)) for study in studies]
    widened = [with_common_error(one, np.ones(machines)) for one in found]
    assert np.mean([one.low <= 0 <= one.high for one in widened]) > 0.94
    if scatter < 1:
        assert np.mean([one.low <= 0 <= one.high for one in found]) < 0.6


def test_one_machine_and_machines_that_share_nothing_have_the_intervals_they_had():
    for values in ((1.5,), (1.0, 2.0, 3.0)):
        found = of_column(seeds(*values).assign(error=1e-9), common=True)
        np.testing.assert_allclose(found, of_column(seeds(*values).assign(error=1e-9)), rtol=0, atol=1e-8)
    assert of_column(seeds(1.5), common=True) == of_column(seeds(1.5))
    wider = of_column(seeds(1.5, 1.5, 1.5), common=True)
    np.testing.assert_allclose(wider, of_column(seeds(1.5)))


@pytest.mark.parametrize("values", [(nan,), (1.0, nan, 2.0), ()])
def test_no_seed_is_dropped_for_want_of_an_estimate(values):
    assert np.isnan(of_column(seeds(*values))).all()


def test_what_is_infinite_lies_outside_every_region():
    found = of_column(seeds(1.0, inf, 1.2))
    assert (found.low, found.high) == (inf, inf)
    assert row("C1", "T", "deep", SCOPE, {"T": (found, REGION)})["verdict"] == "not reproduced"
