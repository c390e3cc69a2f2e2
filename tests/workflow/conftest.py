"""The tiny study, run once for all processes of a test run."""

import fcntl
import os
import shutil

import pytest
from warm_snakemake import Server
from workflow_project import Project

from rbmrg import processor


@pytest.fixture(scope="session")
def server():
    started = Server(os.environ | processor.environment())
    yield started
    started.close()


@pytest.fixture(scope="session")
def project(tmp_path_factory, server):
    return Project(tmp_path_factory.mktemp("workflow"), server)


@pytest.fixture(scope="session")
def study(project, tmp_path_factory, worker_id):
    """The directory of the finished tiny study: look, but do not touch."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent  # of the workers of pytest-xdist
    directory = shared / "study"
    with open(shared / "study.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "results" / "tiny" / "report.html").exists():
            done = project.run(directory)
            assert done.returncode == 0, done.stdout[-5000:]
    return directory


@pytest.fixture
def copied(study, tmp_path):
    """A copy of the finished tiny study, times included, to be changed."""
    return shutil.copytree(study, tmp_path / "copied")


@pytest.fixture
def edit(project):
    """`edit("src/rbmrg/x.py", old, new)` edits the copy of the project until the test is over."""
    kept = []

    def replace(name, old, new):
        path = project.root / name
        status = path.stat()
        text = path.read_text()
        assert old in text
        kept.append((path, status, text))
        path.write_text(text.replace(old, new))

    yield replace
    for path, status, text in reversed(kept):
        path.write_text(text)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
