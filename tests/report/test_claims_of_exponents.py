"""Claim C10 on synthetic exponents: each seed for itself, and no verdict where rules of known answer are misjudged."""

import pandas as pd
import pytest
from exponent_tables import placed, table

from rbmrg.report import claims_of_exponents as claims


def rows(**options):
    return pd.DataFrame(claims.eigenvalues(table(**options)))


def verdicts(found, source, scope):
    return found[(found.source == source) & (found.scope == scope)].verdict.tolist()


def test_each_seed_speaks_for_itself():
    found = rows()
    assert verdicts(found, "majority", "this rule") == ["reproduced"] * 2
    assert verdicts(found, "filter", "this machine, seed 0") == ["reproduced"] * 2
    assert verdicts(found, "filter", "this machine, seed 1") == ["not reproduced"] * 2
    assert verdicts(found, "untrained", "this machine, seed 0") == ["not reproduced"] * 2
    assert "decimation" not in set(found.source)
    assert "dial 0.5" not in set(found.source)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [((1.0, 1.875), ["reproduced"] * 2), ((0.981, 1.875), ["undecided", "reproduced"]),
     ((1.0, 1.87), ["reproduced", "not reproduced"]), ((1.03, 1.8781), ["not reproduced", "undecided"])],
)  # fmt: skip
def test_both_exponents_count(filter, expected):
    found = rows(filter=filter, error=1e-3, majority=(1.0, 1.875))
    assert verdicts(found, "filter", "this machine, seed 0") == expected


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"majority": (1.05, 1.875)}, "majority is not reproduced"),
     ({"majority": (0.9801, 1.875)}, "majority is undecided"),
     ({"decimation": (1.0, 1.875)}, "decimation is reproduced")],
)  # fmt: skip
def test_the_method_must_see_what_is_known(changes, reason):
    found = rows(**changes)
    assert set(found.verdict) == {"not diagnostic"}
    assert set(found.reason) == {reason}


def test_without_decimation_nothing_is_told():
    given = table()
    found = pd.DataFrame(claims.eigenvalues(given[given.source != "decimation"]))
    assert set(found.reason) == {"decimation, whose answer is known, is not there"}


@pytest.mark.parametrize(
    ("quality", "first", "expected", "reason"),
    [(0.4, (1.0, 1.875), "not diagnostic", "units have no places: 0.40 of their weights lie there"),
     (0.8, (0.96, 1.881), "not diagnostic", "majority is not reproduced"),
     (0.8, (1.0, 1.875), "reproduced", "")],
)  # fmt: skip
def test_one_step_tells_if_units_have_places_and_majority_needs_no_more(quality, first, expected, reason):
    given = table()
    step = (given.source == "majority") & (given.level == 1)
    given.loc[step, ["y_t", "y_h"]] = first
    found = pd.DataFrame(claims.eigenvalues(pd.concat([given, placed(quality)])))
    assert verdicts(found, "dense", "this machine, seed 0") == [expected] * 2
    assert found[found.source == "dense"].reason.tolist() == [reason] * 2
    assert verdicts(found, "filter", "this machine, seed 0") == ["reproduced"] * 2  # by more than one step
