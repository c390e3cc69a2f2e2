"""The report: one page with everything in it, that asks nothing of any other file or place."""

import base64
import re
from pathlib import Path

import pytest
from docutils.utils import SystemMessage
from page_inputs import Page, layer_map, statistics

from rbmrg.report import claims, page

ROOT = Path(__file__).parents[2]


def test_every_machine_has_a_row_with_its_layers_and_a_distance_for_each_seed(text):
    cells = Page(text).cells
    at = cells.index("stack")
    expected = ["stack", "paper", "100 → 81 → 16", "2.269185", "5", "0.250(10), 0.350(20)", "annealing, reweighting"]
    assert cells[at : at + 7] == expected
    assert cells[at + 7 : at + 14] == ["exact", "exact", "100 → 200", "2.500000", "0", "0", "reweighting"]


def test_every_statistic_of_the_largest_lattice_has_a_row_with_a_cell_for_each_source(text):
    assert page.statistics_table(statistics()) == {
        "sources": ["average", "trained"],
        "rows": [
            {"of": "map", "statistic": "mass of best block", "cells": ["0.210(10)", "0.310(20), 5e+03, 50%"]},
            {
                "of": "field",
                "statistic": "mass of best block",
                "cells": ["0.990(10), 1.00, 100%", "0.410(20), -0.12, 25%"],
            },
            {"of": "field", "statistic": "Moran's I", "cells": ["", "no estimate"]},
        ],
    }
    cells = Page(text).cells
    at = cells.index("mass of best block")
    assert cells[at - 1 : at + 3] == ["map", "mass of best block", "0.210(10)", "0.310(20), 5e+03, 50%"]


def test_the_page_stands_alone(text):
    parsed = Page(text)
    assert parsed.open == []
    assert parsed.tags.count("html") == parsed.tags.count("body") == 1
    assert not {"script", "link", "iframe", "object", "embed"} & set(parsed.tags)
    for name, value in parsed.attributes:
        assert not name.startswith("on")
        assert name not in ("href", "src", "srcset", "action") or value.startswith(("#", "data:")), value
    assert not re.search(r"@import|url\(|https?://", text)


def test_every_figure_is_in_it_with_its_caption(inputs, text):
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', text)
    assert [base64.b64decode(image) for image in found] == [Path(path).read_bytes() for path in inputs["figures"]]
    assert 'id="energy"' in text
    assert "at 0 &lt; T &amp; <em>more</em>" in text
    assert "Maps of &lt;v h&gt;." in text


def test_every_row_is_in_it(inputs, text):
    cells = Page(text).cells
    for quantity in inputs["tables"]["claims"].quantity:
        assert quantity in cells
    for cell in ("2.300(20)", "2.2 to 2.4", "9 to inf", "2.169 to 2.369", "not diagnostic: it fails", "undecided"):
        assert cell in cells, cell
    assert cells[cells.index("monte-carlo-Tc") :][1:6] == ["holds", "reproduced", "1.5 %", "93 %", "200"]
    once = ("average, layer 1", "0.7600(23)", "network 0", "bayes")
    for cell in once:
        assert cells.count(cell) == 1, cell
    for cell in ("3.200(10)", "3.100(20)", "0.00100(50)"):
        assert cell in cells
    for claim in ("C1", "C3"):
        assert claims.STATEMENTS[claim] in text
    assert {"numpy", "snakemake", "rbmrg", "Python"} <= set(cells)


def test_the_answers_are_the_first_figure_and_stand_before_all_else(text):
    assert text.index('id="answers"') < text.index("<h2>")
    assert text.count('id="answers"') == 1


def test_rows_that_are_not_shown_come_last(text):
    assert text.index("T_E of &lt;b&gt;") < text.index("1 more rows") < text.index("T_E of another")


def test_texts_are_text(text):
    assert "&lt;script&gt;alert(" in text
    assert "<b>paper</b>" not in text
    assert "&lt;b&gt;paper&lt;/b&gt; &amp; co" in text


def test_parameters_are_those_of_the_study(text):
    assert "seed: 7" in text
    assert "root seed 7" in text
    assert "0.000000 … 5.900000 (60 temperatures)" in text
    assert "length: 3" in text


def test_the_same_inputs_give_the_same_page(inputs, text):
    assert page.render(**inputs) == text


@pytest.mark.parametrize("caption", ["``half", ".. include:: /etc/passwd", ".. raw:: html\n\n   <b>", "*half"])
def test_a_caption_that_is_no_caption_is_an_error(inputs, caption):
    with pytest.raises(SystemMessage):
        page.render(**inputs | {"captions": [caption, "", ""]})


@pytest.mark.parametrize("path", sorted((ROOT / "workflow" / "report").glob("*.rst")), ids=lambda path: path.stem)
def test_the_captions_of_the_workflow_are_captions(inputs, path):
    assert "<p>" in page.render(**inputs | {"captions": [path.read_text(), "x", "x"]})


def test_a_layer_has_its_peak_and_its_far_value():
    """Blocks without scatter have no error to write."""
    assert page.layer_row(layer_map("majority", 0)) == {"source": "majority, layer 1", "peak": "0.75", "far": "0.25"}
    assert page.layer_row(layer_map("majority", 0.02)) == {
        "source": "majority, layer 1", "peak": "0.7600(23)", "far": "0.2600(23)",
    }  # fmt: skip
