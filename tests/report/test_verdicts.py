"""Verdicts: an interval against a region, each answer on numbers made up for it, and how often it is wrong."""

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg.lattice import TC
from rbmrg.report.verdicts import REGIONS, VERDICTS, Region, together, verdict
from rbmrg.stats import Interval, interval

REGION = Region(1.0, 2.0)
nan = np.nan
inf = np.inf


def of(low, high):
    return Interval((low + high) / 2, nan, low, high)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.1, 1.9, "reproduced"),
        (1.0, 2.0, "reproduced"),
        (0.9, 1.5, "undecided"),
        (1.5, 2.1, "undecided"),
        (0.5, 2.5, "undecided"),
        (0.5, 0.99, "not reproduced"),
        (2.01, 3.0, "not reproduced"),
        (2.01, inf, "not reproduced"),
        (inf, inf, "not reproduced"),
        (1.5, inf, "undecided"),
        (nan, nan, "undecided"),
    ],
)
def test_an_interval_against_a_region(low, high, expected):
    assert verdict([(of(low, high), REGION)]) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((1.1, 1.9), (1.1, 1.9), "reproduced"),
        ((1.1, 1.9), (1.1, 2.1), "undecided"),
        ((1.1, 1.9), (2.1, 2.2), "not reproduced"),
        ((0.5, 2.5), (2.1, 2.2), "not reproduced"),
        ((1.1, 1.9), (nan, nan), "undecided"),
    ],
)
def test_a_claim_about_two_quantities_needs_both(first, second, expected):
    tests = [(of(*first), REGION), (of(*second), REGION)]
    assert verdict(tests) == verdict(tests[::-1]) == expected


def test_what_cannot_tell_says_so_whatever_the_interval():
    assert verdict([(of(1.1, 1.9), REGION)], fault="the method fails") == "not diagnostic"
    assert verdict([]) == "undecided"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["reproduced", "reproduced"], "reproduced"),
        (["reproduced", "not diagnostic"], "reproduced"),
        (["reproduced", "undecided"], "undecided"),
        (["undecided", "not reproduced", "reproduced"], "not reproduced"),
        (["not diagnostic", "not diagnostic"], "not diagnostic"),
        ([], "not diagnostic"),
    ],
)
def test_rows_together(verdicts, expected):
    assert together(verdicts) == expected
    assert expected in VERDICTS


def test_the_declared_regions():
    assert REGIONS["temperature"] == pytest.approx((TC - 0.1, TC + 0.1))
    assert REGIONS["temperature"].holds(2.345)  # the maximum of the specific heat at L = 10
    assert REGIONS["spin"] == pytest.approx((0.1125, 0.1375))
    assert REGIONS["energy"] == REGIONS["magnetisation"] == pytest.approx((0.9, 1.1))


@pytest.mark.parametrize("machines", [1, 3, 8])
@pytest.mark.parametrize("truth", [1.0, 2.0])
def test_a_verdict_is_wrong_in_one_case_of_forty_at_worst(machines, truth):
    """At an edge of the region, the worst place, 2.5 % of 4000 intervals lie wholly beyond it on either side; |z| < 4.

    Two errors of the mean, the rule that we had, are wrong for three machines in 9 % of cases.
    """
    rng = np.random.default_rng(machines)
    estimates = rng.normal(truth, 0.01, (4000, machines))
    tests = [[(interval(each, [0.01] * machines), REGION)] for each in estimates]
    wrong = np.mean([verdict(test) == "not reproduced" for test in tests])
    assert abs(wrong - 0.025) < 4 * np.sqrt(0.025 * 0.975 / 4000)
    assert distributions.t.sf(2, 2) > 0.09
