"""The sentences of the answer, for made-up tables of verdicts: each outcome has its own, and none is typed in."""

import pandas as pd
import pytest

from rbmrg.report import answer
from rbmrg.report.verdicts import VERDICTS

PAPER = "the paper's recipe"
SAID = " verdicts on data of known truth"
OTHERS = ", the others undecided or not diagnostic"
SHORT = {"reproduced": "✓", "not reproduced": "✗", "undecided": "?", "not diagnostic": "–"}


def answers(**kinds):
    """A table of answers from {kind: symbols of C1, C2, …}, a blank for none."""
    names = {"paper": PAPER, "dense": "dense", "filters": "shared filters", "rule": "RG rule", "untrained": "untrained"}
    verdicts = {symbol: verdict for verdict, symbol in SHORT.items()}
    rows = [
        (f"C{number}", names[kind], verdicts[symbol])
        for kind, symbols in kinds.items()
        for number, symbol in enumerate(symbols, start=1)
        if symbol != " "
    ]
    return pd.DataFrame(rows, columns=["claim", "kind", "verdict"]).assign(machines=1, seeds=range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        ("✓✓–", ", yes: they pass C1 (flows go to Tc) and C2 (|m| is Ising's at its T)."),
        ("✓✗?", ", no: they fail C2 (|m| is Ising's at its T); they pass C1 (flows go to Tc); C3 is undecided."),
        ("?✗?", ", no: they fail C2 (|m| is Ising's at its T); C1 and C3 are undecided."),
        (
            "?✓?",
            ", it is not decided: more data would tell of C1 (flows go to Tc) and C3 (Δσ = 1/8); they pass C2 (|m| is "
            "Ising's at its T).",
        ),
        ("–– ", ", nothing can be told: no test of theirs is diagnostic."),
    ],
)
def test_the_first_sentence_is_on_the_papers_machines(symbols, expected):
    assert answer.sentences(answers(paper=symbols)) == [f"For machines trained by the paper's recipe{expected}"]
    [alone] = answer.sentences(answers(paper=symbols).assign(seeds=1))
    assert alone == f"For machines trained by the paper's recipe (one seed of each){expected}"


@pytest.mark.parametrize(
    ("dense", "filters", "expected"),
    [
        ("✗✓", "✓?", " pass C2 (dense) and C1 (shared filters), and fail 1 of 4 tests that can tell; "
                     "C2 (shared filters) is undecided."),
        ("✓–", "✓ ", " pass C1 (dense) and C1 (shared filters), and fail none of 2 tests that can tell."),
        ("✗–", "✗?", " pass no test, and fail 2 of 3 tests that can tell; C2 (shared filters) is undecided."),
        ("✗–", "✗✗", " fail all 3 tests that can tell."),
    ],
)  # fmt: skip
def test_the_second_sentence_is_on_all_other_machines(dense, filters, expected):
    assert answer.sentences(answers(dense=dense, filters=filters)) == [f"Machines trained otherwise{expected}"]


def test_of_other_machines_it_may_be_that_nothing_can_be_told():
    expected = "Of machines trained otherwise nothing can be told: no test of theirs is diagnostic."
    assert answer.sentences(answers(dense="––")) == [expected]


def trials(*wrong):
    return pd.DataFrame({"wrong_share": wrong, "right_share": 0.9, "replicas": 200})


@pytest.mark.parametrize(
    ("given", "known", "expected"),
    [
        ({}, trials(0.0, 0.0), f"Of 400{SAID} 360 were right, none wrong{OTHERS}."),
        ({}, trials(0.005, 0.01), f"Of 400{SAID} 360 were right, 3 wrong{OTHERS}."),
        ({"rule": "✓?–"}, None, "RG rules and the Ising model pass 1 of 2 tests that can tell."),
        ({"rule": "✓✓", "untrained": "✗✗"}, trials(0.0), f"Of 200{SAID} 180 were right, none wrong{OTHERS}; RG "
         "rules and the Ising model pass all 2 tests that can tell; untrained machines pass none of 2 tests that can "
         "tell."),
    ],
)  # fmt: skip
def test_the_third_sentence_is_on_the_tests(given, known, expected):
    assert answer.sentences(answers(**given), known) == [expected]


def test_what_a_study_does_not_have_is_not_spoken_of():
    assert answer.sentences(answers()) == []
    assert answer.sentences(answers(), trials()) == []


def test_a_verdict_that_is_none_is_refused():
    table = answers(paper="✓").assign(verdict="maybe")
    with pytest.raises(ValueError, match=f"verdict = 'maybe': must be one of {', '.join(VERDICTS)}"):
        answer.sentences(table)


def test_only_the_verdicts_count():
    """The same table in another order, with other numbers in it."""
    table = answers(paper="✗✓", dense="✗✗", rule="✓✓")
    assert answer.sentences(table.assign(estimate=7.0)) == answer.sentences(table)
