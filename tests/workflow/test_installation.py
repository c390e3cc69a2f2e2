"""A wheel has all files of the package."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

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
