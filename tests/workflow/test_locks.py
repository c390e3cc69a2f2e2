"""A lock that a dead run has left holds nobody up; of others it is said what to type, where a lock is asked for."""

from types import SimpleNamespace

import pytest
from hardships import SAMPLE, left_locked
from snakemake.persistence.file import FilePersistence

from rbmrg.study import locks


class Records(locks.Locks, FilePersistence):
    """Those of a run that makes one file, on this machine or on a cluster."""

    def __init__(self, folder, is_local=True):
        settings = SimpleNamespace(max_checksum_file_size=0)
        workflow = SimpleNamespace(dag_settings=settings, local_exec=is_local)
        super().__init__(path=folder, dag=SimpleNamespace(workflow=workflow))

    def all_inputfiles(self):
        return []

    def all_outputfiles(self):
        return ["made"]


def die():
    """What the system does when a process ends that has locked files."""
    for file in locks._held:
        file.close()
    locks._held.clear()


def test_a_lock_holds_as_long_as_its_run_lives(tmp_path):
    with Records(tmp_path).lock():
        assert Records(tmp_path).locked
        die()
        assert not Records(tmp_path).locked
        with Records(tmp_path).lock():
            assert Records(tmp_path).locked
    assert not Records(tmp_path).locked


def test_jobs_of_a_cluster_or_of_another_host_may_outlive_their_run(tmp_path, monkeypatch):
    with Records(tmp_path / "cluster", is_local=False).lock():
        die()
        assert Records(tmp_path / "cluster").locked
    with Records(tmp_path / "here").lock():
        die()
        monkeypatch.setattr(locks, "HOST", "host elsewhere")
        assert Records(tmp_path / "here").locked


def test_where_files_cannot_be_locked_nobody_is_taken_for_dead(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no locks available")

    monkeypatch.setattr(locks.fcntl, "flock", refuse)
    with Records(tmp_path).lock():
        die()
        assert Records(tmp_path).locked


@pytest.mark.parametrize("argument", ["-n", "--nolock"])
def test_it_is_not_said_where_no_lock_is_asked_for(project, tmp_path, argument):
    done = project.run(left_locked(tmp_path), SAMPLE, argument)
    assert done.returncode == 0
    assert locks.ADVICE not in done.stdout


def test_it_is_not_said_of_other_errors(project, tmp_path):
    done = project.run(tmp_path, "results/tiny/nothing")
    assert done.returncode == 1
    assert locks.ADVICE not in done.stdout
