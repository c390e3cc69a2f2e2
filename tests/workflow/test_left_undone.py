"""What is missing, unfinished or of other parameters because a job ended before its time is made by the next run."""

import shutil
from base64 import urlsafe_b64encode
from types import SimpleNamespace

import pytest
from snakemake import api  # noqa: F401  (or its `workflow` cannot be imported)
from snakemake.io import IOFile

from rbmrg.study import contents


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "raise OSError('a disk is full')"])
def test_what_a_job_left_undone_is_wanted_again(project, copied, edit, end):
    """The job's file is gone then, and all that was made of it before is still there, of another configuration."""
    longer = project.config(project.tiny.replace("length: 2", "length: 3"), "longer/tiny")
    wanted = project.jobs(project.run(copied, "-n", config=longer))
    assert {"flow", "read_flow", "write_report"} <= {rule for rule, _ in wanted}
    script = project.root / "workflow" / "scripts" / "flow.py"
    edit("workflow/scripts/flow.py", script.read_text(), f"import os\n\n{end}  # from rbmrg\n")
    assert project.run(copied, config=longer).returncode != 0
    assert not (copied / "results/tiny/flows/trained/seed=0.nc").exists()
    again = project.jobs(project.run(copied, "-n", config=longer))
    assert again == [job for job in wanted if job[0] != "follow_training"]  # which ran beside the other
    of_a_table = project.run(copied, "-n", "results/tiny/tables/temperatures/trained.csv", config=longer)
    assert [rule for rule, _ in project.jobs(of_a_table)] == ["flow", "read_flow"]


SAMPLE = "results/tiny/samples/L=4/T=4.000000.nc"
RECORD = urlsafe_b64encode(SAMPLE.encode()).decode()


@pytest.mark.parametrize(
    ("name", "text"),
    [(RECORD, ""), (f"begun/{RECORD}", "{}")],
    ids=["a power cut has left no record of its making", "a job was at it"],
)
def test_a_file_that_may_be_unfinished_is_made_again(project, copied, name, text):
    shutil.rmtree(copied / ".snakemake")  # as where only the results were moved
    made = copied / "results" / "tiny" / ".made"
    assert (made / RECORD).exists()
    (made / name).parent.mkdir(exist_ok=True)
    (made / name).write_text(text)
    assert ("sample", SAMPLE) in project.jobs(project.run(copied, "-n"))


def test_what_an_interrupted_job_was_making_is_remembered(tmp_path):
    """Snakemake forgets all of it, and its file, which may be there and of older parameters, would count as good."""
    dag = SimpleNamespace(workflow=SimpleNamespace(dag_settings=SimpleNamespace(max_checksum_file_size=0)))
    records = contents._Records(path=tmp_path, dag=dag)
    job = SimpleNamespace(output=[IOFile("made")])
    records.started(job)
    records.cleanup(job)
    assert records._filter_incomplete_keys(["made", "other"]) == {"made"}


def test_two_parameters_that_are_swapped_are_seen(project, study):
    """Snakemake compares them as a set, which is the same."""
    swapped = project.config(project.tiny.replace("hidden: 4, epochs: 1", "hidden: 1, epochs: 4"), "swapped/tiny")
    assert "train_thermometer" in {rule for rule, _ in project.jobs(project.run(study, "-n", config=swapped))}
