"""The code a job depends on: all of it, and nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rbmrg.study import dependencies

PACKAGE = dependencies.PACKAGE
SCRIPTS = sorted((Path(__file__).parents[2] / "workflow" / "scripts").glob("*.py"))
RULES = Path(__file__).parents[2] / "workflow" / "rules"
FIGURES = sorted(path.stem for path in (PACKAGE / "figures").glob("[!_]*.py") if path.stem not in ("style", "sources"))


def script(name):
    return next(path for path in SCRIPTS if path.stem == name)


def modules(name, **options):
    """Names within the package of the files that script `name` depends on."""
    files = dependencies.files(script(name), **options)
    return {str(file.relative_to(PACKAGE)) for file in files if PACKAGE in file.parents}


def forget():
    """Read all files anew: within one process, which is one run of Snakemake, a file is read once."""
    for function in (dependencies._digest, dependencies._files, dependencies._content, dependencies._syntax,
                     dependencies._imports, dependencies._file):  # fmt: skip
        function.cache_clear()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """`package(main="import …", a="…")` writes a script and modules; calling what it returns gives the closure."""
    root = tmp_path / "rbmrg"
    monkeypatch.setattr(dependencies, "PACKAGE", root)

    def write(main, **sources):
        forget()
        (tmp_path / "main.py").write_text(main)
        for name, source in {"__init__": "", **sources}.items():
            file = root / f"{name}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source)

        def names(**options):
            script, *files = dependencies.files(tmp_path / "main.py", **options)
            assert script == tmp_path / "main.py"
            return {file.relative_to(root).with_suffix("").as_posix() for file in files}

        return names

    yield write
    forget()


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


@pytest.fixture
def digest(package, tmp_path):
    """`digest(x=…)`: that of a script that imports a module a, which imports b; the sources of these may be given."""

    def of(options=(), **sources):
        package(**{"main": "import rbmrg.a", "a": "import rbmrg.b", "b": "x = 1", "c": ""} | sources)
        return dependencies.digest(tmp_path / "main.py", **dict(options))

    return of


FUNCTION = 'def f(x: int) -> int:\n    """Docstring."""\n    return f"{x!r:>{4}}"  # comment\n'


@pytest.mark.parametrize(
    ("same", "source"),
    [
        (True, "# A comment.\n\n" + FUNCTION),
        (True, FUNCTION.replace("Docstring.", "Another.")),
        (True, FUNCTION.replace('    """Docstring."""\n', "")),
        (True, '"""Of a module."""\n' + FUNCTION),
        (True, FUNCTION.replace("  # comment", "")),
        (False, FUNCTION.replace("{4}", "{5}")),
        (False, FUNCTION.replace("x: int", "x: str")),
        (False, FUNCTION.replace('"""Docstring."""', "x += 1")),
        (False, FUNCTION + "y = None\n"),
        (False, FUNCTION.replace("return ", "return 'a' ")),
        (False, FUNCTION.replace("return ", "")),
        (False, "def f():\n    return '" + FUNCTION.replace("\n", " ") + "'"),
    ],
)
def test_the_digest_is_that_of_the_syntax_without_docstrings(digest, same, source):
    assert (digest(b=FUNCTION) == digest(b=source)) == same


def test_digests_of_different_values_differ(digest):
    sources = ["x = 1", "x = 1.0", "x = True", "x = '1'", "x = b'1'", "x = None", "x = []", "x = [[]]", "x = ()", "x"]
    assert len({digest(b=source) for source in sources}) == len(sources)


def test_the_digest_sees_every_file_of_the_code_its_name_and_no_other(digest):
    assert digest() == digest(c="x = 2")
    others = [{"b": "x = 2"}, {"a": "import rbmrg.b, rbmrg.c"}, {"main": "import rbmrg.a\nx = 1"},
              {"a": "import rbmrg.d", "d": "x = 1"}]  # fmt: skip
    assert len({digest(), *(digest(**other) for other in others)}) == 5


def test_the_digest_does_not_see_where_the_files_are(package, tmp_path, monkeypatch):
    package(main="import rbmrg.a", a="x = 1")
    here = dependencies.digest(tmp_path / "main.py")
    there = shutil.copytree(tmp_path, tmp_path / "elsewhere")
    forget()
    monkeypatch.setattr(dependencies, "PACKAGE", there / "rbmrg")
    assert dependencies.digest(there / "main.py") == here


REGISTRY = "from rbmrg.r import a, b{0}\nLIST = (a, b{0})\nDICT = {{'a': a, 'b': b{1}}}\n"


def test_a_new_entry_of_a_registry_changes_no_job_that_does_not_use_it(digest):
    files = {"main": "from rbmrg import r", "r/a": "x = 1", "r/b": "x = 2", "r/c": "x = 3"}
    without = {"without": ["rbmrg.r.b", "rbmrg.r.c"]}
    old = REGISTRY.format("", "")
    new = REGISTRY.format(", c", ", 'c': c")
    assert digest(without, **files, **{"r/__init__": old}) == digest(without, **files, **{"r/__init__": new})
    assert digest(**files, **{"r/__init__": old}) != digest(**files, **{"r/__init__": new})
    other = new.replace("'a': a", "'z': a")  # what is used is found by another name
    assert digest(without, **files, **{"r/__init__": old}) != digest(without, **files, **{"r/__init__": other})


PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import dependencies
print([dependencies._content(file, frozenset()) for file in sorted(dependencies.PACKAGE.rglob("*.py"))])
"""


def test_other_versions_of_python_find_the_same_digests():
    """Of the whole package: a study stays finished when its environment is made anew."""
    installed = (shutil.which(f"python3.{minor}") for minor in range(11, 15))
    command = ["-I", "-c", PROGRAM, str(PACKAGE / "study")]
    found = {sys.executable: None} | dict.fromkeys(filter(None, installed))
    for python in found:
        found[python] = subprocess.run([python, *command], capture_output=True, text=True)
    working = {python: done.stdout for python, done in found.items() if not done.returncode}  # some are only names
    assert sys.executable in working
    assert len(set(working.values())) == 1, working.keys()


def test_a_template_beside_a_module_belongs_to_it():
    assert "report/page.html.jinja" in modules("write_report")
    assert "report/page.html.jinja" not in modules("figure")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_code_of_every_script_exists_and_starts_with_it(path):
    files = dependencies.files(path)
    assert path in files
    assert files == sorted(set(files))
    assert all(file.is_file() for file in files)
    assert {PACKAGE / "__init__.py", PACKAGE / "store.py", PACKAGE / "progress.py"} <= set(files)


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
    shared = {"figures/sources.py"} | ({"figures/fixed_points.py"} if figure == "mixtures" else set())
    assert drawn - shared == {"figures/__init__.py", "figures/style.py", f"figures/{figure}.py"} - shared
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
        assert loaded <= set(map(str, dependencies.files(path, also=also))), path


def test_jobs_that_need_no_rg_rule_run_again_for_none():
    """Registering a rule edits `rg/__init__.py`: whoever imports it says which rules it uses."""
    rules = "".join(path.read_text() for path in sorted(RULES.glob("*.smk")))
    called = dict(re.findall(r'\bcode\(\s*"(\w+)\.py"(.*)', rules))
    importing = {path.stem for path in SCRIPTS if "rg/majority.py" in modules(path.stem)}
    assert importing >= {"map_rule", "renormalise_dial", "scale_samples"}
    assert {name for name in importing & called.keys() if "other_rules(" not in called[name]} == set()
