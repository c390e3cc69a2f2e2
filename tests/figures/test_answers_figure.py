"""The matrix of answers: a cell for each answer, its verdict told by symbol and colour, its number as in the table."""

import numpy as np
import pandas as pd
import pytest
from drawn import labels, render

from rbmrg.figures import answers

inf = np.inf
nan = np.nan


def table():
    rows = [
        ("C5", "RG rule", 1.0, 1.0, 1.0, "reproduced"),
        ("C1", "the Ising model", 2.27, 2.26, 2.28, "not diagnostic"),
        ("C1", "the paper's recipe", 2.512, 2.4, 2.624, "not reproduced"),
        ("C1", "untrained", 3000.0, 299.0, inf, "not reproduced"),
        ("C5", "untrained", nan, nan, nan, "undecided"),
    ]
    return pd.DataFrame(rows, columns=["claim", "kind", "estimate", "low", "high", "verdict"])


def test_without_answers_there_is_an_empty_figure():
    figure, numbers = answers.draw(table()[:0])
    render(figure)
    assert len(numbers) == 0


def test_each_answer_has_a_cell_with_symbol_and_number():
    figure, numbers = answers.draw(table())
    render(figure)
    pd.testing.assert_frame_equal(numbers, table())
    axis = figure.axes[0]
    columns = [label.get_text().replace("\n", " ") for label in axis.get_xticklabels()]
    assert columns == ["RG rule", "the Ising model", "the paper's recipe", "untrained"]
    headings = {text.get_text()[:2]: text.get_position()[1] for text in axis.texts if text.get_text().startswith("C")}
    assert -1 < headings["C1"] < 0 < headings["C5"] < 1  # each above its row
    texts = {(round(text.get_position()[0]), text.get_position()[1], text.get_text()) for text in axis.texts}
    assert {(2, 0, "✗"), (2, 0, "2.5\n± 0.1"), (3, 0, "> 299"), (1, 0, "–"), (0, 1, "✓"), (3, 1, "?")} <= texts
    assert len(axis.patches) == len(table())
    assert len({patch.get_facecolor() for patch in axis.patches}) == 4
    assert labels(figure.legends[0]) == ["✓ reproduced", "✗ not reproduced", "? undecided", "– not diagnostic"]


@pytest.mark.parametrize(
    ("estimate", "low", "high", "expected"),
    [
        (0.1247, 0.1213, 0.1281, "0.125\n± 0.003"),
        (2.0, 2.0, 2.0, "2.000"),
        (0.9999987, 0.9999986, 0.9999988, "1.000"),
        (0.0183, 0.0178, 0.0188, "0.018\n± 0.001"),
        (inf, inf, inf, "∞"),
        (50.0, 20.0, inf, "> 20"),
        (nan, nan, nan, ""),
        (52.0, 40.0, 64.0, "52\n± 12"),
    ],
)
def test_numbers_have_the_digits_of_their_interval(estimate, low, high, expected):
    [row] = pd.DataFrame([(estimate, low, high)], columns=["estimate", "low", "high"]).itertuples()
    assert answers.number(row) == expected
