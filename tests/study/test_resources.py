"""Memory and run time that jobs ask for: more with each attempt, with more configurations, with longer training."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from rbmrg.machines.entries import Entry
from rbmrg.study import reading, resources

FILES = ["results/study/samples/L=4/T=1.000000.nc", "results/study/samples/L=6/T=2.269185.nc"]


def asked(study, rule, files=(), attempt=1, **more):
    functions = resources.asking(study)(rule, **more)
    return tuple(functions[name](SimpleNamespace(), list(files), attempt) for name in ("mem_mb", "runtime"))


@pytest.fixture
def study(edited):
    """0.016 MB at L = 4, T = 1 and at three more temperatures, 36 MB at L = 6."""
    return reading.read(edited(("samples[0].n", "1000"), ("samples[1].n", "1000000")))


@pytest.mark.parametrize("rule", [*resources.ASKED, "figure"])
def test_an_attempt_asks_for_its_number_times_as_much(study, rule):
    first = asked(study, rule, FILES)
    assert all(value > 0 for value in first)
    assert asked(study, rule, FILES, attempt=3) == tuple(3 * value for value in first)


def test_memory_grows_with_the_configurations_a_job_reads(study):
    small, large = (asked(study, "train", [file])[0] for file in FILES)
    assert large - small == pytest.approx(9 * 36, abs=2)
    assert asked(study, "train", FILES * 2)[0] - small == pytest.approx(2 * 9 * 36, abs=2)
    assert asked(study, "observe", FILES * 2)[0] == asked(study, "observe", FILES)[0]  # one file after the other
    assert asked(study, "train", ["results/study/correlators/groups.nc"])[0] == resources.MEGABYTES


def test_a_rule_may_ask_for_more_than_the_table_says(study):
    memory, minutes = asked(study, "compare_maps", memory=lambda w: 70, minutes=lambda w: 8, attempt=2)
    assert (memory, minutes) == (2 * (resources.MEGABYTES + 70), 2 * (resources.OTHERS[1] + 8))


def test_time_grows_with_the_configurations_a_job_reads(study):
    """Also where one file after the other is read."""
    rule = "couple_rule"
    small, large, both = (asked(study, rule, files)[1] for files in ([FILES[0]], [FILES[1]], FILES * 2))
    assert large - small == pytest.approx(36 * resources.ASKED[rule][2], abs=1)
    assert both - small == pytest.approx(2 * 36 * resources.ASKED[rule][2], abs=1)


def test_time_grows_with_the_work(study, edited):
    """Drawing with configurations, training with steps, flows with their number, maps with L⁴."""
    changes = [("machines[0].options.steps", "300"), ("flows.n", "240"), ("rg.calibration", "9000")]
    more = reading.read(edited(("samples[0].n", "3000"), *changes))
    for estimate in (
        lambda one: resources.drawing(one.samples[0].n, 4),
        lambda one: resources.training(one.machines[0].entry),
        resources.flowing,
        lambda one: resources.mapping(one, 4),
        lambda one: resources.calibrating(one, 4),
    ):
        assert estimate(study) > 0
        assert estimate(more) == pytest.approx(3 * estimate(study))
    assert resources.calibrating(study, 8) == pytest.approx(4 * resources.calibrating(study, 4))
    assert all(resources.training(machine.entry) == 0 for machine in study.machines if not machine.entry.steps)


# Seconds that the slowest seed took in the released study, two jobs at a time beside other work.
TRAINED = {
    "paper-0-5.9": 8.1, "pcd-0-3.9": 20.9, "cd1-Tc": 27.1, "best-0-3.9": 20.9, "paper-Tc-L32": 52.3, "cd1-Tc-L32": 38.6,
    "conv-Tc-L32": 9.3, "cd1-Tc-L16-recipe-best": 15.6, "cd1-Tc-L16-hidden-256": 19.7, "cd1-Tc-L16-steps-10000": 21.1,
}  # fmt: skip


def test_training_asks_for_twice_the_time_it_took():
    text = (Path(__file__).parents[2] / "config" / "default.yaml").read_text()
    entries = {machine.name: machine.entry for machine in reading.read(yaml.safe_load(text)).machines}
    asked = {name: 60 * (resources.ASKED["train"][1] + resources.training(entries[name])) for name in TRAINED}
    assert all(asked[name] > 2 * seconds for name, seconds in TRAINED.items())
    assert all(asked[name] < 200 + 10 * seconds for name, seconds in TRAINED.items())  # nor for hours


@pytest.mark.parametrize(
    ("usual", "more"),
    [
        ({"hidden": 64}, {"hidden": [64, 4096]}),
        ({"hidden": 64}, {"hidden": 64, "options": {"chains": 1000}}),
        ({"options": {"filters": 1}}, {"options": {"filters": 64}}),
    ],
)
def test_training_asks_for_the_largest_layer_all_chains_and_all_filters(usual, more):
    few, many = (resources.training(Entry("a", 8, ["2.269185"], "pcd", **of)) for of in (usual, more))
    assert many > 2 * few


SLURM_SAYS = {
    "slurmstepd-vm: error: *** JOB 15 ON vm CANCELLED AT 2026-11-27T07:46:35 DUE TO TIME LIMIT ***": "time",
    "slurmstepd-vm: error: Exceeded job memory limit": "memory",
    "slurmstepd: error: Detected 1 oom_kill event in StepId=15.batch.": "memory",
    "ValueError: what is wrong": "",
}


def test_who_ran_out_of_time_or_memory_is_told_what_to_type(tmp_path):
    (tmp_path / "slurm_logs").mkdir()
    log = tmp_path / "snakemake.log"
    for line, lacking in SLURM_SAYS.items():
        (tmp_path / "slurm_logs" / "15.log").write_text(f"{line}\n")
        log.write_text(f"    log: {tmp_path}/slurm_logs/15.log (check log file(s) for error details)\n")
        advice = f"Jobs ran out of {lacking}.  Each attempt asks for more: add --retries 5 to your command.\n"
        assert resources.advice([str(log)]) == (advice if lacking else "")
    assert resources.advice([]) == ""
