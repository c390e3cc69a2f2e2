"""The whole table of claims, on synthetic evidence for all of them and for some."""

import pytest
from synthetic_evidence import dimensions_table, points_table, scans_table, statistics_table, temperatures_table

from rbmrg.report import claims
from rbmrg.report.evidence import COLUMNS


def evidence():
    """All that `assess` takes."""
    return {
        "points": points_table(), "scans": scans_table(), "dimensions": dimensions_table(),
        "statistics": statistics_table(), "temperatures": temperatures_table(),
    }  # fmt: skip


def test_the_table_has_all_columns_and_only_allowed_verdicts():
    table = claims.assess(**evidence())
    assert list(table) == COLUMNS
    assert set(table.verdict) <= {"reproduced", "not reproduced", "not diagnostic"}
    assert set(table.claim) == set(claims.STATEMENTS)
    assert table.claim.is_monotonic_increasing
    assert table.quantity.is_unique
    mine = table[table.quantity.str.contains("deep")]
    assert mine.claim.value_counts().to_dict() == {"C1": 1, "C2": 1, "C3": 2, "C4": 2, "C5": 3, "C6": 4, "C7": 12}
    assert mine.verdict.tolist() == ["reproduced"] * 25
    control = table[table.quantity.str.contains("shuffled")]
    assert (control.claim.tolist(), control.estimate.tolist()) == (["C2"], [0.5])
    untrained = table[table.quantity.str.contains("untrained")]
    assert set(untrained.claim) == {"C1", "C2", "C3", "C4"}
    assert untrained.verdict[untrained.claim == "C1"].tolist() == ["not reproduced"]
    assert untrained.estimate[untrained.claim == "C2"].isna().all()


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ([], ""),
        (["points"], "C1"),
        (["scans"], ""),
        (["points", "scans"], "C1 C2"),
        (["points", "dimensions"], "C1 C3 C4"),
        (["statistics"], "C5 C6"),
        (["temperatures"], "C7"),
    ],
)
def test_claims_are_assessed_whose_evidence_is_there(present, expected):
    table = claims.assess(**{name: table for name, table in evidence().items() if name in present})
    assert list(table) == COLUMNS
    assert list(table.claim.unique()) == expected.split()
