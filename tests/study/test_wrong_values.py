"""Wrong values of a study: each is one line with the key, the value and what is allowed."""

import re

import pytest

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
    ("samples[0].temperatures[0]", "tc", "samples[0].temperatures[0] = 'tc'", "1000, Tc, or a range"),
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
    ("rg.T", "tc", "rg.T = 'tc'", "must be a number ≥ 0 and ≤ 1000, or Tc"),
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
    ("thermometers", "", "thermometers = None", "must be a mapping"),
    # keys that are missing
    ("machines[0]", "{name: a, L: 4, training: [Tc]}", "machines[0].recipe: missing", "must be a text"),
    ("samples[1]", "{temperatures: [3.0]}", "samples[1].L: missing", "must be an integer ≥ 2 and ≤ 1024"),
    # ranges
    (
        "samples[1].temperatures[0]",
        "{from: 0.9, to: 0.1, step: 0.1}",
        "samples[1].temperatures[0] = {from: 0.9",
        "from ≤ to",
    ),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: 0}", "samples[0].temperatures[0].step = 0", "≥ 1e-06"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: -0.1}", "samples[0].temperatures[0].step = -0.1", "≥ 1e-06"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: .inf}", "samples[0].temperatures[0].step = inf", "≤ 1000"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1, step: .nan}", "samples[0].temperatures[0].step = nan", "finite"),
    ("samples[0].temperatures[0]", "{from: 0, to: '0,5', step: 0.1}", "temperatures[0].to = '0,5'", "with a point"),
    ("samples[0].temperatures[0]", "{from: 0, to: 1}", "samples[0].temperatures[0].step: missing", "must be a number"),
    ("samples[0].temperatures[0]", "{from: 0, too: 1, step: 1, to: 1}", "too: unknown key", "did you mean to?"),
    ("samples[1].temperatures[0]", "{from: 0, to: 9, step: 1.0e-6}", "temperatures[0] = ", "a range of at most 10000"),
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
    ("couplings", "{L: 4, layers: 3}", "couplings.L = 4", "must be a multiple of 8"),
    ("couplings", "{L: 4, layers: 1, rules: [average]}", "couplings.rules[0] = 'average'", "whose blocks are ±1"),
    ("couplings", "{L: 8, layers: 1}", "couplings.temperatures = 2.269185", "at L = 8 (nothing is sampled there)"),
    (
        "samples[0].algorithm",
        "magic",
        "samples[0].algorithm = 'magic'",
        "must be one of auto, transfer, multispin, wolff, swendsen-wang, coupling, hybrid",
    ),
    ("exponents", "{L: 6}", "exponents.L = 6", "must be even and from 8 to 64, or a multiple of 64"),
    ("exponents", "{L: 96}", "exponents.L = 96", "or a multiple of 64"),
    ("exponents", "{rules: [majorty]}", "exponents.rules[0] = 'majorty'", "did you mean majority?"),
    ("exponents", "{dial: [0, 2]}", "exponents.dial = [0, 2]", "must be a list of numbers from 0 to 1"),
    ("exponents", "{dial: [0.5, 0.5]}", "exponents.dial = [0.5, 0.5]", "without repetition"),
    ("exponents", "{n: 100}", "exponents.n = 100", "must be an integer ≥ 1000"),
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
    ("machines[0].options", "{stepps: 3}", "machines[0].options.stepps: unknown option", "did you mean steps?"),
    ("machines[0].options", "{steps: many}", "machines[0].options.steps = 'many'", "must be an integer ≥ 0"),
    ("machines[0].options", "{steps: -1}", "machines[0].options.steps = -1", "must be an integer ≥ 0"),
    ("machines[0].options", "{steps: true}", "machines[0].options.steps = True", "must be an integer ≥ 0"),
    ("machines[0].options", "{steps: 1.0e+3}", "machines[0].options.steps = 1000.0", "must be an integer ≥ 0"),
    ("machines[0].options", "{steps: .inf}", "machines[0].options.steps = inf", "must be an integer ≥ 0"),
    ("machines[0].options", "{steps: null}", "machines[0].options.steps = None", "must be an integer ≥ 0"),
    ("machines[0].options", "{steps: [1]}", "machines[0].options.steps = [1]", "must be an integer ≥ 0"),
    ("machines[0].options", "{batch: 0}", "machines[0].options.batch = 0", "must be an integer ≥ 1"),
    (
        "machines[0].options",
        "{learning_rate: 1e-3}",
        "learning_rate = '1e-3'",
        "number ≥ 1e-12 and ≤ 1000 (YAML reads this as text",
    ),
    ("machines[0].options", "{learning_rate: '0,1'}", "learning_rate = '0,1'", "decimals are written with a point"),
    ("machines[0].options", "{learning_rate: .inf}", "learning_rate = inf", "must be a number ≥ 1e-12"),
    ("machines[0].options", "{learning_rate: 0}", "learning_rate = 0", "must be a number ≥ 1e-12"),
    ("machines[0].options", "{l1: .nan}", "machines[0].options.l1 = nan", "must be a number"),
    ("machines[0].options", "{l1: -0.1}", "l1 = -0.1", "must be a number ≥ 0"),
    ("machines[0].options", "{decay_from: x}", "decay_from = 'x'", "must be a number from 0 to 1"),
    ("machines[0].options", "{tanh_means: 1}", "tanh_means = 1", "must be true or false"),
    ("machines[0].options", "{flips: 'yes'}", "flips = 'yes'", "must be true or false"),
    ("machines[0].options", "{method: 3}", "method = 3", "must be one of pcd, cd"),
    ("machines[0].options", "{method: nce}", "method = 'nce'", "must be one of pcd, cd"),
]


@pytest.mark.parametrize(("path", "text", "what", "allowed"), ONE_PROBLEM)
def test_one_mistake_is_one_line(problems, path, text, what, allowed):
    (line,) = problems((path, text))
    assert what in line
    assert allowed in line


def test_every_pair_of_mistakes_in_different_sections_is_seen(problems):
    one_each = {}
    for path, text, what, _ in ONE_PROBLEM:
        section = re.match(r"\w+", path)[0]
        if what.startswith((f"{section}[", f"{section}.", f"{section} ")):
            one_each.setdefault(section, (path, text, what))
    assert set(one_each) == {"samples", "machines", "thermometers", "flows", "rg", "couplings", "exponents", "seed"}
    for first, second in [(a, b) for a in one_each.values() for b in one_each.values() if a[0] < b[0]]:
        found = problems(first[:2], second[:2])
        assert any(first[2] in line for line in found)
        assert any(second[2] in line for line in found)


def test_temperatures_that_coincide_are_named(problems):
    (line,) = problems(("samples[0].temperatures", "[0.0, 1.0, 1.0000001, Tc, 4.0]"))
    assert line == "samples[0].temperatures: 1.000000 repeated (temperatures are rounded to six decimals): must differ"
    (line,) = problems(("samples[1]", "{L: 4, temperatures: [1.0, 3.0]}"))
    assert line == "samples: L = 4, T = 1.000000 is asked for by more than one entry: must be drawn once"


def test_an_odd_lattice_has_no_blocks_of_two(problems):
    found = problems(("rg.L", "5"), ("samples[1].L", "5"))
    assert found == ["rg.L = 5: must be a multiple of 2 to be coarse-grained once"]


def test_multispin_needs_a_checkerboard(problems):
    (line,) = problems(("samples[1]", "{L: 13, temperatures: [Tc], algorithm: multispin}"))
    assert line.startswith("samples[1].algorithm: L = 13 with algorithm 'multispin': must be even and from 2 to ")
    assert line.endswith("or use 'auto' or one of 'wolff', 'swendsen-wang', 'coupling', 'hybrid'")


def test_the_transfer_matrix_has_its_limit(problems):
    (line,) = problems(("samples[1]", "{L: 13, temperatures: [Tc], algorithm: transfer}"))
    assert line.startswith(
        "samples[1].algorithm: L = 13 with algorithm 'transfer': must be from 2 to 12, or use 'auto'"
    )


def test_flows_start_from_held_out_configurations(problems):
    assert problems(("flows.n", "81")) == [
        f"flows.n = 81: must be at most a fifth of samples.n = 400 at L = 4, T = {T}" for T in ("0.000000", "2.269185")
    ]
