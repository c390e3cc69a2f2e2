"""The tiny study, run once for all tests of a process."""

import shutil

import pytest
from workflow_project import Project


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("workflow"))


@pytest.fixture(scope="session")
def study(project):
    """The directory of the finished tiny study: look, but do not touch."""
    directory = project.folder / "study"
    done = project.run(directory)
    assert done.returncode == 0, done.stdout[-5000:]
    return directory


@pytest.fixture
def copied(study, tmp_path):
    """A copy of the finished tiny study, times included, to be changed."""
    return shutil.copytree(study, tmp_path / "copied")
