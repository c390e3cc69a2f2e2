"""An installation that is not editable: a wheel has all that the workflow needs, and its study has the same bytes."""

import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "rbmrg"


def test_every_file_of_the_package_is_declared():
    """setuptools takes Python's files of folders with an `__init__.py`, and others by the patterns of pyproject."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    others = [path for path in files if path.suffix != ".py"]
    assert {path.name for path in others} >= {"page.html.jinja"}
    assert not [path for path in others if not any(fnmatch(path.name, pattern) for pattern in patterns)]
    assert all((path.parent / "__init__.py").exists() for path in files)


@pytest.mark.long
def test_a_wheel_runs_the_study_and_gives_the_same_bytes(project, study, tmp_path):
    """Installed elsewhere, with a clone that has no src/; setuptools builds it, so that an index must be in reach."""
    clone = type(project)(tmp_path)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, clone.root / name)
    pip = [sys.executable, "-m", "pip", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", tmp_path, clone.root], check=True)
    [wheel] = tmp_path.glob("*.whl")
    for made in ("src", "build"):
        shutil.rmtree(clone.root / made, ignore_errors=True)
    installed = tmp_path / "installed"
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", installed, wheel], check=True)
    clone.environment["PYTHONPATH"] = str(installed)
    found = [sys.executable, "-c", "import rbmrg; print(rbmrg.__file__)"]
    said = subprocess.run(found, env=clone.environment, cwd=clone.root, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(installed / "rbmrg" / "__init__.py")
    done = clone.run(tmp_path / "study", config=project.config())
    assert done.returncode == 0, done.stdout[-3000:]
    kinds = (".nc", ".csv", ".png", ".pdf", ".html")  # logs tell how many seconds are left
    assert project.content(tmp_path / "study", *kinds) == project.content(study, *kinds)
