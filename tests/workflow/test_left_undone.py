"""What is missing because a job ended before its time is made by the next run."""

import pytest


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
