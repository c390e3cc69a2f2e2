"""Known answers of C10: rules that are far off are told from few configurations, and the majority rule from many."""

from functools import partial

import pytest

from rbmrg import rng
from rbmrg.trials import exponents
from rbmrg.trials.summary import summaries

STREAM = partial(rng.stream, "trial", 1, "exponents")


def only(monkeypatch, *names):
    monkeypatch.setattr(exponents, "CASES", {name: exponents.CASES[name] for name in names})


def test_wrong_rules_are_refused(monkeypatch):
    """Each by more than six of its errors in at least one exponent: a false alarm does not happen."""
    only(monkeypatch, "decimation", "untrained filter")
    known, power = summaries(exponents.judge(20, 0, STREAM))
    assert power.empty
    assert known.case.tolist() == ["decimation", "untrained filter"]
    assert (known.right_share == 1).all()
    assert (known.replicas == 20).all()


def test_power_rises_along_the_dial(monkeypatch):
    """With n = 1024 the shares were 0.04, 0.80 and 1.00 of 50 verdicts; a false alarm has a probability of 1e-5."""
    only(monkeypatch, "dial 0.1", "dial 0.25", "dial 0.5")
    known, power = summaries(exponents.judge(80, 0, STREAM))
    assert known.empty
    near, far, farthest = power.right_share
    assert near < 0.35 < far
    assert farthest == 1
    assert (power.replicas == 20).all()
    assert (power.wrong_share == 0).all()
    assert power.distance.is_monotonic_increasing


def test_a_replica_depends_on_its_number_alone(monkeypatch):
    only(monkeypatch, "decimation")
    seen = []
    more = exponents.judge(exponents.TOGETHER + 1, 0, STREAM, seen.append)
    assert seen == list(range(1, exponents.TOGETHER + 2))
    assert more.query("replica < 2").equals(exponents.judge(2, 0, STREAM))
    assert more.groupby("quantity").estimate.nunique().tolist() == [exponents.TOGETHER + 1] * 2


def test_the_majority_rule_is_judged_in_as_many_replicas_as_wanted(monkeypatch):
    only(monkeypatch, "majority", "decimation")
    monkeypatch.setattr(exponents, "N", exponents.FEW)
    known, _ = summaries(exponents.judge(3, 2, STREAM))
    assert known.set_index("case").replicas.to_dict() == {"majority": 2, "decimation": 3}


@pytest.mark.long
def test_the_majority_rule_is_not_refused(monkeypatch):
    """y_t is 0.012 inside its region, two of its errors, so that half of the verdicts are reproduced or more; a verdict
    is wrong if it is off by four.
    """
    only(monkeypatch, "majority")
    known, _ = summaries(exponents.judge(40, 40, STREAM))
    assert known.wrong_share[0] == 0
    assert known.right_share[0] > 0.3
