"""Two made-up tables of claims: what moved, in σ of the difference, and what flipped."""

import numpy as np
import pandas as pd
import pytest

from rbmrg.report import comparison


def claims(**rows):
    """{source: (estimate, error, verdict)} as a table of claims, with a column that is of no interest."""
    columns = ["estimate", "error", "verdict"]
    table = pd.DataFrame(rows.values(), columns=columns, index=rows.keys()).rename_axis("source").reset_index()
    return table.assign(claim="C1", quantity="T_E", scope="3 machines", shown=True)


RELEASED = claims(
    same=(2.0, 0.1, "reproduced"), near=(2.0, 0.1, "reproduced"), far=(2.0, 0.1, "reproduced"),
    other=(2.0, 0.1, "reproduced"), lost=(2.0, 0.1, "reproduced"), empty=(np.nan, np.nan, "undecided"),
    exact=(1.0, np.nan, "reproduced"), hot=(np.inf, np.nan, "not reproduced"),
    forgotten=(2.0, 0.1, "undecided"), learned=(np.nan, np.nan, "not diagnostic"),
)  # fmt: skip
OWN = claims(
    same=(2.0, 0.1, "reproduced"), near=(2.2, 0.1, "reproduced"), far=(1.5, 0.1, "reproduced"),
    other=(2.3, 0.1, "undecided"), found=(2.0, 0.1, "reproduced"), empty=(np.nan, np.nan, "undecided"),
    exact=(1.1, np.nan, "reproduced"), hot=(np.inf, np.nan, "not reproduced"),
    forgotten=(np.nan, np.nan, "undecided"), learned=(2.0, 0.1, "not diagnostic"),
)  # fmt: skip
CHANGES = {
    "same": "none", "near": "within errors", "far": "moved", "other": "flipped", "lost": "gone", "found": "new",
    "empty": "none", "exact": "moved", "hot": "none", "forgotten": "one-sided", "learned": "one-sided",
}  # fmt: skip


@pytest.fixture(scope="module")
def table():
    return comparison.compare(OWN, RELEASED).set_index("source")


def test_each_row_is_called_what_it_is(table):
    assert table.change.to_dict() == CHANGES


def test_distances_are_in_errors_of_the_difference(table):
    assert table.z[["same", "near", "far"]].tolist() == pytest.approx([0, 2 / 2**0.5, -5 / 2**0.5])
    assert table.z["exact"] == np.inf
    assert table.z[["lost", "found", "empty", "forgotten", "learned"]].isna().all()


def test_the_summary_counts_all_rows_and_names_those_that_differ(table):
    said = comparison.summary(table.reset_index(), "smoke")
    first, *lines = said.splitlines()
    assert first.startswith("11 rows of smoke against the released results: 3 the same to the last digit, 1 within 3 σ")
    assert "2 with an estimate on one side only" in first
    named = [line.split(", ")[2] for line in lines]
    assert named == ["exact", "far", "other", "forgotten", "found", "learned", "lost"]
    assert "nan(nan) undecided; released 2(0.1) undecided" in said
    assert "1.5(0.1) reproduced; released 2(0.1) reproduced, -3.5 σ" in said
    assert "2.3(0.1) undecided; released 2(0.1) reproduced, +2.1 σ" in said
    assert "no row; released 2(0.1) reproduced" in said


def test_a_long_summary_is_cut(monkeypatch, table):
    monkeypatch.setattr(comparison, "SHOWN", 2)
    *_, before, last = comparison.summary(table.reset_index(), "smoke").splitlines()
    assert "far" in before
    assert last == "… and 5 more"


def test_a_run_against_itself_is_the_same():
    assert set(comparison.compare(OWN, OWN).change) == {"none"}
