"""The report: one page with everything in it, that asks nothing of any other file or place."""

import base64
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docutils.utils import SystemMessage
from page_inputs import Page, layer_map, observables_table, png, statistics

from rbmrg.report import claims, page, rows

ROOT = Path(__file__).parents[2]


def test_every_machine_has_a_row_with_its_layers_and_a_distance_for_each_seed(text):
    cells = Page(text).cells
    at = cells.index("stack")
    expected = ["stack", "paper", "100 → 81 → 16", "2.269185", "5", "0.250(10), 0.350(20)", "annealing, reweighting"]
    assert cells[at : at + 7] == expected
    exact = ["exact", "exact", "100 → 200", "2.500000", "0", "0", "reweighting"]
    assert cells[at - 7 : at] == exact  # nearest to its data: first


def test_every_source_at_the_largest_lattice_has_a_row_with_a_cell_for_each_statistic(text):
    none = ("", "")
    assert rows.statistics_table(statistics()) == {
        "statistics": ["Moran's I", "mass of best block"],
        "rows": [
            {"of": "map", "source": "average", "cells": [none, ("0.210(10)", "")]},
            {"of": "map", "source": "trained", "cells": [none, ("0.310(20)", "5e+03, 50%")]},
            {"of": "field", "source": "average", "cells": [none, ("0.990(10)", "1.00, 100%")]},
            {"of": "field", "source": "trained", "cells": [("no estimate", ""), ("0.410(20)", "-0.12, 25%")]},
        ],
    }
    assert "<th>source</th><th>of</th><th>Moran&#39;s I</th><th>mass of best block</th>" in text
    cells = Page(text).cells
    at = cells.index("0.310(20) 5e+03, 50%")
    assert cells[at - 3 : at] == ["trained", "map", ""]


def test_the_page_stands_alone(text):
    parsed = Page(text)
    assert parsed.open == []
    assert parsed.tags.count("html") == parsed.tags.count("body") == 1
    assert not {"iframe", "object", "embed"} & set(parsed.tags)
    for name, value in parsed.attributes:
        assert not name.startswith("on")
        assert name not in ("href", "src", "srcset", "action") or value.startswith(("#", "data:")), value
    assert not re.search(r"@import|url\(|https?://", text)


def test_every_figure_is_in_it_once_with_its_caption(inputs, text):
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', text)
    assert sorted(found) == sorted(figure["image"] for figure in inputs["figures"])
    assert base64.b64decode(found[0])[1:4] == b"PNG"
    told = [value for name, value in Page(text).attributes if name == "alt"]
    assert sorted(told) == [
        "",
        "Energy u at 0 < T & more.",
        "Maps of <v h>.",
        "The ends of flows.",
    ]  # "" before it opens
    assert "at 0 &lt; T &amp; <em>more</em>" in text
    assert "Maps of &lt;v h&gt;." in text


def test_every_row_is_in_it(inputs, text):
    cells = Page(text).cells
    for quantity in inputs["tables"]["claims"].quantity:
        assert quantity in cells
    assert cells.count("2.300(20) median 2.256") == 2  # at the claim and among all rows; a row of one seed has none
    assert "90.0(1.0)" in cells
    for cell in (
        "2.2 to 2.4",
        "9 to\N{NO-BREAK SPACE}inf",
        "2.169 to 2.369",
        "– not diagnostic: it fails",
        "? undecided",
    ):
        assert cell in cells, cell
    assert cells[cells.index("monte-carlo-2.6") :][1:6] == ["fails", "✗ not reproduced", "0 %", "100 %", "200"]
    assert cells[cells.index("near the edge") :][1:6] == ["fails", "✗ not reproduced", "0 %", "100 %", "200"]
    assert cells[cells.index("train") :][1:5] == ["2", "3", "4", "90"]
    assert cells[cells.index("kl_error") :][1:3] == ["nat per visible unit", "standard error of kl"]
    once = ("average, layer 1", "0.7600(23)", "network 0", "bayes")
    for cell in once:
        assert cells.count(cell) == 1, cell
    for cell in ("3.200(10)", "3.100(20)", "0.00100(50)"):
        assert cell in cells
    assert claims.STATEMENTS["C1"] in text
    assert {"numpy", "snakemake", "rbmrg", "Python"} <= set(cells)


def test_the_answer_and_the_matrix_stand_before_all_else(text):
    header = text[text.index("<header") : text.index("</header>")]
    assert "Machines trained otherwise pass no test" in header
    assert header.count('<td class="cell') == 2
    assert '<td class="cell undecided"><a href="#C1-dense"' in header
    assert '<td class="cell not-reproduced"><a href="#C1-untrained"' in header
    assert text.index("</header>") < text.index("<h2>")


def test_machines_and_controls_stand_apart(inputs):
    found = rows.matrix(inputs["tables"]["answers"])
    assert found["groups"] == {"machines": ["dense"], "controls": ["untrained"]}
    [row] = found["claims"]
    assert [cell["verdict"] for cell in row["cells"]["machines"]] == ["undecided"]


def test_a_link_leads_to_each_place_and_no_place_is_there_twice(text):
    parsed = Page(text)
    places = [value for name, value in parsed.attributes if name == "id"]
    links = {value for name, value in parsed.attributes if name == "href" and value.startswith("#")}
    assert len(places) == len(set(places))
    assert {link[1:] for link in links} <= set(places)
    assert {"#C1", "#C1-dense", "#rows", "#inputs", "#methods", "#columns", "#versions", "#times", "#maps"} <= links


def test_figures_stand_where_they_say(text):
    order = [text.index(place) for place in (
        '<section id="C1"', 'id="fixed_points"', '<section id="rows"', '<section id="inputs"', 'id="energy"',
        '<section id="appendix"', 'id="maps"')]  # fmt: skip
    assert order == sorted(order)


def test_the_first_sentence_of_a_caption_tells_what_is_seen(tmp_path):
    (tmp_path / "energy.png").write_bytes(png(0, 1400, 900))
    found = page.figure(tmp_path / "energy.png", "Energies at T\\ :sub:`c` < 2.3 & *more*.  Dashed: exact.", [])
    assert found["alt"] == "Energies at Tc < 2.3 & more."
    assert (found["width"], found["height"]) == (700, 450)


@pytest.mark.parametrize("claim", claims.STATEMENTS)
def test_each_claim_is_an_equation(claim):
    text = page.environment().from_string('{% from "page.equations.jinja" import equation %}{{ equation(claim) }}')
    tree = ElementTree.fromstring(text.render(claim=claim))
    assert tree.find("math/mrow").findall("*")
    allowed = ["math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msub", "msup", "msubsup", "munder"]
    assert {part.tag for part in tree.find("math").iter()} <= set(allowed)


def test_samples_are_told_in_standard_errors():
    [row] = rows.sample_rows(observables_table())
    assert row == {"L": 4, "temperatures": 3, "samples": 200, "energy": "3.54, 4.00", "specific_heat": "0.00, 0.00"}


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
def test_a_caption_that_is_no_caption_is_an_error(tmp_path, caption):
    (tmp_path / "energy.png").write_bytes(png(0))
    with pytest.raises(SystemMessage):
        page.figure(tmp_path / "energy.png", caption, [])


@pytest.mark.parametrize("path", sorted((ROOT / "workflow" / "report").glob("*.rst")), ids=lambda path: path.stem)
def test_the_captions_of_the_workflow_are_captions(tmp_path, path):
    """Their first sentence is short enough to be read aloud, and is not the name of the figure."""
    (tmp_path / f"{path.stem}.png").write_bytes(png(0))
    found = page.figure(tmp_path / f"{path.stem}.png", path.read_text(), [])
    assert "<p>" in found["caption"]
    assert 20 < len(found["alt"]) < 300
    assert found["alt"].endswith(".")


def test_the_main_text_has_at_most_twelve_figures():
    """Each claim has one; what others show is in the appendix."""
    rules = (ROOT / "workflow" / "rules" / "figures.smk").read_text()
    shows = dict(re.findall(r'"(\w+)": \(\s*"\w+",\s*\[(.*?)\]', rules))
    captions = {path.stem for path in (ROOT / "workflow" / "report").glob("*.rst")}
    assert set(shows) == captions - {"claims"}
    main = [name for name, shown in shows.items() if shown]
    assert len(main) <= 12
    assert set(re.findall(r"C\d+", str([*shows.values()]))) == set(claims.STATEMENTS)


def test_a_layer_has_its_peak_and_its_far_value():
    """Blocks without scatter have no error to write."""
    assert rows.layer_row(layer_map("majority", 0)) == {"source": "majority, layer 1", "peak": "0.75", "far": "0.25"}
    assert rows.layer_row(layer_map("majority", 0.02)) == {
        "source": "majority, layer 1", "peak": "0.7600(23)", "far": "0.2600(23)",
    }  # fmt: skip
