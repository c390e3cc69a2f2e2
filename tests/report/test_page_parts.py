"""The report of a part of a study: sections are there if and only if their data are."""

import html
import re

from page_inputs import Page

from rbmrg.report import page, verdicts

# What of the inputs each section is made of, in the order of the page.
SECTIONS = {
    "answers": ["answers", "C1"], "claims": ["rows", "methods"], "observables": ["inputs"], "machines": ["inputs"],
    "thermometers": ["methods"], "maps": ["methods"], "statistics": ["methods"], "described": ["columns"],
    "benchmarks": ["times"], "figures": ["inputs", "appendix"],
}  # fmt: skip
ORDER = ["answer", "C1", "rows", "inputs", "methods", "columns", "parameters", "versions", "times", "appendix"]
ALWAYS = ["answer", "parameters", "versions"]


def sections(text):
    """Their ids; that of the answer is always there, with the question."""
    return re.findall(r'<(?:section|header) id="(\w+)"', text)


def only(inputs, *names):
    """The `inputs` of a study that has `names` and nothing else; study and settings are always there."""
    always = {name: inputs[name] for name in ("study", "settings")}
    tables = {name: table for name, table in inputs["tables"].items() if name in names}
    return always | {"tables": tables} | {name: inputs[name] for name in names if name not in tables}


def test_a_study_with_only_samples_has_its_figure_parameters_and_versions(inputs):
    text = page.render(**only(inputs, "figures"))
    assert sections(text) == ["answer", "inputs", "parameters", "versions", "appendix"]
    assert 'id="energy"' in text
    assert "seed: 7" in text
    assert Page(text).open == []
    shown = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    for word in ("verdict", "claim", "no estimate", "None", "nan", "matrix"):
        assert word not in shown, word


def test_a_section_is_there_if_and_only_if_its_data_are(inputs, text):
    assert sections(text) == ORDER
    for name, made in SECTIONS.items():
        found = sections(page.render(**only(inputs, name)))
        assert found == [place for place in ORDER if place in (*made, *ALWAYS)], name


def test_tables_without_rows_have_no_section(inputs):
    empty = {name: table[:0] for name, table in inputs["tables"].items()}
    assert sections(page.render(**only(inputs) | {"tables": empty})) == ALWAYS


def test_the_rule_of_verdicts_is_printed_with_the_claims(inputs):
    text = page.render(**only(inputs, "claims"))
    assert "How verdicts are reached" in text
    shown = " ".join(html.unescape(re.sub(r"<.*?>", "", text)).split())
    opening, *_ = verdicts.RULE.split("\n\n")
    assert " ".join(re.sub("[`*]", "", opening).split()) in shown
