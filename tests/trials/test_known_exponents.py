"""Known answers of C10: rules that are far off are told from few configurations, and the majority rule from many."""

from functools import partial

import pytest

from rbmrg import rng
from rbmrg.trials import exponents
from rbmrg.trials.summary import summaries

STREAM = partial(rng.stream, "trial", 1, "exponents")


def test_wrong_rules_are_refused(monkeypatch):
    """Each by more than ten of its errors in at least one exponent: a false alarm does not happen."""
    monkeypatch.setattr(exponents, "CASES", {name: true for name, true in exponents.CASES.items() if not true})
    known, power = summaries(exponents.judge(4, STREAM))
    assert power.empty
    assert len(known) == 3
    assert (known.right_share == 1).all()


def test_a_replica_depends_on_its_number_alone(monkeypatch):
    monkeypatch.setattr(exponents, "CASES", {"decimation": False})
    seen = []
    three = exponents.judge(3, STREAM, seen.append)
    assert seen == [1, 2, 3]
    assert three.query("replica < 2").equals(exponents.judge(2, STREAM))


@pytest.mark.long
def test_the_majority_rule_is_not_refused(monkeypatch):
    """y_t is 0.012 inside its region, two of its errors, so that half of the verdicts are reproduced or more; a verdict
    is wrong if it is off by four.
    """
    monkeypatch.setattr(exponents, "CASES", {"majority": True})
    known, _ = summaries(exponents.judge(40, STREAM))
    assert known.wrong_share[0] == 0
    assert known.right_share[0] > 0.3
