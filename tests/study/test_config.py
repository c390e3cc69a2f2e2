"""The configuration: everything wrong with it is said at once, with the key, its value and what is allowed."""

import copy
import math
import re
from pathlib import Path

import pytest
import yaml

from rbmrg import rg, sampling
from rbmrg.machines import entries
from rbmrg.study import config

ROOT = Path(__file__).parents[2]
TINY = """
samples: [{L: 4, temperatures: [0.0, 1.0, Tc, 4.0], n: 400}, {L: 6, temperatures: [Tc]}]
machines:
  - {name: trained, L: 4, training: [Tc, 4.0], recipe: paper, hidden: 4, options: {steps: 100}}
  - {name: untrained, L: 4, training: [Tc], recipe: paper, hidden: 4, options: {steps: 0}}
thermometers: {L: 4, temperatures: [0.0, 1.0, Tc, 4.0]}
flows: {starts: [0.0, Tc], n: 80}
rg: {L: 4, T: Tc, layers: 2}
"""


def complete(raw, **options):
    rules = {name: rule.FACTOR for name, rule in rg.RULES.items()}
    known = {"size_problem": sampling.size_problem, "machine_problems": entries.problems, "rules": rules}
    return config.complete(raw, **known, **options)


def edited(*edits):
    """The tiny study with `edits`, each written as the user would: ("samples[0].n", "many")."""
    raw = yaml.safe_load(TINY)
    for path, text in edits:
        *parents, last = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]
        node = raw
        for part in parents:
            node = node[part]
        node[last] = yaml.safe_load(text)
    return raw


def problems(*edits):
    """The lines of the one error that the tiny study with `edits` gives."""
    with pytest.raises(config.ConfigError) as caught:
        complete(edited(*edits))
    first, *lines = str(caught.value).splitlines()
    assert first == "the configuration has problems:"
    assert all(line.startswith("  - ") for line in lines)
    return [line.removeprefix("  - ") for line in lines]


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_studies_that_come_with_the_project_are_fine(path):
    complete(yaml.safe_load(path.read_text()))


def test_the_tiny_study_is_fine_and_is_not_changed():
    raw = yaml.safe_load(TINY)
    before = copy.deepcopy(raw)
    completed = complete(raw)
    assert raw == before
    assert completed["seed"] == 1
    assert completed["samples"][0] == {
        "L": 4, "temperatures": ["0.000000", "1.000000", "2.269185", "4.000000"], "n": 400, "algorithm": "auto",
    }  # fmt: skip
    assert completed["samples"][1]["n"] == 20_000
    assert completed["machines"][0]["seeds"] == 1
    assert completed["machines"][0]["training"] == ["2.269185", "4.000000"]
    assert completed["flows"] == {"starts": ["0.000000", "2.269185"], "n": 80, "length": 1000, "training_seeds": 1}
    assert completed["rg"] == {
        "L": 4, "T": "2.269185", "layers": 2, "rules": ["average", "majority"], "temperatures": ["2.269185"],
        "calibration": 3000,
    }  # fmt: skip
    assert complete(yaml.safe_load(TINY)) == completed


def test_an_ablation_adds_machines_that_differ_in_one_thing():
    base, vary = (
        ("ablation", '{"base": trained}'),
        ("ablation.vary", "{training: [[1.0], [Tc, 4.0]], hidden: [8], l1: [0.1]}"),
    )
    completed = complete(edited(base, vary))
    plain, *varied = [machine for machine in completed["machines"] if machine["name"].startswith("trained")]
    names = ["training-1.0", "training-Tc-4.0", "hidden-8", "l1-0.1"]
    assert [machine["name"] for machine in varied] == [f"trained-{name}" for name in names]
    assert [machine.pop("variation") for machine in varied] == [
        ["training", "1.0"], ["training", "Tc-4.0"], ["hidden", "8"], ["l1", "0.1"],
    ]  # fmt: skip
    changes = [{"training": ["1.000000"]}, {"training": ["2.269185", "4.000000"]}, {"hidden": 8}, {}]
    changes[-1] = {"options": {"steps": 100, "l1": 0.1}}
    for machine, change, name in zip(varied, changes, names, strict=True):
        assert machine == plain | change | {"name": f"trained-{name}"}


@pytest.mark.parametrize(
    ("ablation", "expected"),
    [
        ("base: traned, vary: {l1: [0.1]}", "ablation.base = 'traned': must be the name of a machine; did you mean tr"),
        ("base: trained", "ablation: base = trained, vary = {}: must be given both or not at all"),
        ("vary: {l1: [0.1]}", "ablation: base = None, vary = {l1: [0.1]}: must be given both or not at all"),
        ("base: trained, vary: {l1: []}", "ablation.vary.l1 = []: must be a non-empty list"),
        ("base: trained, vary: {l2: [0.1]}", "ablation.vary.l2 = 0.1: machine.options.l2: no option 'l2'"),
        ("base: trained, vary: {hidden: [0]}", "ablation.vary.hidden[0] = 0: must be an integer ≥ 1"),
        ("base: trained, vary: {training: [[3.0]]}", "ablation.vary.training = 3.0: machine.training = 3.000000: "),
        ("base: trained, vary: {steps: [0]}", "ablation.vary.steps = 0: machine.name = 'trained-steps-0': must begin"),
        ("base: trained, vary: {l1: [0.1, 0.1]}", "machines: the name 'trained-l1-0.1' is used more than once"),
    ],
)
def test_problems_of_an_ablation(ablation, expected):
    [found] = problems(("ablation", f"{{{ablation}}}"))
    assert found.startswith(expected)


def test_defaults_are_not_shared_between_studies():
    first, second = complete(yaml.safe_load(TINY)), complete(yaml.safe_load(TINY))
    first["rg"]["rules"].append("decimation")
    first["machines"][0]["options"]["steps"] = 7
    assert second == complete(yaml.safe_load(TINY))


ONE_PROBLEM = [
    # unknown keys
    ("sampels", "[]", "sampels: unknown key", "did you mean samples?"),
    ("samples[0].algoritm", "auto", "samples[0].algoritm: unknown key", "did you mean algorithm?"),
    ("machines[0].hiden", "3", "machines[0].hiden: unknown key", "did you mean hidden?"),
    ("flows.lenght", "3", "flows.lenght: unknown key", "length, n, training_seeds; did you mean length?"),
    ("rg.zzz", "3", "rg.zzz: unknown key", "allowed: L, T, rules, layers"),
    # wrong types
    ("samples[0].n", "many", "samples[0].n = 'many'", "must be an integer"),
    ("samples[0].n", "1.0e+4", "samples[0].n = 10000.0", "must be an integer"),
    ("samples[0].n", "true", "samples[0].n = True", "must be an integer"),
    ("samples[0].temperatures", "Tc", "samples[0].temperatures = 'Tc'", "must be a non-empty list"),
    ("samples[0].temperatures[0]", "true", "samples[0].temperatures[0] = True", "a number ≥ 0"),
    ("samples[0].temperatures[0]", "tc", "samples[0].temperatures[0] = 'tc'", "or Tc"),
    ("samples", "", "samples = None", "must be a non-empty list"),
    ("machines[0]", "", "machines[0] = None", "must be a mapping"),
    ("machines[0].options", "[1]", "machines[0].options = [1]", "must be a mapping"),
    ("machines[0].name", "a b", "machines[0].name = 'a b'", "letters, digits"),
    ("machines[0].name", "../x", "machines[0].name = '../x'", "letters, digits"),
    ("machines[0].name", "12", "machines[0].name = 12", "letters, digits"),
    ("rg.rules", "average", "rg.rules = 'average'", "must be a non-empty list"),
    ("rg.L", "true", "rg.L = True", "must be an integer"),
    ("rg.L", "4.0", "rg.L = 4.0", "must be an integer"),
    ("seed", "1.0", "seed = 1.0", "must be an integer ≥ 0"),
    ("seed", "'1'", "seed = '1'", "must be an integer ≥ 0"),
    # numbers that are none, or out of bounds
    ("samples[0].temperatures[0]", "-1.0", "samples[0].temperatures[0] = -1.0", "must be a number ≥ 0"),
    ("samples[0].temperatures[0]", ".nan", "samples[0].temperatures[0] = nan", "must be a finite number"),
    ("samples[0].temperatures[0]", ".inf", "samples[0].temperatures[0] = inf", "≤ 1000"),
    (
        "samples[0].temperatures[0]",
        "'2,27'",
        "samples[0].temperatures[0] = '2,27'",
        "decimals are written with a point",
    ),
    ("samples[0].temperatures[0]", "1e-3", "samples[0].temperatures[0] = '1e-3'", "write 1.0e-3"),
    ("rg.T", "1e-3", "rg.T = '1e-3'", "write 1.0e-3"),
    ("samples[0].n", "99", "samples[0].n = 99", "must be an integer ≥ 100"),
    ("samples[0].L", "1", "samples[0].L = 1", "≥ 2"),
    ("machines[0].hidden", "0", "machines[0].hidden = 0", "must be an integer ≥ 1"),
    ("machines[0].seeds", "0", "machines[0].seeds = 0", "must be an integer ≥ 1"),
    ("seed", "-1", "seed = -1", "must be an integer ≥ 0"),
    ("thermometers.hidden", "0", "thermometers.hidden = 0", "must be an integer ≥ 1"),
    ("flows.n", "39", "flows.n = 39", "must be an integer ≥ 40"),
    # empty lists
    ("samples", "[]", "samples = []", "must be a non-empty list"),
    ("samples[0].temperatures", "[]", "samples[0].temperatures = []", "must be a non-empty list"),
    ("machines[0].training", "[]", "machines[0].training = []", "must be a non-empty list"),
    ("machines", "[]", "machines: none has L = 4", "thermometers.L"),
    ("flows.starts", "[]", "flows.starts = []", "must be a non-empty list"),
    ("rg.rules", "[]", "rg.rules = []", "must be a non-empty list"),
    # ranges
    ("samples[1].temperatures[0]", "{from: 0.9, to: 0.1, step: 0.1}", "samples[1].temperatures[0] = ", "from ≤ to"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: 0}", "samples[0].temperatures[0].step = 0", "≥ 1e-06"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: -0.1}", "samples[0].temperatures[0].step = -0.1", "≥ 1e-06"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: .inf}", "samples[0].temperatures[0].step = inf", "≤ 1000"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: .nan}", "samples[0].temperatures[0].step = nan", "finite"),
    ("samples[0].temperatures[0]", "{from: 0, to: '0,5', step: 0.1}", "temperatures[0].to = '0,5'", "with a point"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1}", "samples[0].temperatures[0].step: missing", ""),
    # names and sizes that must be known or fit
    ("machines[0].recipe", "papper", "machines[0].recipe = 'papper'", "must be one of paper, "),
    (
        "rg.rules",
        "[averege]",
        "rg.rules[0] = 'averege'",
        "must be one of average, majority, decimation, rescaled; did you mean average?",
    ),
    ("rg.rules", "[average, average]", "rg.rules = ['average', 'average']", "without repetition"),
    ("rg.layers", "3", "rg.L = 4", "must be a multiple of 8"),
    (
        "samples[0].algorithm",
        "magic",
        "samples[0].algorithm = 'magic'",
        "must be one of auto, transfer, multispin, wolff, swendsen-wang, coupling, hybrid",
    ),
    ("machines[1].name", "untrained-too", None, None),
    ("machines[1].name", "control", "machines[1].name = 'control'", "must begin with 'untrained'"),
    # temperatures
    ("machines[0].training", "[2.0]", "machines[0].training = 2.000000", "must be in `samples` at L = 4"),
    ("machines[0].L", "8", "machines[0].training = 2.269185, 4.000000", "at L = 8 (nothing is sampled there)"),
    ("thermometers.temperatures", "[0.0, 3.0, Tc]", "thermometers.temperatures = 3.000000", "must be in `samples`"),
    ("thermometers.temperatures", "[0.0, Tc]", "temperatures = 0.000000, 2.269185", "must be at least 3 temperatures"),
    ("flows.starts", "[Tc]", "flows.starts = 2.269185", "must be at least 2 temperatures"),
    ("flows.starts", "[0.0, 3.0]", "flows.starts = 3.000000", "sampled there: 0.000000 … 4.000000, 4 temperatures"),
    ("rg.T", "3.0", "rg.T = 3.000000", "must be in `samples`"),
    ("machines[0].training", "[Tc, 2.2691853]", "machines[0].training: 2.269185 repeated", "must differ"),
    # options of recipes
    ("machines[0].options", "{stepps: 3}", "machines[0].options.stepps: ", "did you mean 'steps'?"),
    ("machines[0].options", "{steps: many}", "machines[0].options.steps: steps = 'many'", "a whole number is needed"),
    ("machines[0].options", "{steps: -1}", "machines[0].options.steps: steps = -1", "at least 0"),
    ("machines[0].options", "{steps: true}", "machines[0].options.steps: steps = True", "a whole number"),
    ("machines[0].options", "{steps: 1.0e+3}", "machines[0].options.steps: steps = 1000.0", "a whole number"),
    ("machines[0].options", "{steps: .inf}", "machines[0].options.steps: steps = inf", "a whole number"),
    ("machines[0].options", "{steps: null}", "machines[0].options.steps: steps = None", "a whole number"),
    ("machines[0].options", "{steps: [1]}", "machines[0].options.steps: steps = [1]", "a whole number"),
    ("machines[0].options", "{batch: 0}", "machines[0].options.batch: batch = 0", "at least 1"),
    ("machines[0].options", "{learning_rate: 1e-3}", "learning_rate = '1e-3'", "a finite number is needed"),
    ("machines[0].options", "{learning_rate: .inf}", "learning_rate = inf", "a finite number is needed"),
    ("machines[0].options", "{learning_rate: 0}", "learning_rate = 0", "a positive number"),
    ("machines[0].options", "{l1: .nan}", "machines[0].options.l1 = nan", "finite number"),
    ("machines[0].options", "{l1: -0.1}", "l1 = -0.1", "at least 0"),
    ("machines[0].options", "{decay_from: x}", "decay_from = 'x'", "a finite number is needed"),
    ("machines[0].options", "{tanh_means: 1}", "tanh_means = 1", "true or false"),
    ("machines[0].options", "{flips: 'yes'}", "flips = 'yes'", "true or false"),
    ("machines[0].options", "{method: 3}", "method = 3", "a text is needed"),
    ("machines[0].options", "{method: nce}", "method = 'nce'", "'pcd' or 'cd'"),
]


@pytest.mark.parametrize(("path", "text", "what", "allowed"), ONE_PROBLEM)
def test_one_mistake_is_one_line(path, text, what, allowed):
    if what is None:
        complete(edited((path, text)))
        return
    (line,) = problems((path, text))
    assert what in line
    assert allowed in line


def test_temperatures_that_coincide_are_named():
    found = problems(("samples[0].temperatures", "[0.0, 1.0, 1.0000001, Tc, 4.0]"))
    assert (
        found[0] == "samples[0].temperatures: 1.000000 repeated (temperatures are rounded to six digits): must differ"
    )
    (line,) = problems(("samples[1]", "{L: 4, temperatures: [1.0, 3.0]}"))
    assert line == "samples: L = 4, T = 1.000000 is asked for by more than one entry: must be drawn once"


def test_an_odd_lattice_has_no_blocks_of_two():
    found = problems(("rg.L", "5"), ("samples[1].L", "5"))
    assert found == ["rg.L = 5: must be a multiple of 4 to be coarse-grained 2 times"]


@pytest.mark.parametrize(
    ("machine", "complaint"),
    [
        ("{name: a, L: 4, training: [Tc], recipe: paper}", "hidden: missing, the recipe paper needs a number of units"),
        ("{name: a, L: 4, training: [Tc], recipe: exact, hidden: 32}", "hidden = 32: must not be given"),
        (
            "{name: a, L: 4, training: [Tc, 4.0], recipe: exact}",
            "training = 2.269185, 4.000000: must be one temperature",
        ),
        ("{name: a, L: 4, training: [0.0], recipe: checkerboard}", "training = 0.000000: must be one temperature > 0"),
        (
            "{name: a, L: 4, training: [Tc], recipe: exact, options: {l1: 0.1}}",
            "options = {'l1': 0.1}: must not be given",
        ),
        ("{name: a, L: 4, training: [Tc], recipe: exakt}", "recipe = 'exakt': must be one of paper, "),
        ("{name: a, L: 4, training: [Tc], recipe: paper, hidden: []}", "hidden = []: must be an integer ≥ 1, or a"),
        ("{name: a, L: 4, training: [Tc], recipe: paper, hidden: [4, 0]}", "hidden = [4, 0]: must be an integer"),
        ("{name: a, L: 4, training: [Tc], recipe: paper, hidden: 4, states: mean}", "states = 'mean': must be one of"),
        ("{name: a, L: 4, training: [Tc], recipe: convolutional, hidden: 4}", "hidden = 4: must not be given"),
        ("{name: a, L: 4, training: [Tc], recipe: convolutional, options: {size: 5}}", "options.size"),
    ],
)
def test_a_machine_that_cannot_be_is_refused(machine, complaint):
    (line,) = problems(("machines[1]", machine))
    assert line.removeprefix("machines[1].").startswith(complaint)


@pytest.mark.parametrize("recipe", ["checkerboard", "convolutional"])
def test_recipes_that_need_an_even_lattice_say_so(recipe):
    edits = ("samples[1]", "{L: 5, temperatures: [Tc]}"), (
        "machines[1]", f"{{name: a, L: 5, training: [Tc], recipe: {recipe}}}",
    )  # fmt: skip
    assert problems(*edits)[0].startswith("machines[1].L = 5: must be even for ")


def test_stacks_and_closed_forms_are_completed():
    machines = (
        "[{name: a, L: 4, training: [Tc], recipe: paper, hidden: [8, 2], states: means},"
        " {name: b, L: 4, training: [Tc], recipe: exact}]"
    )
    a, b = complete(edited(("machines", machines)))["machines"]
    assert (a["hidden"], a["states"], b["hidden"], b["states"], b["options"]) == ([8, 2], "means", None, "sampled", {})


def test_multispin_needs_a_checkerboard():
    (line,) = problems(("samples[1]", "{L: 13, temperatures: [Tc], algorithm: multispin}"))
    assert line.startswith("samples[1].algorithm: L = 13 with algorithm 'multispin': must be even and from 2 to ")
    assert line.endswith("or use 'auto' or one of 'wolff', 'swendsen-wang', 'coupling', 'hybrid'")


def test_the_transfer_matrix_has_its_limit():
    (line,) = problems(("samples[1]", "{L: 13, temperatures: [Tc], algorithm: transfer}"))
    assert line.startswith(
        "samples[1].algorithm: L = 13 with algorithm 'transfer': must be from 2 to 12, or use 'auto'"
    )


def test_flows_start_from_held_out_configurations():
    assert problems(("flows.n", "81")) == [
        f"flows.n = 81: must be at most a fifth of samples.n = 400 at L = 4, T = {T}" for T in ("0.000000", "2.269185")
    ]


def test_a_key_that_is_given_twice_is_seen_before_yaml_forgets_the_first():
    text = "seed: 1\nbase: &base {L: 4, n: 2}\nsamples:\n  - {<<: *base, L: 6}\n  - {L: 4, n: 1, L: 8}\nseed: 2\n"
    expected = ["seed: given in lines 1 and 6: must be given once", "L: given in lines 5 and 5: must be given once"]
    assert config.repeated_keys(text) == expected
    with pytest.raises(config.ConfigError) as error:
        complete(yaml.safe_load(text), texts=[text])
    assert [line for line in str(error.value).splitlines() if "given in lines" in line] == [
        f"  - {e}" for e in expected
    ]


def test_names_of_machines_differ():
    found = problems(("machines[1]", "{name: trained, L: 4, training: [Tc], recipe: paper, hidden: 4}"))
    assert found == ["machines: the name 'trained' is used more than once: must differ"]


@pytest.mark.parametrize("raw", [None, [], "samples", 3, {}, {"samples": {}}, {1: 2}])
def test_whatever_the_file_holds_it_is_a_config_error(raw):
    with pytest.raises(config.ConfigError, match="problems"):
        complete(raw)


def test_all_problems_are_said_at_once():
    """What the schema sees and what only the study as a whole shows."""
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
        "sed: ", "seed = -1", "flows.length = 0", "machines[0].recipe = ", "machines[1].options.batch: ",
        "machines[1].options.gibbs: ", "thermometers.temperatures = 3.000000", "rg.rules[0] = ",
    ]  # fmt: skip
    found = problems(*edits)
    for start in starts:
        assert len([line for line in found if line.startswith(start)]) == 1, start
    assert len(found) == len(starts)


def test_every_pair_of_mistakes_in_different_sections_is_seen():
    one_each = {}
    for path, text, what, _ in ONE_PROBLEM:
        section = re.match(r"\w+", path)[0]
        if what and what.startswith((f"{section}[", f"{section}.", f"{section} ")):
            one_each.setdefault(section, (path, text, what))
    assert set(one_each) == {"samples", "machines", "thermometers", "flows", "rg", "seed"}
    for first, second in [(a, b) for a in one_each.values() for b in one_each.values() if a[0] < b[0]]:
        found = problems(first[:2], second[:2])
        assert any(first[2] in line for line in found)
        assert any(second[2] in line for line in found)


def test_ranges_include_both_ends():
    sixty = [f"{k // 10}.{k % 10}00000" for k in range(60)]
    assert config.temperatures([{"from": 0.0, "to": 5.9, "step": 0.1}]) == sixty
    assert config.temperatures([{"from": 1.0, "to": 1.0, "step": 0.1}]) == ["1.000000"]
    assert config.temperatures([{"from": 1, "to": 2, "step": 0.3}]) == ["1.000000", "1.300000", "1.600000", "1.900000"]
    for step in (0.1, 0.01, 0.7, 1e-3, 1 / 3):
        names = config.temperatures([{"from": 0.5, "to": 0.5 + 70 * step, "step": step}])
        assert len(names) == len(set(names)) == 71
        assert names[-1] == config.format_temperature(0.5 + 70 * step)


def test_temperatures_are_six_digits():
    names = ["Tc", 0, 2.0, 1e-6, 2.2691853, 1000, math.nextafter(2.3, 3)]
    digits = ["2.269185", "0.000000", "2.000000", "0.000001", "2.269185", "1000.000000", "2.300000"]
    assert [config.format_temperature(T) for T in names] == digits
    assert config.temperatures(names) == digits
    assert config.temperatures([1, {"from": 0, "to": 1, "step": 1}, "Tc"]) == [
        "1.000000", "0.000000", "1.000000", "2.269185",
    ]  # fmt: skip


def test_the_readme_has_the_table_of_keys():
    """If not: python -m rbmrg.config, and paste it."""
    table = config.key_table()
    assert table in (ROOT / "config" / "README.md").read_text()
    schema = yaml.safe_load(config.SCHEMA.read_text())
    for key in schema["properties"]:
        assert f"`{key}" in table
    assert "None" not in table
