"""Numbers beyond their bounds, files that are no configuration, and what once failed late: each refused in a line."""

import io
import itertools
import math
import random
import time
from types import SimpleNamespace

import pandas as pd
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError
from test_wrong_values import ONE_PROBLEM

from rbmrg import rg
from rbmrg.rbm import recipes
from rbmrg.study import keys, reading, values
from rbmrg.study.sections import Study

EVERYTHING = {
    "exponents": "{L: 8}",
    "couplings": "{L: 4, layers: 1}",
    "ablation": "{base: trained, vary: {l1: [0.1]}}",
    "trials": "{verdicts: 1}",
    "limits": "{}",
}
LATE = [  # (edits, the beginning of the one line): accepted once, and failed or hung hours later
    ([("rg.layers", "2")], "rg.L = 4: must be a multiple of 4, at least 8, to be coarse-grained 2 times"),
    ([("couplings.layers", "2")], "couplings.L = 4: must be a multiple of 4, at least 8, to be coarse-grained 2 times"),
    *(([("ablation", "{base: other, vary: {l1: [0.1]}}"), ("samples[1]", f"{{L: {L}, temperatures: [Tc]}}"),
        ("machines[1]", f"{{name: other, L: {L}, training: [Tc], recipe: paper, hidden: 4}}")],
       f"ablation.base = 'other': L = {L}: must be {allowed}")
      for L, allowed in ((3, "a multiple of 2, at least 4, to be coarse-grained once"), (6, "at most rg.L = 4"))),
    *(([("thermometers.L", L), ("machines[1].L", L),
        ("samples[1]", f"{{L: {L}, temperatures: [0.0, 1.0, Tc, 4.0], n: 400}}")],
       f"thermometers.L = {L}: must be at least 4 for `flows`") for L in (2, 3)),
    *(([("machines[0].name", f"'{name}'"), ("ablation.base", f"'{name}'")],
       f"machines[0].name = '{name}': must be another name: from a table it would be read as {value}")
      for name, value in {"1e3": "1000.0", "007": "7", "0.50": "0.5", "nan": "nan", "None": "nan", "NA": "nan",
                          "null": "nan", "inf": "inf", "true": "True", "FALSE": "False"}.items()),
    ([("machines[0].name", "x" * 101), ("ablation.base", "x" * 101)],
     f"machines[0].name = '{'x' * 99} …: must be at most 100 letters"),
    ([("ablation.vary", f"{{training: [[{', '.join(['1.0', 'Tc', *(f'{k / 100}' for k in range(60))])}]]}}"),
      ("samples[0].temperatures", "[{from: 0, to: 1.5, step: 0.01}, Tc, 4.0]")],
     "ablation.vary.training = 1.0-Tc-0.0-0.01-"),
    ([("exponents", "{L: 8, dial: [0.5, 0.50000001]}")],
     "exponents.dial = [0.5, 0.50000001]: must differ in their first six digits, which name files"),
    *(([("couplings", f"{{L: {L}, layers: 2}}"), ("exponents", "{L: 40}"),
        ("samples[1]", f"{{L: {L}, temperatures: [Tc]}}"),
        ("machines[1]", f"{{name: a, L: {L}, training: [Tc], recipe: convolutional, options: {{size: {size}}}}}")],
       f"machines[1].options.size = {size}: must be an integer ≤ L = {last}, that of the last lattice of {section}")
      for L, size, last, section in ((8, 6, 4, "couplings"), (24, 11, 10, "exponents"))),
    *(([("machines[1]", f"{{name: a, L: 4, training: [Tc], recipe: {recipe}}}"),
        ("ablation", "{base: a, vary: {hidden: [null]}}")],
       "ablation.vary.hidden[0] = None: must be an integer ≥ 1 and ≤ 1 048 576, or a list of 1 to 10 of them")
      for recipe in ("convolutional", "exact")),
    *(([("samples[0].temperatures", f"[0.0, 1.0, Tc, 4.0, {alike}]"), (f"{section}.temperatures", f"[1.0, {alike}]")],
       f"{section}.temperatures = {alike}: must differ in their first six digits, and one at most be within 0.00001 of")
      for section in ("rg", "couplings") for alike in ("2.269180, 2.269190", "2.500000, 2.500001")),
    ([("machines[0].hidden", f"[{', '.join(['4'] * 3000)}]")], "machines[0].hidden = [4, 4, 4, 4, "),
    ([("machines[1]", "{name: a, L: 4, training: [Tc], recipe: convolutional, sites: permuted}")],
     "machines[1].sites = 'permuted': must be another for a convolutional machine"),
    ([("machines[0].seeds", "100000")], "machines[0].seeds = 100000: must be an integer ≥ 1 and ≤ 1000"),
    ([("samples[1].temperatures", f"[{', '.join(f'{k / 100}' for k in range(10_001))}]")],
     "samples[1].temperatures = [0.0, 0.01, 0.02, "),
    ([("samples[1].temperatures", f"[{', '.join(['{from: 0, to: 0.9, step: 0.0001}'] * 2)}]")],
     "samples[1].temperatures = [{'from': 0, 'to': 0.9, 'step': 0.0001}, "),
    *(([("name", f'"{name}"')], f"name = '{shown}': must be at most 100 letters")
      for name, shown in {"abc\\n": "abc\\n", ".": ".", "..": "..", "x" * 250: "x" * 99 + " …"}.items()
      if len(name) < 200),
]  # fmt: skip
FILES = {  # the bytes of a file: what is said of it
    b"": "must be a mapping with keys, as `samples:`, but is empty",
    b"# nothing\n": "must be a mapping with keys, as `samples:`, but is empty",
    b"- 1\n- 2\n": "must be a mapping with keys, as `samples:`",
    b"samples\n": "must be a mapping with keys, as `samples:`",
    b"samples:\n\t- {L: 4}\n": "line 2, column 1: found character '\\t' that cannot start any token; indent",
    b"samples: [{L: 4}\n": "line 2, column 1: expected ',' or ']', but got '<stream end>'",
    b"a: 1\n---\nb: 2\n": "line 2, column 1: but found another document",
    b"seed: *nowhere\n": "line 1, column 7: found undefined alias 'nowhere'",
    b"? [a, b]\n: 3\n": "line 1, column 3: found unhashable key",
    b"x: !!python/object/apply:os.getpid []\n": "line 1, column 4: could not determine a constructor for the tag",
    b"a: \x00\n": "unacceptable character #x0000",
    b"seed: 2026-02-30\n": "day is out of range for month: must be a value that YAML knows",
    b"seed: 1" + 5000 * b"0": "Exceeds the limit (4300 digits) for integer string conversion",
    b"samples: " + 500 * b"[" + 500 * b"]": "lists are nested too deeply",
    b"samples: [" + 100_000 * b"1.0, " + b"]": "must have at most 200000 letters",
    "samples: []\n".encode("utf-16"): "byte 0 is not UTF-8: must be saved as UTF-8",
    "name: café\n".encode("latin-1"): "byte 9 is not UTF-8: must be saved as UTF-8",
    b"__use_yte__: true\nseed: ?1 + 1\n": "__use_yte__: must be left out: with it Snakemake runs what the file says",
    b"samples: &a [*a]\n": "aliases stand inside their own anchors, or lists are nested too deeply",
    b"samples: &a {b: *a}\n": "aliases stand inside their own anchors, or lists are nested too deeply",
    b"a: &a0 [1, 1]\n" + b"".join(b"b%d: &a%d [*a%d, *a%d]\n" % (k, k, k - 1, k - 1) for k in range(1, 40)):
        "more than 200000 values, those of aliases included: must be fewer",
}  # fmt: skip


def numbers():
    """(key, wrong value) for every number of a study, by the bounds of the models, and every option of a recipe."""
    others = itertools.cycle([10**400, math.nan, -(10**400), 16**5000, math.inf, "many", None, [1], -1e300])
    for key, field in keys._leaves(Study):
        low, high = (next((getattr(m, of) for m in field.metadata if hasattr(m, of)), None) for of in ("ge", "le"))
        if low is not None:
            where = key.replace("[]", "[0]")
            yield from ((where, value) for value in (low - 1, high + 1, next(others)))
    for option in recipes._ALLOWED:
        yield from ((f"machines[0].options.{option}", value) for value in (-1, 2**40, next(others), next(others)))


def lines(read):
    """The lines of the one error that `read()` ends in."""
    with pytest.raises(reading.ConfigError) as caught:
        read()
    return str(caught.value).removeprefix("the configuration has problems:\n  - ").split("\n")


def test_numbers_beyond_their_bounds_are_refused_each_in_one_line(edited):
    for where, value in numbers():
        (line,) = lines(lambda: reading.read(edited(*EVERYTHING.items(), (where, value))))  # noqa: B023
        assert line.startswith(f"{where} = {recipes.written(value)}"), (where, line)
        assert ": must be " in line
        assert len(line) < 400


@pytest.mark.parametrize(("edits", "start"), LATE, ids=lambda value: value[:60] if isinstance(value, str) else "")
def test_what_failed_late_is_refused(edited, edits, start):
    (line,) = lines(lambda: reading.read(edited(*EVERYTHING.items(), *edits)))
    assert line.startswith(start)


def test_what_just_fits_is_not_refused(edited):
    """A filter as large as the last lattice, and temperatures that differ in their sixth digit."""
    temperatures = "[Tc, 2.2692, 2.5, 2.50001]"
    for layers, L, size in ((1, 64, 8), (2, 64, 8), (3, 8, 4), (1, 20, 10)):
        edits = (
            ("samples[1]", f"{{L: 16, temperatures: {temperatures}}}"),
            ("couplings", f"{{L: 16, layers: {layers}, temperatures: {temperatures}}}"),
            ("exponents.L", str(L)),
            ("machines[1]", f"{{name: a, L: 16, training: [Tc], recipe: convolutional, options: {{size: {size}}}}}"),
        )
        reading.read(edited(*EVERYTHING.items(), *edits))


@pytest.mark.parametrize("content", FILES, ids=lambda content: repr(content[:30]))
def test_a_file_that_is_no_configuration_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    (line,) = lines(lambda: reading.of_files(yaml.full_load(reading.text(path)), [path]))
    assert line.startswith(f"{path}: {FILES[content]}")


@pytest.mark.parametrize(("name", "said"), [("missing", "No such file or directory"), ("folder", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    (line,) = lines(lambda: reading.text(tmp_path / name))
    assert line == f"{tmp_path / name}: {said}: must be a YAML file that can be read"


def test_of_very_many_problems_the_first_are_shown(edited):
    (*first, last) = lines(lambda: reading.read(edited(("samples[1].temperatures", [-1.0] * 5000))))
    assert len(first) == reading.SHOWN
    assert last == "  - and 4900 more problems"


def test_temperatures_and_starts_are_read_in_order(edited):
    """Analyses look for the nearest of them; only the order of samples is nobody's."""
    edits = ("thermometers.temperatures", "[4.0, Tc, 0.0]"), ("flows.starts", "[Tc, 0.0]")
    study = reading.read(edited(*edits))
    assert study.thermometers.temperatures == ["0.000000", "2.269185", "4.000000"]
    assert study.flows.starts == ["0.000000", "2.269185"]


def test_the_number_of_wrong_configurations(row):
    """Those above and in `test_wrong_values`, where each is one line, too."""
    count = len(list(numbers())) + len(LATE) + len(FILES) + 2 + len(ONE_PROBLEM)
    row(f"{count} wrong configurations", "refused, each in one line")


def test_a_study_of_many_temperatures_is_read_in_seconds():
    """10⁵ temperatures, of which a machine uses 10⁴: their number was once squared."""
    groups = [{"L": 4, "temperatures": [{"from": k, "to": k + 0.9999, "step": 0.0001}]} for k in range(10)]
    machine = {"name": "a", "L": 4, "training": groups[3]["temperatures"], "recipe": "paper", "hidden": 4}
    begun = time.process_time()
    study = reading.read({"samples": groups, "machines": [machine]})
    assert sum(len(group.temperatures) for group in study.samples) == 100_000
    assert time.process_time() - begun < 10


def test_a_name_is_refused_just_where_a_table_would_read_it_as_something_else():
    rng = random.Random(1)
    letters = "aAeEfFiIlLnNtTuUxy01279._-"
    names = ["".join(rng.choices(letters, k=rng.randint(1, 4))) for _ in range(2000)]
    names += [
        "".join(map(rng.choice, zip(word, word.upper(), strict=True))) for word in values.MEANINGS for _ in range(20)
    ]
    named = TypeAdapter(values.Word)
    refused = 0
    for name in filter(lambda name: name[0].isalnum(), names):
        [read] = pd.read_csv(io.StringIO(f"name\n{name}\n"))["name"]
        if read == name:
            assert named.validate_python(name) == name
        else:
            refused += 1
            with pytest.raises(ValidationError, match="another name"):
                named.validate_python(name)
    assert refused > 100


def test_exponents_are_those_of_rules_that_halve_lattices(monkeypatch):
    """Blocks of L × L spins are matched with spins of the half; of a rule by 3, K* had been of different lattices."""
    monkeypatch.setitem(rg.RULES, "thirds", SimpleNamespace(FACTOR=3))
    study = {"samples": [{"L": 8, "temperatures": ["Tc"]}], "exponents": {"L": 48, "rules": ["thirds"]}}
    with pytest.raises(reading.ConfigError, match=r"exponents\.rules\[0\] = 'thirds': must be one of .*, which halve"):
        reading.read(study)
    reading.read(study | {"exponents": {"L": 48, "rules": ["majority"]}})
