"""What describes other machines: profiles of batch systems, and the environments."""

import json
import os
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd
import pytest
import yaml
from packaging.specifiers import SpecifierSet

from rbmrg.study import packing

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["slurm", "cluster-generic"])
def test_profiles_load(project, tmp_path, name):
    pytest.importorskip(f"snakemake_executor_plugin_{name.replace('-', '_')}", reason="this executor is not installed")
    profile = project.root / "workflow" / "profiles" / name
    done = project.run(tmp_path / "study", "--profile", profile, "-n")
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"^write_report +1$", done.stdout, re.M)


def components(name):
    return yaml.safe_load((ROOT / "workflow" / "profiles" / name / "config.yaml").read_text())["group-components"]


@pytest.mark.parametrize("name", ["slurm", "cluster-generic"])
def test_profiles_name_groups_that_exist(name):
    profile = yaml.safe_load((ROOT / "workflow" / "profiles" / name / "config.yaml").read_text())
    sources = "".join(path.read_text() for path in (ROOT / "workflow" / "rules").glob("*.smk"))
    assert profile["executor"] == name
    assert set(components(name)) == {packing.SPANNED, *re.findall(r"packs\.short\(\"(\w+)\"", sources)}
    # A group asks for as many cores as its jobs side by side, up to `cores`: 50 were more than most nodes have.
    assert profile["cores"] <= 4


LONG = [pytest.param(name, number, marks=pytest.mark.long) for name, number in (("smoke", 10), ("default", 40))]


@pytest.mark.parametrize(("name", "number"), [("tiny", 7), *LONG])
def test_short_jobs_are_grouped(project, tmp_path, name, number):
    """No group waits for itself, which Snakemake checks, and this `number` of groups do all there is to do."""
    spans = [f"{group}={count}" for group, count in components("slurm").items()]
    config = project.config() if name == "tiny" else project.root / "config" / f"{name}.yaml"
    done = project.run(tmp_path, "-n", "--group-components", *spans, config=config)
    alone = [rule for rule, _ in project.jobs(done) if rule != "all"]
    groups = re.findall(r"Group job ([\w-]+) \(jobs", done.stdout)
    grouped = re.findall(r"^    rule (\w+):", done.stdout, re.M)
    assert len(alone) + len(groups) == number, (alone, groups)
    assert len(alone) + len(grouped) == int(re.search(r"^total +(\d+)$", done.stdout, re.M)[1]) - 1
    assert number < len(grouped) / 5


def test_every_job_asks_for_more_memory_and_time_than_it_used(project, study):
    """Asked for in a dry run of the finished tiny study, used by its jobs as their benchmarks say."""
    done = project.run(study, "-n", "--forceall")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Provided resources" not in done.stdout  # a run on one machine is not held back by what jobs ask for
    asked = {}
    for rule, text in re.findall(r"^(?:local)?rule (\w+):\n((?:    .*\n)+)", done.stdout, re.M):
        numbers = [re.search(rf"resources:.*\b{name}=(\d+)", text) for name in ("mem_mb", "runtime")]
        if rule != "all":
            assert all(numbers), rule
            asked[re.sub(r"_\d$", "", rule)] = [int(number[1]) for number in numbers]  # map_rule_1
    used = pd.concat(
        pd.read_csv(path, sep="\t").assign(rule=path.relative_to(study / "results/tiny/benchmarks").parts[0])
        for path in (study / "results" / "tiny" / "benchmarks").rglob("*.tsv")
    )
    assert set(used["rule"]) <= set(asked)
    assert used["rule"].nunique() > 10
    assert used.max_rss.max() > 100  # MB: it was measured
    for row in used.itertuples():
        memory, minutes = asked[row.rule]
        assert row.max_rss < memory, row
        assert row.s < 60 * minutes, row


@pytest.mark.parametrize("name", ["slurm", "cluster-generic"])
def test_only_batch_systems_try_again(name):
    """With more memory and time; on one machine a job that failed would only fail again."""
    profile = yaml.safe_load((ROOT / "workflow" / "profiles" / name / "config.yaml").read_text())
    assert profile["retries"] == 2
    assert not {"mem_mb", "runtime"} & set(profile.get("default-resources", {}))  # rules ask, also as a module
    assert "retries" not in "".join(path.read_text() for path in (ROOT / "workflow").rglob("*.smk"))


def test_a_silent_squeue_is_asked_again_for_an_hour():
    """After its last attempt the plugin for Slurm forgets its jobs, and a run would never end."""
    profile = yaml.safe_load((ROOT / "workflow" / "profiles" / "slurm" / "config.yaml").read_text())
    assert profile["slurm-status-attempts"] / profile["max-status-checks-per-second"] >= 3600


SAYS = [
    ("JobId=7 JobState=COMPLETED Reason=None", 0, "success"),
    ("JobId=7 JobState=RUNNING Reason=None", 0, "running"),
    ("JobId=7 JobState=REQUEUE_HOLD Reason=None", 0, "running"),
    ("JobId=7 JobState=TIMEOUT Reason=TimeLimit", 0, "failed"),
    ("slurm_load_jobs error: Invalid job id specified", 1, "failed"),
    ("slurm_load_jobs error: Unable to contact slurm controller (connect failure)", 1, "running"),
]


@pytest.mark.parametrize(("says", "code", "answer"), SAYS)
def test_the_status_of_a_job_is_what_slurm_says(tmp_path, says, code, answer):
    """If Slurm says nothing of it, it is asked again; why a job failed is told once."""
    scontrol = tmp_path / "scontrol"
    scontrol.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    scontrol.chmod(0o755)
    script = ROOT / "workflow" / "profiles" / "cluster-generic" / "status.sh"
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([script, "7"], env=path, capture_output=True, text=True, check=True)
    assert done.stdout == f"{answer}\n"
    assert done.stderr.count("Job 7 ended with ") == (answer == "failed")


def constraints():
    lines = (ROOT / "envs" / "constraints.txt").read_text().splitlines()
    return sorted(line.split("#")[0].strip() for line in lines if line.split("#")[0].strip())


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_both_environments_have_the_same_pins():
    environment = yaml.safe_load((ROOT / "envs" / "environment.yaml").read_text())
    (nested,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert sorted(nested) == constraints()
    (python,) = [entry for entry in environment["dependencies"] if str(entry).startswith("python ")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert python.removeprefix("python ").replace(" ", "") == project["requires-python"]


def test_everything_the_project_needs_is_pinned_exactly():
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( *;.*)?", line) for line in constraints())
    pinned = [normal(line.split("==")[0]) for line in constraints()]
    assert len(set(pinned)) == len(pinned)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    needed = sum((lines for extra, lines in extras.items() if extra != "bench"), project["dependencies"])
    assert {normal(re.match(r"[A-Za-z0-9._-]+", line)[0]) for line in needed} <= set(pinned)
    assert all("==" in line for line in extras["bench"])  # competitors: pinned where they are named


def test_the_container_has_the_pins_a_python_that_is_allowed_and_no_root():
    """A source that is edited must not install the pins again, so these come first."""
    text = (ROOT / "envs" / "Dockerfile").read_text().replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    keys = [key for key, _ in steps]
    assert [key for key in keys if key in ("FROM", "USER", "ENTRYPOINT")] == ["FROM", "USER", "ENTRYPOINT"]
    said = dict(steps)
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert re.fullmatch(r"python:(3\.\d+)-slim", said["FROM"])[1] in SpecifierSet(allowed)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert {"HOME=/tmp", "LOGNAME=rbmrg"} <= set(said["ENV"].split())  # a user without an entry has neither
    assert json.loads(said["ENTRYPOINT"]) == ["snakemake"]
    copied, all_files = ((step, rest.split()) for step, (key, rest) in enumerate(steps) if key == "COPY")
    assert copied[1] == ["envs/constraints.txt", "/tmp/constraints.txt"]
    assert (ROOT / copied[1][0]).is_file()
    assert all_files[1][-2:] == [".", "."]
    assert re.search(r"pip install .*-r /tmp/constraints.txt", steps[copied[0] + 1][1])
    assert re.search(r"pip install .*--no-deps -e \.", steps[all_files[0] + 1][1])
    assert copied[0] + 1 < all_files[0]


def test_the_container_leaves_out_only_what_is_made():
    patterns = (ROOT / "envs" / "Dockerfile.dockerignore").read_text().split()
    made = {".git", ".venv", ".snakemake", "build", ".pytest_cache", ".ruff_cache"}
    left_out = {path.name for path in ROOT.iterdir() if any(fnmatch(path.name, name) for name in patterns)}
    assert left_out <= made
    assert {"results/*", "!results/reference"} <= set(patterns)
