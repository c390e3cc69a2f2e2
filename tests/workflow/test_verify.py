"""The target `verify` passes a finished study, and names the first file that does not belong to it."""

import os
import shutil

import pytest

SAMPLE = "results/tiny/samples/L=4/T=4.000000.nc"
TABLE = "results/tiny/tables/observables.csv"
PLAIN = "type your command without verify"


def reconfigured(project, study):
    """another configuration"""
    return project.config(project.tiny.replace("steps: 100", "steps: 99"), "verify/tiny")


def deleted(project, study):
    """a missing file"""
    (study / SAMPLE).unlink()


def exchanged(project, study):
    """a file of the study under another one's name"""
    shutil.copy(study / SAMPLE.replace("4.000000", "1.000000"), study / SAMPLE)


def forgotten(project, study):
    """no record of the making of files"""
    shutil.rmtree(study / "results/tiny/.made")


def cut(project, study):
    """a table without its last line, and with its old time"""
    times = (study / TABLE).stat()
    lines = (study / TABLE).read_text().splitlines(keepends=True)
    (study / TABLE).write_text("".join(lines[:-1]))
    os.utime(study / TABLE, ns=(times.st_atime_ns, times.st_mtime_ns))


def unsealed(project, study):
    """a table without its digest"""
    (study / TABLE).with_name(".observables.csv.sha256").unlink()


CASES = {
    reconfigured: f"machines/trained/seed=0.nc: was made with another configuration or other code; {PLAIN}",
    deleted: f"{SAMPLE}: is missing; {PLAIN}",
    exchanged: f": was made of other inputs ({SAMPLE}); {PLAIN}",
    forgotten: ": there is no record of its making; delete it and run again",
    cut: f"{TABLE}: damaged or edited",
    unsealed: f"{TABLE}: rbmrg has not made it, or its digest is gone; delete it and run again",
}


def test_a_finished_study_is_verified(project, copied):
    done = project.run(copied, "verify")
    assert [rule for rule, _ in project.jobs(done)] == []
    assert "rule verify" in done.stdout
    number = len(project.content(copied, ".nc", ".csv", ".png"))
    log = (copied / "results" / "tiny" / "logs" / "verify.log").read_text()
    assert log.endswith(f"files verified: {number}/{number}\n")


QUICK = (reconfigured, cut)  # each kind of check once


@pytest.mark.parametrize(
    "change",
    [change if change in QUICK else pytest.param(change, marks=pytest.mark.long) for change in CASES],
    ids=lambda change: change.__name__,
)
def test_a_study_that_does_not_fit_is_refused(project, copied, change, row):
    config = change(project, copied)
    before = project.content(copied)
    done = project.run(copied, "verify", config=config)
    assert done.returncode == 1
    assert len([line for line in done.stdout.splitlines() if CASES[change] in line]) >= 1, done.stdout[-3000:]
    assert {name: content for name, content in project.content(copied).items() if "verify.log" not in name} == before
    row(f"`verify` where there is {change.__doc__}", "refused, with the file and what to do")
