"""The report of a part of a study: sections are there if and only if their data are."""

import html
import re

import pytest
from page_inputs import Page

from rbmrg.report import page, verdicts

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
    shown = " ".join(html.unescape(re.sub(r"<.*?>", "", text)).split())
    opening, *_ = verdicts.RULE.split("\n\n")
    assert " ".join(re.sub("[`*]", "", opening).split()) in shown
