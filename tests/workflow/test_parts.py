"""A study may be any part of the chain: only what it mentions is computed, drawn, judged and reported."""

import re

import pytest

SAMPLES = "samples: [{L: 4, temperatures: [1.0, Tc, 4.0], n: 400}]\n"
MACHINES = "machines: [{name: trained, L: 4, training: [Tc], recipe: paper, hidden: 4, options: {steps: 100}}]\n"
THERMOMETERS = "thermometers: {L: 4, temperatures: [1.0, Tc, 4.0], hidden: 4, epochs: 1}\n"
FLOWS = "flows: {starts: [1.0, Tc], length: 2, n: 80}\n"
COUPLINGS = "couplings: {L: 4, rules: [majority], layers: 1}\n"
EXPONENTS = "exponents: {L: 8, n: 1000, dial: [0.5]}\n"
FILTER = MACHINES.replace("recipe: paper, hidden: 4", "recipe: convolutional")
RG = "rg: {L: 4, rules: [average, majority], layers: 1, calibration: 100}\n"

ALWAYS = {"all", "sample", "observe", "figure_energy", "write_report"}
TRAINED = {"train", "summarise_machines", "figure_learning"}
CALIBRATED = {"train_thermometer", "count_magnetisation", "calibrate", "figure_thermometers"}
COARSE = {
    "map_rule_1", "read_rule", "compare_maps", "calibrate_lattice", "gather_tables",
    *(f"figure_{name}" for name in ("maps", "separation", "covariance", "layer_temperatures")),
}  # fmt: skip
COUPLED = {"couple_rule", "gather_tables", "figure_couplings_plane"}
EXAMPLES = {  # that come with the project
    "samples": ALWAYS,
    "rg": ALWAYS | COARSE - {"map_rule_1"} | {"map_rule_3"},
    "calibration": ALWAYS | {"try_errors", "cover_truths", "figure_coverage"},
}
RENORMALISED = {
    "draw_replicas", "renormalise_rule", "renormalise_dial", "list_exponents", "figure_exponents", "figure_operators",
    "figure_dial", "scale_samples", "figure_matching", "measure_information", "figure_information",
}  # fmt: skip
PARTS = {
    "exponents": (SAMPLES + EXPONENTS, ALWAYS | RENORMALISED),
    "filters": (
        SAMPLES + FILTER + EXPONENTS + "trials: {verdicts: 2}\n",
        ALWAYS | TRAINED | RENORMALISED
        | {"renormalise_machine", "assess_claims", "figure_answers", "judge_exponents", "known_answers"},
    ),
    "machines": (SAMPLES + MACHINES, ALWAYS | TRAINED),
    "thermometers": (SAMPLES + THERMOMETERS, ALWAYS | CALIBRATED),
    "known-answers": (
        SAMPLES + MACHINES + RG + "trials: {verdicts: 2}\n",
        ALWAYS | TRAINED | COARSE
        | {"map_machine_1", "read_machine", "assess_claims", "figure_answers"}
        | {"judge_layers", "known_answers"},
    ),
    "rules": (SAMPLES + COUPLINGS, ALWAYS | COUPLED),
    "couplings": (
        SAMPLES + MACHINES + COUPLINGS + "trials: {verdicts: 2}\n",
        ALWAYS | TRAINED | COUPLED
        | {"couple_machine", "figure_couplings_table", "assess_claims", "figure_answers"}
        | {"judge_couplings", "known_answers"},
    ),
    "layers": (
        SAMPLES + MACHINES + RG,
        ALWAYS | TRAINED | COARSE | {"map_machine_1", "read_machine", "assess_claims", "figure_answers"},
    ),
}  # fmt: skip


def wanted(done):
    """The rules of the jobs that a dry run announces."""
    assert done.returncode == 0, done.stdout[-3000:]
    return set(re.findall(r"^(\w+) +\d+$", done.stdout, re.M)) - {"total"}


@pytest.mark.parametrize("part", PARTS)
def test_only_what_a_study_mentions_has_jobs(project, tmp_path, part):
    text, rules = PARTS[part]
    assert wanted(project.run(tmp_path, "-n", config=project.config(text, f"part-{part}"))) == rules


def test_without_rg_there_are_flows_and_no_layers(project, tmp_path):
    text = SAMPLES + MACHINES + THERMOMETERS + FLOWS
    rules = wanted(project.run(tmp_path, "-n", config=project.config(text, "part-flows")))
    assert {"flow", "read_flow", "fit_dimensions", "assess_claims", "figure_mixtures"} <= rules
    assert rules & (COARSE | COUPLED | {"map_machine_1", "read_machine"}) == {"gather_tables"}
    coupled = wanted(project.run(tmp_path, "-n", config=project.config(text + COUPLINGS, "part-coupled")))
    assert coupled - rules == (COUPLED | {"couple_machine", "couple_flow", "figure_couplings_table"}) - rules


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SAMPLES + MACHINES + FLOWS, "flows: "),
        (SAMPLES + THERMOMETERS + FLOWS, "machines: "),
        (SAMPLES + RG + "ablation: {base: trained, vary: {l1: [0.1]}}\n", "ablation"),
    ],
)
def test_a_part_that_needs_another_says_so(project, tmp_path, text, problem):
    done = project.run(tmp_path, "-n", config=project.config(text, "part-bad"))
    assert done.returncode != 0
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("  - ")]
    assert line.startswith(f"  - {problem}")


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_parts_have_their_jobs(project, tmp_path, example):
    rules = wanted(project.run(tmp_path, "-n", config=project.root / "config" / f"{example}.yaml"))
    assert rules == EXAMPLES[example]
