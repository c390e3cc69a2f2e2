"""What config/ says of the keys of a study is what the models say."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from rbmrg.study import keys
from rbmrg.study.sections import Study

ROOT = Path(__file__).parents[2]
README = ROOT / keys.README
SCHEMA = ROOT / keys.SCHEMA
EXAMPLES = sorted((ROOT / keys.CONFIG).glob("*.yaml"))
AGAIN = "run: python -m rbmrg.study.keys"


def test_the_readme_has_the_table_of_keys():
    text = README.read_text()
    assert keys.table() in text, AGAIN
    assert keys.with_table(text) == text, AGAIN
    for key in Study.model_fields:
        assert f"`{key}" in keys.table()
    assert "None" not in keys.table()


def test_editors_get_the_schema_of_the_models():
    assert json.loads(SCHEMA.read_text()) == json.loads(keys.schema()), AGAIN


def test_every_key_has_a_meaning_and_says_what_is_allowed():
    rows = [line.split(" | ") for line in keys.table().splitlines()[2:]]
    assert len(rows) == 49
    assert all(len(row) == 4 and all(cell.strip(" |") for cell in row) for row in rows)
    assert "| `samples[].L` | linear size of the periodic square lattice | an integer ≥ 2 and ≤ 1024 | required |" in [
        " | ".join(row) for row in rows
    ]


def test_a_stale_table_is_made_anew():
    stale = f"before\n\n{keys.HEAD}| `seed` | old | old | old |\n\nafter {{from}} \\1\n"
    assert keys.with_table(stale) == f"before\n\n{keys.table()}\nafter {{from}} \\1\n"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_schema_accepts_every_example(path):
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(yaml.safe_load(path.read_text()))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_name_the_schema_for_editors(path):
    first = path.read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"
    assert Path(path.parent, first.partition("=")[2]) == SCHEMA


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ("{sampels: []}", []),
        ("{samples: [{L: 4, temperatures: [Tc], n: many}]}", ["samples", 0, "n"]),
        ("{samples: [{L: 4, temperatures: [tc]}]}", ["samples", 0, "temperatures", 0]),
        ("{samples: [{L: 4, temperatures: [Tc]}], rg: {rules: [average, average]}}", ["rg", "rules"]),
        ("{samples: [{L: 4, temperatures: [Tc]}], rg: null}", ["rg"]),
        ("{samples: [{L: 4, temperatures: [Tc]}], ablation: {base: a, vary: {l1: []}}}", ["ablation", "vary", "l1"]),
    ],
)
def test_the_schema_points_at_mistakes(wrong, where):
    schema = json.loads(SCHEMA.read_text())
    found = jsonschema.Draft202012Validator(schema).iter_errors(yaml.safe_load(wrong))
    assert where in [list(error.absolute_path) for error in found]
