"""Memory and run time that jobs ask for: more with each attempt, with more configurations, with longer training."""

from types import SimpleNamespace

import pytest

from rbmrg.study import reading, resources

FILES = ["results/study/samples/L=4/T=1.000000.nc", "results/study/samples/L=6/T=2.269185.nc"]


def asked(study, rule, files=(), attempt=1, **more):
    functions = resources.asking(study)(rule, **more)
    nobody = SimpleNamespace()
    return functions["mem_mb"](nobody, list(files), attempt), functions["runtime"](nobody, attempt)


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
    assert asked(study, "observe", FILES * 2) == asked(study, "observe", FILES)  # one file after the other
    assert asked(study, "train", ["results/study/correlators/groups.nc"])[0] == 500


def test_a_rule_may_ask_for_more_than_the_table_says(study):
    memory, minutes = asked(study, "figure", memory=lambda w: 70, minutes=lambda w: 8, attempt=2)
    assert (memory, minutes) == (2 * (resources.OTHERS[0] + 70), 2 * (resources.OTHERS[2] + 8))


def test_time_grows_with_what_is_drawn_and_trained(study, edited):
    assert resources.drawing(study.samples[1]) == pytest.approx(36 * resources.MINUTES)
    longer = reading.read(edited(("machines[0].options.steps", "1000")))
    times = [resources.training(one.machines[0].entry) for one in (study, longer)]
    assert times == pytest.approx([100 * 64 / resources.WEIGHTS, 1000 * 64 / resources.WEIGHTS])
