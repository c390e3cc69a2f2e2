"""Reading a study fills in every default, and reports all problems at once."""

import copy
from pathlib import Path

import pytest
import yaml

from rbmrg.study import reading

CONFIG = Path(__file__).parents[2] / "config"


@pytest.mark.parametrize("path", sorted(CONFIG.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_studies_that_come_with_the_project_are_fine(path):
    reading.read(yaml.safe_load(path.read_text()), texts=[path.read_text()])


def test_a_study_has_the_name_that_it_says_or_that_of_its_file(edited):
    assert reading.read(edited()).name == "study"
    assert reading.read(edited(), name="mine").name == "mine"
    assert reading.read(edited(("name", "own")), name="mine").name == "own"
    for name in ("reference", "a study", "..", "a/b"):
        with pytest.raises(reading.ConfigError, match=f"name = '{name}': must be"):
            reading.read(edited(("name", name)))
        with pytest.raises(reading.ConfigError, match=f"name = '{name}': must be"):
            reading.read(edited(), name=name)


def test_options_are_written_in_one_way(edited):
    def options(text):
        return reading.read(edited(("machines[0].options", text))).machines[0].options

    usual = "steps: 10000, batch: 100"  # the recipe's own
    assert options("{steps: 5, l1: 0.1}") == options(f"{{l1: 0.1, {usual}, steps: 5}}".replace("steps: 10000, ", ""))
    assert list(options("{l1: 0.1, steps: 5}")) == ["steps", "l1"]
    assert options(f"{{{usual}}}") == {}


def test_the_tiny_study_is_fine_and_is_not_changed(edited):
    raw = edited()
    before = copy.deepcopy(raw)
    study = reading.read(raw)
    assert raw == before
    assert study.seed == 1
    described = study.described()
    assert described["samples"][0] == {
        "L": 4, "temperatures": ["0.000000", "1.000000", "2.269185", "4.000000"], "n": 400, "algorithm": "auto",
    }  # fmt: skip
    assert study.samples[1].n == 20_000
    assert study.machines[0].seeds == 1
    assert study.machines[0].training == ["2.269185", "4.000000"]
    assert described["flows"] == {"starts": ["0.000000", "2.269185"], "n": 80, "length": 1000, "training_seeds": 1}
    assert described["rg"] == {
        "L": 4, "T": "2.269185", "layers": 1, "rules": ["average", "majority"], "temperatures": ["2.269185"],
        "calibration": 3000,
    }  # fmt: skip
    assert reading.read(edited()) == study
    assert reading.read(edited()).described() == described


def test_a_description_reads_as_the_same_yaml(edited):
    """The report shows it as YAML: nothing but mappings, lists and scalars."""
    described = reading.read(edited(("ablation", "{base: trained, vary: {l1: [0.1], training: [[1.0]]}}"))).described()
    assert yaml.safe_load(yaml.safe_dump(described)) == described
    assert described["machines"][-1]["variation"] == ["training", "1.0"]


def test_defaults_are_not_shared_between_studies(edited):
    first = reading.read(edited())
    second = reading.read(edited())
    first.rg.rules.append("decimation")
    first.machines[0].options["steps"] = 7
    assert second == reading.read(edited())


def test_a_study_cannot_be_changed(edited):
    with pytest.raises(ValueError, match="frozen"):
        reading.read(edited()).rg.L = 8


def test_a_key_that_is_given_twice_is_seen_before_yaml_forgets_the_first():
    text = "seed: 1\nbase: &base {L: 4, n: 2}\nsamples:\n  - {<<: *base, L: 6}\n  - {L: 4, n: 1, L: 8}\nseed: 2\n"
    expected = ["seed: given in lines 1 and 6: must be given once", "L: given in lines 5 and 5: must be given once"]
    assert reading.repeated_keys(text) == expected
    with pytest.raises(reading.ConfigError) as error:
        reading.read(yaml.safe_load(text), texts=[text])
    assert [line for line in str(error.value).splitlines() if "given in lines" in line] == [
        f"  - {e}" for e in expected
    ]


@pytest.mark.parametrize("raw", [None, [], "samples", 3, {}, {"samples": {}}, {1: 2}])
def test_whatever_the_file_holds_it_is_a_config_error(raw):
    with pytest.raises(reading.ConfigError, match="problems"):
        reading.read(raw)


def test_all_problems_are_said_at_once(problems):
    """What a section shows by itself and what only the study as a whole shows."""
    edits = [
        ("sed", "3"),
        ("seed", "-1"),
        ("machines[0].recipe", "papper"),
        ("machines[1].options", "{steps: 0, batch: 0, gibbs: 2}"),
        ("thermometers.temperatures", "[3.0, 1.0, Tc]"),
        ("flows.length", "0"),
        ("rg.rules", "[averege]"),
    ]
    starts = [
        "sed: ", "seed = -1", "flows.length = 0", "machines[0].recipe = ", "machines[1].options.batch = ",
        "machines[1].options.gibbs: ", "thermometers.temperatures = 3.000000", "rg.rules[0] = ",
    ]  # fmt: skip
    found = problems(*edits)
    for start in starts:
        assert len([line for line in found if line.startswith(start)]) == 1, start
    assert len(found) == len(starts)


def test_sections_are_checked_against_each_other_although_another_is_wrong(problems):
    """`samples` and `rg` are sound: what they say of each other is known."""
    found = problems(("machines[0].L", "many"), ("rg.T", "3.0"), ("thermometers.hidden", "0"))
    assert [line.partition(":")[0] for line in found] == [
        "machines[0].L = 'many'", "thermometers.hidden = 0", "rg.T = 3.000000",
    ]  # fmt: skip


def test_without_sound_samples_nothing_is_said_to_be_missing_in_them(problems):
    assert problems(("samples[0].n", "many")) == ["samples[0].n = 'many': must be an integer ≥ 100 and ≤ 1 000 000 000"]
    assert problems(without=["samples"]) == ["samples: missing: must be a non-empty list"]
