"""A folder that Snakemake finds locked: its words are followed by what to type, and nothing else says that."""

import pytest

TARGET = "results/tiny/samples/L=4/T=1.000000.nc"
ADVICE = "If no run is at work here, type `.venv/bin/snakemake --unlock`, then your command with --rerun-incomplete."


@pytest.fixture
def locked(tmp_path):
    """A folder as a killed run leaves it."""
    lock = tmp_path / ".snakemake" / "locks" / "0.output.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(f"{TARGET}\n")
    return tmp_path


def test_a_locked_folder_comes_with_what_to_type_and_that_helps(project, locked):
    done = project.run(locked, TARGET)
    assert done.returncode == 1
    assert f"with the --unlock argument.\n{ADVICE}\n" in done.stdout
    assert done.stdout.count(ADVICE) == 1
    for arguments in (["--unlock"], [TARGET, "--rerun-incomplete"]):
        done = project.run(locked, *arguments)
        assert done.returncode == 0
        assert ADVICE not in done.stdout
    assert (locked / TARGET).exists()


@pytest.mark.parametrize("argument", ["-n", "--nolock"])
def test_it_is_not_said_where_no_lock_is_asked_for(project, locked, argument):
    done = project.run(locked, TARGET, argument)
    assert done.returncode == 0
    assert ADVICE not in done.stdout


def test_it_is_not_said_of_other_errors(project, tmp_path):
    done = project.run(tmp_path, "results/tiny/nothing")
    assert done.returncode == 1
    assert ADVICE not in done.stdout
