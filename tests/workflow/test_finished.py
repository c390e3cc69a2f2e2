"""The table of CONTRIBUTING.md, row by row: what a finished study wants to run again, and what else it survives."""

import re

import pytest
from changes import CHANGES, CONTRIBUTING, Trial
from hardships import HARDSHIPS

TABLE = re.findall(r"^\| .* \|$", CONTRIBUTING.partition("| trial |")[2].partition("\n\n")[0], re.M)


@pytest.fixture
def trial(project, study, tmp_path):
    started = Trial(project, study, tmp_path)
    yield started
    started.undo()


def first_rules(done):
    """The rules of the jobs that wait for no other."""
    blocks = re.split(r"^(?:local)?rule (\w+):\n", done.stdout, flags=re.M)[1:]
    jobs_that_wait = "updated by another job"
    first = {rule for rule, block in zip(blocks[::2], blocks[1::2], strict=True) if jobs_that_wait not in block}
    names = first if len(first) < 10 else {re.sub("figure_.*", "figure_…", rule) for rule in first}
    return ", ".join(f"`{name}`" for name in sorted(names))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_reruns_what_it_concerns(trial, change, row):
    change(trial)
    done = trial.project.run(trial.study, "-n", config=trial.config, snakefile=trial.snakefile)
    row(change.__doc__, str(len(trial.project.jobs(done))), first_rules(done))


@pytest.mark.parametrize("hardship", HARDSHIPS, ids=lambda hardship: hardship.__name__)
def test_a_study_survives(trial, hardship, row):
    row(hardship.__doc__, hardship(trial), "")


def test_the_table_has_a_row_for_every_trial_and_no_other():
    hardships = [getattr(hardship, "values", [hardship])[0] for hardship in HARDSHIPS]
    assert [row.split(" | ")[0].removeprefix("| ") for row in TABLE] == [
        trial.__doc__ for trial in (*CHANGES, *hardships)
    ]
