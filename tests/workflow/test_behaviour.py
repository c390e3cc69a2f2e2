"""What Snakemake does with a finished study when something changes, and with an unfinished one."""

import re
import shutil
import subprocess
import sys
from collections import Counter

import netCDF4
import pandas as pd
import pytest
import yaml
from workflow_project import ROOT

from rbmrg import processor


def rules(project, done):
    return sorted(rule for rule, _ in project.jobs(done))


def changed(project, before, directory):
    """The results that are not what they were."""
    after = project.content(directory)
    assert before.keys() <= after.keys()
    return {name for name in before if before[name] != after[name]}


def test_the_study_has_every_kind_of_result(project, study):
    names = project.content(study)
    for suffix, number in ((".nc", 17), (".csv", 59), (".png", 21), (".pdf", 21), (".html", 1)):
        assert len([name for name in names if name.endswith(suffix)]) == number, suffix


def undescribed(path):
    """What a NetCDF file does not say of itself, though the CF conventions want it said."""
    with netCDF4.Dataset(path) as file:
        missing = [name for name in ("Conventions", "title", "source") if not getattr(file, name, "")]
        for name, variable in file.variables.items():
            wanted = ("long_name",) if variable.dtype is str else ("long_name", "units")
            missing += [f"{name}: {key}" for key in wanted if not getattr(variable, key, "")]
            missing += [f"{name}: units of UDUNITS"] * (getattr(variable, "units", "1") != "1")  # all are pure numbers
        return missing


ANYBODY = """
import sys
sys.modules["rbmrg"] = None  # cannot be imported
import xarray as xr
for path in sys.argv[1:]:
    with xr.open_dataset(path) as file:
        file.load()
        print(file.attrs["schema"], *file.get("spin", xr.DataArray()).dims)
"""


def test_anybody_can_read_the_arrays_of_a_study(study):
    files = sorted(study.rglob("*.nc"))
    assert {path: undescribed(path) for path in files} == {path: [] for path in files}
    done = subprocess.run([sys.executable, "-W", "error", "-c", ANYBODY, *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    spins = {"samples": "sample y x", "flow": "start step sample y x"}
    others = ("calibration", "correlators", "machine", "magnetisation", "map", "thermometer")
    kinds = set(done.stdout.splitlines())
    assert kinds == {f"{kind} {dims}" for kind, dims in spins.items()} | set(others)


def test_logs_of_all_jobs_end_with_the_work_done(project, study):
    logs = {name: text.decode() for name, text in project.content(study, ".log").items()}
    said = re.search(r"finished study of (\d+) jobs", (ROOT / "CONTRIBUTING.md").read_text())[1]
    assert len(logs) + 1 == int(said)  # that which wants all others has no log
    for name, text in logs.items():
        done, total = text.splitlines()[-1].split(":", 1)[1].split()[0].split("/")
        assert done == total, name


KINDS = """
samples: [{L: 4, temperatures: [1.0, Tc, 4.0], n: 400}]
machines:
  - {name: exact, L: 4, training: [Tc], recipe: exact}
  - {name: checkerboard, L: 4, training: [Tc], recipe: checkerboard}
  - {name: convolutional, L: 4, training: [Tc], recipe: convolutional, options: {size: 3, steps: 100}}
  - {name: stack, L: 4, training: [Tc], recipe: paper, hidden: [8, 4, 2], states: means, options: {steps: 100}}
thermometers: {L: 4, temperatures: [1.0, Tc, 4.0], hidden: 4, epochs: 1}
flows: {starts: [1.0, Tc], length: 2, n: 80}
rg: {L: 4, layers: 1, calibration: 100}
"""


def test_every_kind_of_machine_comes_out_of_the_workflow(project, tmp_path):
    results = "results/kinds"
    flows = [f"flows/{name}/seed=0.nc" for name in ("checkerboard", "convolutional", "stack")]
    tables = ["tables/machines.csv", "tables/momentum/checkerboard.csv", "tables/equilibrium/checkerboard.csv"]
    targets = [*tables, "maps/machines/checkerboard/seed=0/layer=1.nc", *flows]
    done = project.run(tmp_path, *(f"{results}/{name}" for name in targets), config=project.config(KINDS, "kinds"))
    counts = Counter(rules(project, done))
    once = ("summarise_machines", "map_machine_1", "train_thermometer", "count_magnetisation")
    of_the_checkerboard = ("read_flow", "compare_flow")
    expected = {"sample": 3, "train": 4, "train_layer": 2, "flow": 3}
    assert counts == expected | dict.fromkeys((*once, *of_the_checkerboard), 1)
    assert not [path for path in tmp_path.rglob("*.nc") if undescribed(path)]
    table = pd.read_csv(tmp_path / results / "tables" / "machines.csv").set_index(["machine", "layer"])
    sizes = {name: (row.visible, row.hidden) for name, row in table.iterrows()}
    assert sizes == {
        ("checkerboard", 1): (8, 8), ("convolutional", 1): (16, 4), ("exact", 1): (16, 32),
        ("stack", 1): (16, 8), ("stack", 2): (8, 4), ("stack", 3): (4, 2),
    }  # fmt: skip
    assert table.kl.isna().tolist() == [False, False, False, False, True, True]
    assert table.pseudo_likelihood.isna().tolist() == [True, True, True, True, False, False]


@pytest.mark.skipif(
    processor.environment() == processor.ONE_THREAD,
    reason="this processor has no AVX2, so jobs use what the libraries choose",
)
def test_jobs_use_the_code_for_avx2_whatever_the_environment_says(project, copied, monkeypatch):
    before = project.content(copied)
    monkeypatch.setitem(project.environment, "OPENBLAS_CORETYPE", "Nehalem")
    monkeypatch.setitem(project.environment, "NPY_DISABLE_CPU_FEATURES", "X86_V3")
    done = project.run(copied, "--force", "results/tiny/thermometers/seed=0.nc")
    assert rules(project, done) == ["train_thermometer"]
    assert not changed(project, before, copied)


def test_a_deleted_figure_is_drawn_again_and_nothing_else(project, copied):
    before = project.content(copied)
    (copied / "results" / "tiny" / "figures" / "energy.png").unlink()
    done = project.run(copied)
    assert rules(project, done) == ["figure_energy", "write_report"]
    assert not changed(project, before, copied)


def test_another_temperature_is_sampled_and_read_and_changes_no_other_data(project, copied):
    before = project.content(copied)
    one = "samples: [{L: 4, temperatures: ["
    more = project.config(project.tiny.replace(one, f"{one}3.0, "), "more/tiny")
    done = project.run(copied, config=more)
    assert rules(project, done) == ["figure_energy", "observe", "sample", "write_report"]
    assert ("sample", "results/tiny/samples/L=4/T=3.000000.nc") in project.jobs(done)
    data = {name for name in changed(project, before, copied) if not name.endswith(".log")}
    assert data == {f"tiny/{name}" for name in (
        "tables/observables.csv", "figures/energy.png", "figures/energy.pdf", "figures/energy.csv", "report.html",
    )}  # fmt: skip


SAMPLES = ("samples", "tables/observables.csv", "figures/energy.*")
PARTS = {  # sections of the tiny study, and the results that do not depend on the others
    "samples": (("samples",), SAMPLES),
    "machines": (("samples", "machines"), (*SAMPLES, "machines", "figures/learning.*")),
    "rg": (
        ("samples", "rg"),
        (*SAMPLES, "thermometers/L=*", "maps/rules", "tables/maps/rules", "tables/layer_temperatures/rules"),
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_study_goes_on_to_its_own_report(project, study, tmp_path, part):
    sections, results = PARTS[part]
    part_of = {key: value for key, value in yaml.safe_load(project.tiny).items() if key in sections}
    finished = study / "results" / "tiny"
    for path in (path for name in results for path in finished.glob(name)):
        copy = tmp_path / "results" / "part" / path.relative_to(finished)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(path, copy) if path.is_dir() else shutil.copy2(path, copy)
    done = project.run(tmp_path, config=project.config(yaml.safe_dump(part_of), f"{part}/part"))
    again = {"sample", "observe", "figure_energy", "train", "figure_learning", "map_rule_1", "read_rule"}
    assert not again & set(rules(project, done))
    page = (tmp_path / "results" / "part" / "report.html").read_text()
    assert 'id="energy"' in page
    assert ("<td>trained</td>" in page) == (part == "machines")
    assert ("<td>majority, layer 1</td>" in page) == (part == "rg")
    assert not (tmp_path / "results" / "part" / "claims.csv").exists()
    assert len(pd.read_csv(tmp_path / "results" / "part" / "tables" / "observables.csv")) == 3


def test_an_edited_rule_changes_its_own_lattices_and_no_others(project, copied, edit):
    """All other jobs that it concerns, as `test_finished` counts them, come after and write no arrays."""
    before = project.content(copied)
    edit("src/rbmrg/rg/majority.py", "(signs == 0, coins, signs)", "(signs == 0, coins, -signs)")
    done = project.run(copied, "--until", "map_rule_1", "read_rule")
    lattices = "maps/rules/majority/L=4/layer=1.nc"
    readings = "tables/layer_temperatures/rules/majority.csv"
    assert project.jobs(done) == [("map_rule_1", f"results/tiny/{lattices}"), ("read_rule", f"results/tiny/{readings}")]
    data = {name for name in changed(project, before, copied) if not name.endswith(".log")}
    assert data == {f"tiny/{lattices}", f"tiny/{readings}"}


def test_jobs_are_chosen_without_an_integer_program(project, tmp_path, edit):
    """Snakemake solves one with pulp after each job, which takes as long as a small job; this pulp solves none."""
    sample = "results/tiny/samples/L=4/T=4.000000.nc"
    edit("workflow/Snakefile", "onstart:\n", "onstart:\n    import pulp\n\n    pulp.LpProblem = None\n")
    assert rules(project, project.run(tmp_path / "study", sample)) == ["sample"]
    edit("workflow/Snakefile", "workflow.scheduler._job_selector =", "_ =")  # the control
    done = project.run(tmp_path / "control", sample)
    assert done.returncode != 0
    assert "'NoneType' object is not callable" in done.stdout, done.stdout[-3000:]


@pytest.mark.long
@pytest.mark.parametrize("cores", [1, 4])
def test_the_bytes_do_not_depend_on_the_number_of_cores(project, study, tmp_path, cores):
    assert project.run(tmp_path, cores=cores).returncode == 0
    assert project.content(tmp_path) == project.content(study)


@pytest.mark.long
def test_another_seed_changes_every_sample_machine_and_flow(project, study, tmp_path):
    """The control of the two tests above: equal bytes are not a matter of course."""
    other = project.config(project.tiny + "seed: 2\n", "seed/tiny")
    assert project.run(tmp_path, config=other).returncode == 0
    one = project.content(study, ".nc")
    two = project.content(tmp_path, ".nc")
    assert one.keys() == two.keys()
    assert not [name for name in one if one[name] == two[name]]
