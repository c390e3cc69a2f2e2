"""Rows of the table of claims: seeds that are combined, errors that count, columns."""

import numpy as np
import pytest

from rbmrg.report.evidence import COLUMNS, known_seeds, row
from rbmrg.report.verdicts import Control, Reference

EXACT = Reference(2.0, "exact")
UNTRAINED = Control("untrained", 5.0, 0.1, "negative")
nan = np.nan


def test_the_scatter_of_seeds_decides():
    """The same mean and the same statistical errors: seeds that scatter widely decide nothing."""
    for seeds, expected in (([2.5, 2.5, 2.5], "not reproduced"), ([1.9, 2.4, 3.2], "not diagnostic")):
        found = row("C1", "T", (seeds, [0.01] * 3), EXACT, UNTRAINED)
        assert found["estimate"] == pytest.approx(2.5)
        assert found["verdict"] == expected


def test_a_row_has_the_columns():
    found = row("C1", "T", ([2.0, 2.2], [0.1, 0.1]), EXACT, UNTRAINED)
    assert list(found) == COLUMNS
    assert found == {
        "claim": "C1", "quantity": "T", "estimate": pytest.approx(2.1), "stat_err": pytest.approx(0.1 / np.sqrt(2)),
        "seed_err": pytest.approx(0.1), "reference": 2.0, "reference_source": "exact", "control": "untrained",
        "control_estimate": 5.0, "verdict": "reproduced",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("estimate", "control", "reference_error", "other", "expected"),
    [
        (2.15, 5.0, 0.0, {}, "not reproduced"),
        (2.15, 5.0, 0.1, {}, "reproduced"),
        (2.25, 5.0, 0.1, {}, "not reproduced"),  # 2 √(0.05² + 0.1²) = 0.22
        (2.0, 2.15, 0.0, {}, "reproduced"),
        (2.0, 2.15, 0.1, {}, "not diagnostic"),  # the control agrees, too
        (2.0, 5.0, nan, {}, "not diagnostic"),
        (2.15, 5.0, 0.0, {"spread": 0.1}, "reproduced"),
        (2.15, 5.0, 0.0, {"spread": 0.01}, "not reproduced"),  # less than the standard error
        (2.15, 5.0, 0.0, {"spread": 0.3}, "not diagnostic"),  # more than a tenth
        (2.15, 5.0, 0.0, {"spread": 0.3, "tolerance": 1.5}, "reproduced"),
    ],
)
def test_errors_of_the_reference_and_spreads_count(estimate, control, reference_error, other, expected):
    given = Reference(2.0, "rule", reference_error), Control("untrained", control, 0.05, "negative")
    found = row("C5", "overlap", ([estimate], [0.05]), *given, **other)
    assert found["verdict"] == expected
    assert found["stat_err"] == 0.05  # the table shows the machine's own


def test_seeds_without_an_estimate_do_not_count():
    assert known_seeds([2.0, nan], [0.1, nan]) == pytest.approx((2.0, 0.1, nan), nan_ok=True)
    assert np.isnan(known_seeds([nan, nan], [0.1, 0.1])).all()
    assert np.isnan(known_seeds([], [])).all()
