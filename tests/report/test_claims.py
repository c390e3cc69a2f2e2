"""The whole table of claims, on synthetic evidence for all of them and for some, and the answers."""

import re
from pathlib import Path

import numpy as np
import pytest
from synthetic_evidence import evidence, machines_table, points_table

from rbmrg import store
from rbmrg.lattice import TC
from rbmrg.report import answer, claims
from rbmrg.report.evidence import COLUMNS
from rbmrg.report.verdicts import VERDICTS

README = Path(__file__).parents[2] / "README.md"
COLUMNS_OF_CLAIMS = [*COLUMNS, "median", "kind", "recipe", "training", "counted"]


def test_the_table_has_all_columns_and_only_allowed_verdicts():
    table = claims.assess(**evidence())
    assert list(table) == COLUMNS_OF_CLAIMS
    assert set(table.verdict) <= set(VERDICTS)
    assert list(table.claim.unique()) == list(claims.STATEMENTS)
    for claim, rows in table.groupby("claim"):
        assert rows.counted.is_monotonic_decreasing, claim
        assert not rows.duplicated(["quantity", "source", "scope"]).any(), claim
    kinds = table.drop_duplicates("source").set_index("source").kind.to_dict()
    assert kinds == {
        "deep": "the paper's recipe", "tc": "the paper's recipe", "untrained": "untrained",
        "deep-L32": "dense", "untrained-L32": "untrained",
        "filter": "shared filters",
        "majority": "RG rule", "Monte Carlo": "method", "Yang's curve": "method",
    }  # fmt: skip
    assert table.estimate.notna().all() | table.reason.ne("").all()


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ([], ""),
        (["points"], "C1"),
        (["equilibrium"], ""),
        (["points", "equilibrium"], "C1 C2"),
        (["points", "dimensions"], "C1 C3 C4"),
        (["statistics"], ""),
        (["statistics", "bands"], "C5 C6"),
        (["temperatures"], "C7"),
        (["couplings"], "C8 C9"),
        (["exponents"], "C10"),
    ],
)
def test_claims_are_assessed_whose_evidence_is_there(present, expected):
    table = claims.assess(**{name: table for name, table in evidence().items() if name in ["machines", *present]})
    assert list(table) == COLUMNS_OF_CLAIMS
    assert list(table.claim.unique()) == expected.split()


def test_the_machine_that_stands_for_its_kind():
    given = evidence()["machines"]
    assert claims.representatives(given) == {"deep", "untrained", "deep-L32", "filter"}  # of 60 temperatures
    without = given[given.machine != "deep"]
    # Trained at Tc, of two the one with the smaller KL; that of the cold one is smaller still.
    assert claims.representatives(without) == {"tc-well", "untrained", "deep-L32", "filter"}
    exact = given.assign(kl=np.where(given.machine == "tc-well", 1e-14, -5e-16), temperatures=1)
    assert claims.representatives(exact[exact.machine.isin(["cold", "tc-well"])]) == {"tc-well"}  # no rounding decides


def test_one_answer_for_each_claim_and_kind():
    answers = claims.answers(claims.assess(**evidence()))
    assert not answers.duplicated(["claim", "kind"]).any()
    found = answers.set_index(["claim", "kind"]).verdict
    for claim in ("C1", "C2", "C3", "C4"):
        assert found[claim, "the paper's recipe"] == "reproduced"
    assert found["C5", "dense"] == found["C6", "dense"] == found["C7", "dense"] == "reproduced"
    assert found["C5", "RG rule"] == found["C6", "RG rule"] == "reproduced"
    assert found["C1", "untrained"] == found["C5", "untrained"] == found["C6", "untrained"] == "not reproduced"
    assert found["C10", "RG rule"] == "reproduced"
    assert found["C10", "shared filters"] == "not reproduced"  # one of two seeds is not
    assert found["C7", "untrained"] == "not reproduced"
    assert found["C8", "the paper's recipe"] == found["C9", "dense"] == found["C9", "RG rule"] == "reproduced"
    assert found["C8", "untrained"] == "not reproduced"
    assert found["C9", "untrained"] == "not diagnostic"


def test_where_no_row_counts_there_are_no_answers():
    """As in a study all of whose machines are controls: a table without rows, whose columns are there."""
    answers = claims.answers(claims.assess(**evidence()).assign(counted=False))
    assert answers.empty
    assert {"claim", "kind", "verdict", "reason", "rows"} < set(answers)


def test_a_claim_is_answered_by_machines_of_which_it_says_something():
    """Nothing is said of the Hamiltonian of `deep`, which stands for its kind otherwise."""
    answers = claims.answers(claims.assess(**evidence()))
    mine = answers[answers.kind == "the paper's recipe"].set_index("claim").source
    assert mine.drop("C8").eq("deep").all()
    assert mine["C8"] == "tc"


def test_an_answer_shows_the_row_that_decides_it():
    given = evidence() | {"points": points_table(apart=1.0, stationary=False)}
    answers = claims.answers(claims.assess(**given)).set_index(["claim", "kind"])
    answer = answers.loc["C1", "the paper's recipe"]
    assert answer.verdict == "not reproduced"
    assert answer["rows"] == 2
    assert answer.estimate == pytest.approx(2.269 - 0.5, abs=0.01)
    assert answer.source == "deep"


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_an_answer_has_the_number_of_its_seeds(seeds):
    """Two have two rows, of one machine each, and it is not said that there is one; three have one row."""
    points = points_table(ends=(TC, TC + 0.02, TC - 0.02)[:seeds])
    table = claims.answers(claims.assess(machines_table(), points=points))
    mine = table[table.kind == "the paper's recipe"]
    assert mine.seeds.tolist() == [seeds]
    assert mine.machines.tolist() == [3 if seeds == 3 else 1]
    assert ("(one seed of each)" in answer.sentences(table)[0]) == (seeds == 1)


def test_seeds_that_speak_of_several_quantities_count_once():
    found = claims.answers(claims.assess(**evidence())).set_index(["claim", "kind"])
    assert found.loc[("C10", "shared filters"), ["rows", "seeds"]].tolist() == [4, 2]
    assert found.loc[("C6", "dense"), "rows"] > found.loc[("C6", "dense"), "seeds"] == 1
    assert found.seeds[found.index.get_level_values("kind") == "RG rule"].eq(0).all()


def test_a_reader_makes_the_matrix_again_from_the_table_of_claims(tmp_path, monkeypatch):
    """By the three lines of README, from the file as a reader has it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results" / "default").mkdir(parents=True)
    table = claims.assess(**evidence())
    table["verdict"] = table.verdict.where(table.claim != "C10", np.resize(VERDICTS, len(table)))  # all occur
    store.write_table(table, "results/default/claims.csv")
    (lines,) = re.findall(r"```python\n(import pandas as pd\n.*?)```", README.read_text(), re.S)
    names = {}
    exec(lines, names)
    answers = claims.answers(table).set_index(["claim", "kind"]).verdict
    assert set(answers) == set(VERDICTS)
    assert names["cells"].to_dict() == answers.to_dict()
