"""The ablation of a study: machines that differ in one thing, and the rows that compare them."""

import pytest

from rbmrg.study import reading


def read(edited, vary, *edits):
    return reading.read(edited(("ablation", '{"base": trained}'), ("ablation.vary", vary), *edits))


def test_an_ablation_adds_machines_that_differ_in_one_thing(edited):
    study = read(edited, "{training: [[1.0], [Tc, 4.0]], hidden: [8], l1: [0.1]}", ("machines[0].seeds", "2"))
    described = study.described()["machines"]
    assert [machine["name"] for machine in described[:2]] == ["trained", "untrained"]
    plain, _, *varied = described
    names = ["training-1.0", "training-Tc-4.0", "hidden-8", "l1-0.1"]
    assert [machine["name"] for machine in varied] == [f"trained-{name}" for name in names]
    variations = [("training", "1.0"), ("training", "Tc-4.0"), ("hidden", "8"), ("l1", "0.1")]
    assert [machine.variation for machine in study.machines] == [None, None, *variations]
    assert [machine.pop("variation") for machine in varied] == list(map(list, variations))
    changes = [{"training": ["1.000000"]}, {"training": ["2.269185", "4.000000"]}, {"hidden": 8}, {}]
    changes[-1] = {"options": {"steps": 100, "l1": 0.1}}
    for machine, change, name in zip(varied, changes, names, strict=True):
        assert machine == plain | change | {"name": f"trained-{name}"}
    assert [machine.seeds for machine in study.machines] == [2, 1, 2, 2, 2, 2]


def test_rows_are_in_the_order_of_numbers_where_values_are_such(edited):
    study = read(edited, "{steps: [300, 10], recipe: [best], training: [[1.0]], zero_biases: [true], hidden: [[8, 2]]}")
    assert [row[:3] for row in study.ablations] == [
        ["trained-steps-10", "steps", "10"],
        ["trained", "steps", "100"],
        ["trained-steps-300", "steps", "300"],
        ["trained", "recipe", "paper"],
        ["trained-recipe-best", "recipe", "best"],
        ["trained", "training", "2.269-4"],
        ["trained-training-1.0", "training", "1.0"],
        ["trained", "zero_biases", "false"],
        ["trained-zero_biases-true", "zero_biases", "true"],
        ["trained", "hidden", "4"],
        ["trained-hidden-8-2", "hidden", "8-2"],
    ]
    assert {row[3] for row in study.ablations} == {"trained"}


def test_a_variation_may_be_a_control(edited):
    study = read(edited, "{steps: [0]}")
    assert study.machines[-1].name == "trained-steps-0"
    assert study.machines[-1].entry.control == "untrained"


@pytest.mark.parametrize(
    ("ablation", "expected"),
    [
        (
            "base: traned, vary: {l1: [0.1]}",
            "ablation.base = 'traned': must be the name of a machine; did you mean trained?",
        ),
        ("base: trained", "ablation.vary: missing: must be a mapping of what is varied to lists of values"),
        ("vary: {l1: [0.1]}", "ablation.base: missing: must be the name of a machine"),
        ("base: trained, vary: {}", "ablation.vary = {}: must be a mapping of what is varied to lists of values"),
        ("base: trained, vary: {l1: []}", "ablation.vary.l1 = []: must be a non-empty list"),
        ("base: trained, vary: {hidden: 8}", "ablation.vary.hidden = 8: must be a non-empty list"),
        ("base: trained, vary: {l2: [0.1]}", "ablation.vary.l2 = 0.1: options.l2: unknown option; allowed: "),
        ("base: trained, vary: {hidden: [0]}", "ablation.vary.hidden[0] = 0: must be an integer ≥ 1"),
        ("base: trained, vary: {training: [[tc]]}", "ablation.vary.training[0][0] = 'tc': must be a number ≥ 0 and"),
        ("base: trained, vary: {training: [[3.0]]}", "ablation.vary.training = 3.0: training = 3.000000: must be in"),
        ("base: trained, vary: {training: [[1, 1.0]]}", "ablation.vary.training = 1-1.0: training: 1.000000 repeated"),
        ("base: trained, vary: {steps: [a]}", "ablation.vary.steps = a: options.steps = 'a': must be an integer ≥ 0"),
        ("base: trained, vary: {l1: [0.1, 0.1]}", "machines: the name 'trained-l1-0.1' is used more than once"),
    ],
)
def test_problems_of_an_ablation(problems, ablation, expected):
    [found] = problems(("ablation", f"{{{ablation}}}"))
    assert found.startswith(expected)


def test_problems_of_the_base_are_not_said_of_its_variations_again(problems):
    ablation = ("ablation", "{base: trained, vary: {l1: [0.1, 0.2], hidden: [8]}}")
    found = problems(ablation, ("machines[0].options", "{batch: 0}"), ("machines[0].training", "[3.0]"))
    assert [line.partition(":")[0] for line in found] == [
        "machines[0].options.batch = 0", "machines[0].training = 3.000000",
    ]  # fmt: skip


def test_the_maps_of_an_ablation_are_drawn_at_its_own_lattice_size(problems):
    base = "{name: trained, L: 4, training: [1.0], recipe: paper, hidden: 4}"
    found = problems(
        ("machines[0]", base), ("ablation", "{base: trained, vary: {l1: [0.1]}}"), ("rg.T", "3.0"), ("rg.L", "8"),
        ("samples[1]", "{L: 8, temperatures: [Tc, 3.0]}"),
    )  # fmt: skip
    assert found == [
        "rg.T = 3.000000: must be in `samples` at L = 4 (sampled there: 0.000000 … 4.000000, 4 temperatures)"
    ]
