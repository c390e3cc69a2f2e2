"""Coverage: by hand, on pulls of known distribution, and of the cheap analyses themselves.

Coverage holds unless a share is outside its range by more than two binomial standard errors.  With right errors and 40
replicas a quantity fails with probability 1.3e-2, with 200 with probability 6e-4; seeds are fixed.
"""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from rbmrg import coverage, rng
from rbmrg.trials import analyses, errors


def rows(pulls, error=0.1, quantity="a"):
    """Estimates of 2.0 that are off by `pulls` of an error of 0.1, said to have the error `error`."""
    estimates = [(quantity, *coverage.gaussian(2 + 0.1 * pull, error), 2.0, 0.0) for pull in pulls]
    table = pd.DataFrame(estimates, columns=coverage.COLUMNS[1:])
    return table.assign(replica=range(len(table)))


def normal(n):
    """The quantiles of n standard normal numbers."""
    return distributions.norm.ppf((np.arange(n) + 0.5) / n)


def test_a_table_by_hand():
    found = coverage.table(pd.concat([rows([0.5, -0.5, 1.5, 3.0]), rows([0.0, np.nan, 1.2], quantity="b")]))
    a, b = found.to_dict("records")
    assert (a["quantity"], a["truth"], a["replicas"]) == ("a", 2.0, 4)
    assert (a["coverage68"], a["coverage95"]) == (0.5, 0.75)
    assert a["pull_mean"] == pytest.approx(1.125)
    assert a["pull_width"] == pytest.approx(np.std([0.5, -0.5, 1.5, 3.0], ddof=1))
    assert a["pull_mean_error"] == pytest.approx(a["pull_width"] / 2)
    assert (b["replicas"], b["coverage68"], b["coverage95"]) == (2, 0.5, 1.0)


def test_the_error_of_the_truth_counts():
    table = rows(normal(200), error=0.05).assign(truth_error=np.sqrt(0.1**2 - 0.05**2))
    assert coverage.table(table).pull_width[0] == pytest.approx(0.995, abs=0.01)


def test_what_does_not_hold_says_by_how_much():
    notes = [
        coverage.table(rows(pulls, error)).note[0] for pulls, error in ((normal(200), 0.1), (normal(200) + 1, 0.2))
    ]
    assert notes == ["", "error / scatter = 2.00, bias = +0.50 errors"]


def test_right_errors_hold_and_wrong_ones_do_not():
    """Negative controls: errors halved and doubled on purpose, and estimates with a bias of their error."""
    held = {
        name: coverage.table(rows(pulls, error)).holds[0]
        for name, (pulls, error) in {
            "right": (normal(200), 0.1),
            "halved": (normal(200), 0.05),
            "doubled": (normal(200), 0.2),
            "biased": (normal(200) + 1, 0.1),
        }.items()
    }
    assert held == {"right": True, "halved": False, "doubled": False, "biased": False}


@pytest.mark.parametrize(("replicas", "alarms"), [(40, 1.4e-2), (200, 1e-3)])
def test_the_rule_has_its_false_alarm_rate_and_finds_what_it_should(replicas, alarms):
    failing = {}
    for level, right in coverage.LEVELS.items():
        low, high = coverage.limits(level, replicas)
        halved = 2 * distributions.norm.cdf(distributions.norm.ppf((1 + right) / 2) / 2) - 1
        for name, share in (("right", right), ("halved", halved)):
            held = np.arange(replicas + 1) / replicas
            outside = distributions.binom.pmf(np.arange(replicas + 1), replicas, share)[(held < low) | (held > high)]
            failing[name, level] = outside.sum()
    assert sum(failing["right", level] for level in coverage.LEVELS) < alarms
    assert max(failing["halved", level] for level in coverage.LEVELS) > 0.99


def tried(name, replicas):
    return errors.run(name, replicas, partial(rng.stream, "trial", 1, "errors", name))


@pytest.fixture(scope="module")
def cheap():
    """40 replicas of the analyses that take no time."""
    names = ("samples", "over_machines", "pair_couplings", "configuration_couplings")
    return pd.concat([tried(name, 40) for name in names], ignore_index=True)


def test_error_bars_of_cheap_analyses_hold(cheap):
    """Twelve quantities, each with a false alarm of 1.3e-2."""
    found = coverage.table(cheap)
    assert len(found) == 12
    assert found.holds.all(), found.to_string()
    assert (found.replicas == 40).all()


def test_an_error_that_is_halved_is_found(cheap):
    """Negative control, for every quantity whose pulls are Gauss's: Student's t of three has long tails."""
    gaussian = cheap[cheap.quantity != "Student's t over 3 machines"]
    ends = ["low68", "high68", "low95", "high95"]
    halved = gaussian.assign(**{end: (gaussian[end] + gaussian.estimate) / 2 for end in ends})
    assert not coverage.table(halved).holds.any()


def test_a_replica_depends_on_its_number_alone():
    pd.testing.assert_frame_equal(tried("samples", 3).query("replica < 2"), tried("samples", 2))
    seen = []
    errors.run("over_machines", 2, partial(rng.stream, "trial", 1), seen.append)
    assert seen == [1, 2]


@pytest.mark.long
@pytest.mark.parametrize("name", analyses.ANALYSES)
def test_every_analysis_has_a_truth_for_each_estimate(name):
    found = tried(name, 3)
    known = found.dropna()
    assert set(known.quantity) == set(found.quantity)
    assert (known.low95 <= known.low68).all()
    assert (known.high95 >= known.high68).all()
    assert (known.truth_error < 0.1 * (known.high68 - known.low68)).mean() > 0.9
