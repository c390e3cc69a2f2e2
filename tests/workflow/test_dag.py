"""What Snakemake makes of configurations, good and bad, before any job."""

import os
import re
import sys
from functools import cache

import pytest
import yaml

from rbmrg.study.temperatures import expanded

STUDIES = ("smoke", "default", pytest.param("paper", marks=pytest.mark.long))  # the last takes as long as all else


@pytest.fixture(scope="session")
def said(project):
    """`said(name)`: what Snakemake says to each of the following, a finished process."""
    space = project.folder / "a folder"
    space.mkdir()
    (space / "python").symlink_to(os.path.realpath(sys.executable))
    bad = (
        project.tiny.replace("n: 400", "n: many").replace("recipe: paper", "recipee: paper")
        + "seed: 2\nseed: -1\nzeal: 3\n"
    )
    paper = yaml.safe_load((project.root / "config" / "paper.yaml").read_text())
    large = {section: paper[section] for section in ("samples", "rg", "ablation")}
    large["machines"] = [machine for machine in paper["machines"] if machine["L"] > 10]
    large["samples"] = [group for group in paper["samples"] if group["L"] < 64]
    for described in [*large["samples"], *large["machines"], large["rg"]]:
        described["L"] = 64 if described["L"] == 32 else described["L"]
    names = ("smoke", "default", "paper")
    calls = {name: (["-n"], {"config": project.root / "config" / f"{name}.yaml"}) for name in names}
    calls["large"] = (["-n"], {"config": project.config(yaml.safe_dump(large), "large")})
    calls["bad"] = ([], {"config": project.config(bad, "bad")})
    calls["reference"] = ([], {"config": project.config(name="reference")})
    calls["costly"] = ([], {"config": project.config(project.tiny + "limits: {cpu_hours: 0.002}\n", "costly")})
    calls["space"] = (["results/tiny/samples/L=4/T=4.000000.nc"], {"python": space / "python"})
    calls["lint"] = (["--lint"], {})

    # The Python in a folder with a space has no site-packages of its own.
    path = os.pathsep.join([str(project.root / "src"), *filter(None, sys.path)])

    @cache
    def call(name):
        arguments, options = calls[name]
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(project.environment, "PYTHONPATH", path)
            return project.run(project.folder / f"dag-{name}", *arguments, **options)

    return call


def refused(done, directory):
    """What is said by a run that does not begin: no job, no traceback, no results."""
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert "rule " not in done.stdout.replace("workflow/rules", "")
    assert not (directory / "results").exists()
    return done.stdout


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_has_its_jobs(said, project, name):
    done = said(name)
    assert done.returncode == 0, done.stdout[-3000:]
    counts = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout, re.M))
    study = yaml.safe_load((project.root / "config" / f"{name}.yaml").read_text())
    sampled = sum(len(expanded(group["temperatures"])) for group in study["samples"])
    described = {machine["name"]: machine for machine in study["machines"]}
    base = described.get(study.get("ablation", {}).get("base"), {})
    varied = sum(map(len, study.get("ablation", {"vary": {}})["vary"].values())) * base.get("seeds", 1)
    machines = sum(machine.get("seeds", 1) for machine in study["machines"]) + varied
    assert int(counts["sample"]) == sampled
    assert int(counts["train"]) == machines
    mapped = {base.get("L", study["rg"]["L"]): 1} | {study["rg"]["L"]: study["rg"]["layers"]}  # at its size, layers
    for layers in mapped.values():
        sizes = [side for side, steps in mapped.items() if steps == layers]
        assert int(counts[f"map_rule_{layers}"]) == len(study["rg"]["rules"]) * len(sizes)
    assert int(counts["read_rule"]) == len(study["rg"]["rules"])
    assert counts["write_report"] == counts["all"] == "1"


def test_maps_of_large_lattices_ask_for_their_memory(said):
    """At L = 64 a job was seen to use 3.9 GB; the profiles give 2 GB to those that say nothing.

    Of the paper study with stacks from 64² in place of 32², without flows and machines at L = 10.
    """
    jobs = re.findall(r"^rule map_\w+:\n(?: .*\n)+", said("large").stdout, re.M)
    large, small = ([job for job in jobs if f"samples/L={L}/" in job] for L in (64, 16))
    assert large
    assert small
    calibration = re.search(
        r"^rule calibrate_lattice:\n(?: .*\n)*? +wildcards: L=64\n.*mem_mb=(\d+)", said("large").stdout, re.M
    )
    assert 1500 < int(calibration[1]) < 2500  # 0.75 GB were seen
    for job in large + small:
        memory = int(re.search(r"mem_mb=(\d+)", job)[1])
        assert 6000 < memory < 12000 if job in large else memory < 2000


def test_a_bad_configuration_is_refused_with_all_that_is_wrong(said, project):
    text = refused(said("bad"), project.folder / "dag-bad")
    assert f"{project.folder / 'bad.yaml'}: the configuration has problems:" in text
    problems = [line for line in text.splitlines() if line.startswith("  - ")]
    assert len(problems) == 6
    for start in ("samples[0].n = 'many'", "machines[0].recipee: unknown", "machines[0].recipe: missing",
                  "seed = -1", "zeal: unknown key", "seed: given in lines 8 and 9"):  # fmt: skip
        assert len([line for line in problems if line.startswith(f"  - {start}")]) == 1, start
    assert text.count("the configuration has problems") == 1


def test_the_cost_is_said_before_any_job(said):
    (line,) = re.findall(r"^This takes .*", said("smoke").stdout, re.M)
    jobs, minutes, disk, memory = re.fullmatch(
        r"This takes (\d+) jobs, about ([\d.]+) CPU minutes, ([\d.]+) GB of results, largest job ([\d.]+) GB\.", line
    ).groups()
    assert jobs == re.search(r"^total +(\d+)$", said("smoke").stdout, re.M)[1]
    assert 1.5 < float(minutes) < 6  # about 3 were measured,
    assert 0.01 < float(disk) < 0.04  # 0.017
    assert 0.15 < float(memory) < 0.5  # and 0.3


def test_a_study_that_costs_more_than_its_limits_is_refused(said, project):
    text = refused(said("costly"), project.folder / "dag-costly")
    assert re.search(r"59 jobs, about [\d.]+ CPU minutes, .* which is more than `limits` allow:\n", text)
    assert len(re.findall(r"^limits\.cpu_hours = 0\.002: must be at least 0\.1 for this study$", text, re.M)) == 1


def test_a_default_study_that_is_no_yaml_is_named_with_its_line(project, edit, tmp_path):
    """Snakemake would read it first, and name neither."""
    edit("config/default.yaml", "\nseed: 1\n", "\n\tseed: 1\n")
    text = refused(project.run(tmp_path, snakefile=project.root / "Snakefile"), tmp_path)
    assert re.search(r"config/default\.yaml: line \d+, column 1: found character '\\t' that cannot start", text)


def test_a_study_cannot_be_called_reference(said, project):
    assert "results/reference holds the released results" in refused(
        said("reference"), project.folder / "dag-reference"
    )


def test_the_path_of_python_may_have_a_space(said, project):
    assert project.jobs(said("space")) == [("sample", "results/tiny/samples/L=4/T=4.000000.nc")]
    assert (project.folder / "dag-space" / "results/tiny/samples/L=4/T=4.000000.nc").exists()


def test_snakemake_lints_nothing_but_the_missing_conda_environments(said):
    lints = re.findall(r"^    \* (.+)$", said("lint").stdout, re.M)
    assert lints
    assert set(lints) == {"Specify a conda environment or container for each rule.:"}
