"""The code a job depends on: all of it, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rbmrg import store
from rbmrg.study import dependencies

PACKAGE = dependencies.PACKAGE
SCRIPTS = sorted((PACKAGE.parents[1] / "workflow" / "scripts").glob("*.py"))
FIGURES = sorted(path.stem for path in (PACKAGE / "figures").glob("[!_]*.py") if path.stem != "style")


def script(name):
    return next(path for path in SCRIPTS if path.stem == name)


def modules(name, **options):
    """Names within the package of the files that script `name` depends on."""
    files = map(Path, dependencies.code(script(name), **options))
    return {str(file.relative_to(PACKAGE)) for file in files if PACKAGE in file.parents}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """`package(main="import …", a="…")` writes a script and modules; calling what it returns gives the closure."""
    root = tmp_path / "rbmrg"
    monkeypatch.setattr(dependencies, "PACKAGE", root)

    def write(main, **sources):
        (tmp_path / "main.py").write_text(main)
        for name, source in {"__init__": "", **sources}.items():
            file = root / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source)

        def names(**options):
            script, *files = sorted(dependencies.code(tmp_path / "main.py", **options))
            assert script == str(tmp_path / "main.py")
            return {Path(file).relative_to(root).with_suffix("").as_posix() for file in files}

        return names

    return write


@pytest.mark.parametrize(
    "statement",
    [
        "import rbmrg.a",
        "import rbmrg.a as b, os",
        "from rbmrg import a",
        "from rbmrg import a as b",
        "from rbmrg.a import something",
        "from rbmrg.a import *",
        "def f():\n    from rbmrg import a",
        "try:\n    import rbmrg.a\nexcept ImportError:\n    pass",
    ],
)
def test_every_form_of_import_is_followed(package, statement):
    names = package(main=statement, a="import numpy\nfrom rbmrg.b import x", b="x = 1", unused="")
    assert names() == {"__init__", "a", "b"}


def test_packages_on_the_way_run_too(package):
    below = {"rg/__init__": "import rbmrg.b", "rg/majority": "", "rg/other": ""}
    names = package(main="from rbmrg.rg.majority import apply", b="", **below)
    assert names() == {"__init__", "rg/__init__", "rg/majority", "b"}


def test_modules_that_import_each_other_end(package):
    assert package(main="import rbmrg.a", a="import rbmrg.b", b="import rbmrg.a")() == {"__init__", "a", "b"}


def test_third_parties_and_names_that_only_look_alike_are_left_out(package):
    assert package(main="import numpy, rbmrgx, os.path\nfrom jax import rbmrg", a="")() == set()


def test_without_leaves_a_module_and_what_only_it_needs_out(package):
    names = package(main="import rbmrg.a, rbmrg.b", a="import rbmrg.c", b="import rbmrg.d", c="", d="import rbmrg.a")
    assert names(without=["rbmrg.a"]) == {"__init__", "b", "d"}
    assert names(without=["rbmrg.b"]) == {"__init__", "a", "c"}


def test_also_adds_a_module_and_all_it_needs(package):
    names = package(main="import importlib", a="import rbmrg.b", b="")
    assert names() == set()
    assert names(also=["rbmrg.a"]) == {"__init__", "a", "b"}


def test_an_edit_of_a_leaf_changes_the_hash_of_the_code(package, tmp_path):
    package(main="import rbmrg.a", a="import rbmrg.b", b="x = 1", c="")
    files = dependencies.code(tmp_path / "main.py")
    before = store.code_hash(files)
    (tmp_path / "rbmrg" / "c.py").write_text("x = 2")
    assert store.code_hash(files) == before
    (tmp_path / "rbmrg" / "b.py").write_text("x = 2")
    assert store.code_hash(files) != before


def test_a_template_beside_a_module_belongs_to_it():
    assert "report/page.html.jinja" in modules("write_report")
    assert "report/page.html.jinja" not in modules("figure")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_code_of_every_script_exists_and_starts_with_it(path):
    files = dependencies.code(path)
    assert str(path) in files
    assert files == sorted(set(files))
    assert all(Path(file).is_file() for file in files)
    assert {PACKAGE / "__init__.py", PACKAGE / "store.py", PACKAGE / "progress.py"} <= set(map(Path, files))


def test_jobs_do_not_depend_on_what_they_do_not_use():
    assert not {name for name in modules("sample") if name.startswith(("rbm/", "rg/", "figures/"))}
    assert not {name for name in modules("train") if name.startswith(("sampling/", "rg/", "figures/"))}
    assert not {name for name in modules("map_rule") if name.startswith(("sampling/", "rbm/", "figures/"))}
    assert "rg/majority.py" in modules("map_rule")
    assert "rg/majority.py" not in modules("map_rule", without=["rbmrg.rg.majority"])
    assert "rg/average.py" in modules("map_rule", without=["rbmrg.rg.majority"])
    for path in SCRIPTS:
        assert path.stem == "write_report" or "report/page.py" not in modules(path.stem)
        assert not {name for name in modules(path.stem) if name.startswith("study/")}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_depends_on_its_own_module_only(figure):
    names = modules("figure", also=[f"rbmrg.figures.{figure}"])
    drawn = {name for name in names if name.startswith("figures/")}
    assert drawn == {"figures/__init__.py", "figures/style.py", f"figures/{figure}.py"}
    assert not {name for name in names if name.startswith(("sampling/", "rbm/", "rg/"))}


LOADED = """
import ast, json, sys
for line in sys.stdin:
    path, *also = json.loads(line)
    imports = [n for n in ast.walk(ast.parse(open(path).read())) if isinstance(n, (ast.Import, ast.ImportFrom))]
    exec(compile(ast.Module(imports, []), path, "exec"), {})
    for name in also:
        __import__(name)
    mine = [name for name in sys.modules if name.split(".")[0] == "rbmrg"]
    print(json.dumps([sys.modules.pop(name).__file__ for name in mine]))
"""


def test_whatever_a_script_loads_is_in_its_code():
    """Python itself is the oracle: the modules of this package that are loaded after a script's imports."""
    jobs = [(str(path),) for path in SCRIPTS if path.stem != "figure"]
    jobs += [(str(script("figure")), f"rbmrg.figures.{figure}") for figure in FIGURES]
    lines = "\n".join(map(json.dumps, jobs))
    done = subprocess.run(
        [sys.executable, "-c", LOADED], input=lines, capture_output=True, text=True, check=True,
        env=os.environ | {"MPLBACKEND": "agg"},
    )  # fmt: skip
    for (path, *also), line in zip(jobs, done.stdout.splitlines(), strict=True):
        loaded = set(json.loads(line))
        assert loaded, path
        assert loaded <= set(dependencies.code(path, also=also)), path
