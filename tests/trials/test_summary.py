"""Shares of right and wrong verdicts, counted by hand."""

import pandas as pd
import pytest

from rbmrg.trials.summary import summaries

COLUMNS = ["claim", "case", "truth", "power", "replica", "verdict", "estimate", "quantity"]
REP = "reproduced"
NOT = "not reproduced"
UND = "undecided"
DIA = "not diagnostic"


def rows(verdicts, truth=True, power=False, claim="C1"):
    return pd.DataFrame(
        [(claim, "a", truth, power, replica, verdict, replica, "q") for replica, verdict in verdicts], columns=COLUMNS
    ).assign(region_low=0.5, region_high=1.0)


@pytest.mark.parametrize(("truth", "wrong", "right"), [(True, 0.25, 0.5), (False, 0.5, 0.25)])
def test_right_and_wrong(truth, wrong, right):
    known, power = summaries(rows(enumerate([REP, REP, NOT, UND]), truth))
    assert power.empty
    [row] = known.to_dict("records")
    assert row == {
        "claim": "C1", "case": "a", "truth": "holds" if truth else "fails", "verdict": REP, "wrong_share": wrong,
        "right_share": right, "replicas": 4,
    }  # fmt: skip


def test_rows_of_one_replica_are_one_verdict():
    known, _ = summaries(rows([(0, REP), (0, DIA), (1, REP), (1, NOT)]))
    [row] = known.to_dict("records")
    assert (row["replicas"], row["right_share"], row["wrong_share"]) == (2, 0.5, 0.5)


def test_the_table_of_power_has_the_mean_estimate():
    known, power = summaries(rows(enumerate([REP, NOT, NOT]), False, power=True))
    assert known.empty
    [row] = power.to_dict("records")
    assert (row["truth"], row["estimate"], row["right_share"]) == ("fails", 1.0, pytest.approx(2 / 3))
    assert row["distance"] == 0.25


def test_the_distance_is_that_of_the_farthest_quantity_that_can_tell():
    near = rows(enumerate([REP, NOT]), power=True)
    far = near.assign(quantity="far", estimate=[5.0, 6.0])
    blind = near.assign(quantity="blind", verdict=DIA, estimate=100.0)
    _, power = summaries(pd.concat([near, far, blind]))
    assert (power.estimate[0], power.distance[0]) == (5.5, 4.75)
    _, power = summaries(far.assign(region_high=float("inf")))  # the region has but one end
    assert power.distance[0] == 5.0
    _, power = summaries(blind)
    assert power[["estimate", "distance"]].isna().all(axis=None)
