"""The cost of jobs before they run: it grows with what they do, and a study beyond its limits is told which."""

import subprocess
import sys
from pathlib import Path

import pytest

from rbmrg.study import estimate, reading

ROOT = Path(__file__).parents[2]

LIMITS = {"samples": [{"L": 10, "temperatures": ["Tc"], "n": 20_000}, {"L": 1024, "temperatures": ["Tc"], "n": 100}]}
DENSE = {"name": "dense", "training": ["Tc"], "recipe": "paper"}


def job(script, study, megabytes=0, **wildcards):
    return estimate.Job(script, wildcards, megabytes, study, estimate.sizes(study))


@pytest.fixture
def study():
    machines = [DENSE | {"L": 10, "hidden": [81, 16]}, DENSE | {"name": "huge", "L": 1024, "hidden": 1024**2}]
    return reading.read(LIMITS | {"machines": machines})


def test_a_machine_of_the_paper_takes_seconds_and_one_of_a_million_units_more_memory_than_there_is(study):
    """`paper-Tc` of the default study took 2.0 to 3.0 s, and 298 MB."""
    seconds, written, held = estimate.cost(job("train", study, 2.0, machine="dense", seed="0"))
    assert 2 < seconds < 6
    assert 0.1 < written < 1
    assert 200 < held < 600
    second = estimate.cost(job("train_layer", study, 2.0, machine="dense", seed="0", layer="2"))
    assert second[0] < seconds
    _, written, held = estimate.cost(job("train", study, machine="huge", seed="0"))
    assert written > 1e7  # 10¹² weights
    assert held > 1e8


def test_samples_cost_by_what_is_drawn(study):
    """20 000 at L = 10 took 0.5 s and 203 MB; their file has 2.0 MB, of which 0.25 MB are spins."""
    costs = [estimate.cost(job("sample", study, L=str(L), T="2.269185")) for L in (10, 1024)]
    assert costs[0] == pytest.approx((0.36, 0.3, 200), rel=0.1)
    assert costs[1][0] > 100 * costs[0][0]
    assert costs[1][1] == pytest.approx(0.05 + 100 * 1024**2 / 8e6)


def test_jobs_are_added_and_the_largest_counts(study):
    jobs = [job("sample", study, L=str(L), T="2.269185") for L in (10, 1024)]
    one, other = map(estimate.cost, jobs)
    assert estimate.total(jobs) == pytest.approx(
        ((one[0] + other[0]) / 3600, (one[1] + other[1]) / 1000, max(one[2], other[2]) / 1000)
    )


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ((0.2, 0.4, 0.6), "394 jobs, about 12 CPU minutes, 0.4 GB of results, largest job 0.6 GB"),
        ((1234.5, 12, 5.25), "394 jobs, about 1,234 CPU hours, 12 GB of results, largest job 5.2 GB"),
        ((2, 8.5e6, 1e8), "394 jobs, about 120 CPU minutes, 8,500,000 GB of results, largest job 100,000,000 GB"),
    ],
)
def test_the_estimate_is_one_line(found, line):
    assert estimate.in_words(394, *found) == line


def test_each_limit_that_is_exceeded_is_named_with_what_it_must_be(study):
    assert study.limits.model_dump() == {"cpu_hours": 500, "disk_gb": 100, "memory_gb": 64}
    assert estimate.excess(study.limits, (499, 100, 64)) == []
    assert estimate.excess(study.limits, (1000, 99, 64.1)) == [
        "limits.cpu_hours = 500: must be at least 1,000 for this study",
        "limits.memory_gb = 64: must be at least 64.1 for this study",
    ]
    raised = reading.read(LIMITS | {"limits": {"cpu_hours": 2000, "memory_gb": 100}})
    assert estimate.excess(raised.limits, (1000, 99, 64.1)) == []


def test_what_snakemake_imports_to_read_a_study_does_without_tables():
    """pandas and xarray would take half a second of each run, a tenth of a dry run of the default study."""
    text = (ROOT / "workflow" / "rules" / "common.smk").read_text()
    lines = [line for line in text.splitlines() if line.startswith(("from rbmrg", "from snakemake"))]
    done = "reading.read({'samples': [{'L': 4, 'temperatures': ['Tc']}]})"
    code = "\n".join(["import sys, snakemake.cli", *lines, done, "print(*sys.modules)"])
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"rbmrg.study.estimate", "rbmrg.study.reading"} <= set(loaded)
    assert not {"pandas", "xarray", "netCDF4", "matplotlib", "sklearn", "scipy.special"} & set(loaded)
