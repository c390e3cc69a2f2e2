"""The report: one page with everything in it, that asks nothing of any other file or place."""

import base64
import html.parser
import re
import struct
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from docutils.utils import SystemMessage

from rbmrg.report import claims, page, verdicts
from rbmrg.report.evidence import COLUMNS

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "seed": 7,
    "samples": [{"L": 10, "temperatures": [f"{T / 10:.6f}" for T in range(60)], "n": 200}],
    "flows": {"starts": ["0.000000", "2.269185"], "length": 3},
}


def png(colour):
    """One pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes([0, colour]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def claims_table():
    region = (2.1692, 2.3692)
    nans = (np.nan, np.nan, np.nan, np.nan)
    rows = [
        ("C1", "T_E of <b>paper</b> & co", "a", "3 machines", 2.3, 0.02, 2.2, 2.4, *region, "undecided", ""),
        ("C1", "T_E of another", "b", "seed 0", np.inf, np.nan, 9.0, np.inf, *region, "not reproduced", ""),
        ("C3", "Δσ, plain fit", "Monte Carlo", "the method", *nans, 0.11, 0.14, "not diagnostic", "it fails"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).assign(kind="dense", shown=[True, False, True])


def known_answers_table():
    rows = [("C1", "monte-carlo-2.6", "fails", "not reproduced", 0.0, 1.0, 200),
            ("C3", "monte-carlo-Tc", "holds", "reproduced", 0.015, 0.93, 200)]  # fmt: skip
    columns = ["claim", "case", "truth", "verdict", "wrong_share", "right_share", "replicas"]
    return pd.DataFrame(rows, columns=columns)


def machines_table():
    rows = [
        ("stack", 0, 1, "paper", "2.269185", 100, 81, 5, 0.25, 0.01, "annealing"),
        ("stack", 0, 2, "paper", "2.269185", 81, 16, 5, np.nan, np.nan, np.nan),
        ("stack", 1, 1, "paper", "2.269185", 100, 81, 5, 0.35, 0.02, "reweighting"),
        ("stack", 1, 2, "paper", "2.269185", 81, 16, 5, np.nan, np.nan, np.nan),
        ("exact", 0, 1, "exact", "2.500000", 100, 200, 0, 0.0, 0.0, "reweighting"),
    ]  # fmt: skip
    columns = "machine replica layer recipe training visible hidden steps kl kl_error method"
    return pd.DataFrame(rows, columns=columns.split())


def statistics():
    """Rows as of map_statistics: a rule and a machine at L = 8, and what is not shown: L = 4, layer 2, another seed."""
    columns = ["source", "L", "layer", "seed", "of", "statistic", "mean", "error", "position", "share"]
    rows = [
        ("average", 8, 1, 0, "map", "patch", 0.21, 0.01, np.nan, np.nan),
        ("trained", 8, 1, 0, "map", "patch", 0.31, 0.02, 4560.0, 0.5),
        ("average", 8, 1, 0, "field", "patch", 0.99, 0.01, 1.0, 1.0),
        ("trained", 8, 1, 0, "field", "patch", 0.41, 0.02, -0.123, 0.25),
        ("trained", 8, 1, 0, "field", "moran", np.nan, np.nan, np.nan, np.nan),
        ("trained", 8, 1, 1, "field", "patch", 0.51, 0.02, 0.5, 0.25),
        ("trained", 8, 2, 0, "field", "patch", 0.61, 0.02, 0.5, 0.25),
        ("small", 4, 1, 0, "field", "patch", 0.71, 0.02, 0.5, 0.25),
    ]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    for colour, name in enumerate(("answers", "energy", "maps")):
        (folder / f"{name}.png").write_bytes(png(colour))
    table = {
        "thermometer": ["network 0", "bayes", "energy"],
        "cross_entropy": [3.2, 3.1, np.nan],
        "error": [0.01, 0.02, np.nan],
        "excess": [0.1, 0, np.nan],
        "bias": [0.3, 0.4, 0.001],
        "bias_error": [0.01, 0.02, 0.0005],
    }
    return {
        "study": "<script>alert('smoke')</script>",
        "settings": SETTINGS,
        "tables": {
            "claims": claims_table(),
            "known_answers": known_answers_table(),
            "thermometers": pd.DataFrame(table),
            "machines": machines_table(),
            "statistics": statistics(),
        },
        "maps": [layer_map("average", scatter=0.02)],
        "figures": [str(folder / f"{name}.png") for name in ("answers", "energy", "maps")],
        "captions": ["The answers.", "Energy ``u`` at 0 < T & *more*.", "Maps of <v h>."],
    }


def layer_map(source, scatter):
    """A map that is 3/4 on the own block and 1/4 elsewhere, more by `scatter` in every other block of samples."""
    blocks = np.full((20, 8, 8), 0.25)
    blocks[:, :2, :2] = 0.75
    blocks[::2] += scatter
    return xr.Dataset(
        {"aligned": (("block", "dy", "dx"), blocks), "correlator": (("unit", "y", "x"), np.zeros((16, 8, 8)))},
        attrs={"source": source, "layer": 1},
    )


@pytest.fixture(scope="module")
def text(inputs):
    """The page of a study that has everything."""
    return page.render(**inputs)


class Page(html.parser.HTMLParser):
    """Tags, with the text and attributes of the page."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.open = []
        self.cells = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.open += [tag] if tag not in ("meta", "img", "br", "hr") else []
        self.cells += [""] if tag == "td" else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open:
            self.cells[-1] += data


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


@pytest.mark.parametrize("caption", ["``half", ".. include:: /etc/passwd", "*half"])
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


# --- parts of a study -------------------------------------------------------------------------------------------------

SECTIONS = {
    "known_answers": "Known answers", "claims": "Claims", "thermometers": "Thermometers", "machines": "Machines",
    "maps": "RG maps",
    "statistics": "Statistics of maps and receptive fields", "figures": "Figures",
}  # fmt: skip


def headings(text):
    return re.findall(r"<h2>(.*?)</h2>", text)


def only(inputs, *names):
    """The `inputs` of a study that has `names` and nothing else; study and settings are always there."""
    always = {name: inputs[name] for name in ("study", "settings")}
    tables = {name: table for name, table in inputs["tables"].items() if name in names}
    return always | {"tables": tables} | {name: inputs[name] for name in names if name not in tables}


def test_a_study_with_only_samples_has_its_figure_parameters_and_versions(inputs):
    text = page.render(**only(inputs, "figures", "captions"))
    assert headings(text) == ["Figures", "Parameters", "Versions"]
    assert 'id="energy"' in text
    assert "seed: 7" in text
    assert Page(text).open == []
    for word in ("verdict", "claim", "no estimate", "None", "nan"):
        assert word not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL), word


def test_a_section_is_there_if_and_only_if_its_data_are(inputs, text):
    assert headings(text) == [*SECTIONS.values(), "Parameters", "Versions"]
    for name, heading in SECTIONS.items():
        names = (name, "captions") if name == "figures" else (name,)
        assert headings(page.render(**only(inputs, *names))) == [heading, "Parameters", "Versions"]


def test_tables_without_rows_have_no_section(inputs):
    empty = {name: table[:0] for name, table in inputs["tables"].items()}
    assert headings(page.render(**only(inputs) | {"tables": empty})) == ["Parameters", "Versions"]


def test_every_figure_needs_a_caption(inputs):
    with pytest.raises(ValueError, match="shorter"):
        page.render(**inputs | {"captions": ["one"]})


def test_the_rule_of_verdicts_is_printed_with_the_claims(inputs):
    text = page.render(**only(inputs, "claims"))
    assert "How verdicts are reached" in text
    shown = " ".join(re.sub(r"<.*?>", "", text).split())
    opening, *_ = verdicts.RULE.split("\n\n")
    assert " ".join(re.sub("[`*]", "", opening).split()) in shown
