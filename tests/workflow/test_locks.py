"""Where Snakemake finds no lock, or is not asked for one, nobody is told to unlock."""

import pytest
from hardships import SAMPLE, left_locked

from rbmrg.study.locks import ADVICE


@pytest.mark.parametrize("argument", ["-n", "--nolock"])
def test_it_is_not_said_where_no_lock_is_asked_for(project, tmp_path, argument):
    done = project.run(left_locked(tmp_path), SAMPLE, argument)
    assert done.returncode == 0
    assert ADVICE not in done.stdout


def test_it_is_not_said_of_other_errors(project, tmp_path):
    done = project.run(tmp_path, "results/tiny/nothing")
    assert done.returncode == 1
    assert ADVICE not in done.stdout
