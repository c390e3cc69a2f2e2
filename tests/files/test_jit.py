"""Compiled kernels: the name of their cache changes with every kernel source, so no cache is ever stale."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rbmrg import jit

PACKAGE = Path(jit.__file__).parent


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the package that `rbmrg.jit` takes for its own."""
    copied = shutil.copytree(PACKAGE, tmp_path / "rbmrg", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(jit, "__file__", str(copied / "jit.py"))
    return copied


def append(path, text="\n# edited\n"):
    path.write_text(path.read_text() + text)


@pytest.mark.parametrize("name", ["kernel_rng.py", "sampling/transfer.py", "rbm/kernels.py", "jit.py"])
def test_an_edited_kernel_has_another_cache(copy, name):
    before = jit.cache_directory()
    append(copy / name)
    assert jit.cache_directory() != before


@pytest.mark.parametrize("name", ["store.py", "report/verdicts.py", "rbm/model.py", "figures/style.py"])
def test_other_edits_keep_the_cache(copy, name):
    before = jit.cache_directory()
    append(copy / name)
    assert jit.cache_directory() == before


def test_the_copy_of_a_source_shares_its_cache(copy, monkeypatch):
    of_copy = jit.cache_directory()
    monkeypatch.undo()
    assert jit.cache_directory() == of_copy


def test_the_cache_is_below_the_directory_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert Path(jit.cache_directory()).parent == tmp_path


def test_another_processor_or_numba_has_another_cache(monkeypatch):
    directories = [jit.cache_directory()]
    codegen = type(jit.cpu_target.target_context.codegen())
    monkeypatch.setattr(codegen, "_get_host_cpu_name", lambda _: "abacus")
    directories.append(jit.cache_directory())
    monkeypatch.setattr(jit.numba, "__version__", "0.0")
    directories.append(jit.cache_directory())
    assert len(set(directories)) == 3


def test_a_processor_that_the_environment_names_has_another_cache():
    command = [sys.executable, "-c", "from rbmrg import jit; print(jit.cache_directory())"]
    directories = [
        subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=True).stdout.strip()
        for given in ({"NUMBA_CPU_NAME": "nehalem"}, {"NUMBA_CPU_FEATURES": "+sse2"})
    ]
    assert len({jit.cache_directory(), *directories}) == 3


def test_every_compiled_function_counts_as_a_kernel_source():
    sources = set(jit.kernel_sources())
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text()
        assert file in sources or "njit" not in text, file
        assert file == Path(jit.__file__) or "import numba" not in text, f"{file} compiles past rbmrg.jit"


def test_kernels_divide_as_numpy_does():
    @jit.njit
    def divide(x, y):
        return x / y

    assert divide(1.0, 0.0) == float("inf")


def test_an_edit_below_a_kernel_is_seen_by_the_kernel(tmp_path):
    """And the control: with numba's own cache, the kernel keeps calling the code of before the edit."""
    package = shutil.copytree(PACKAGE, tmp_path / "rbmrg", ignore=shutil.ignore_patterns("__pycache__"))
    kernel = "@njit\ndef {}(x):\n    return {}\n"
    for suffix, importing in (("", "from rbmrg.jit import njit\n"), ("_plain", "from numba import njit as jit\n")):
        decorator = "" if not suffix else "njit = jit(cache=True)\n"
        above = f"from rbmrg.below{suffix} import below\n" + kernel.format("above", "below(x) + 10")
        (package / f"above{suffix}.py").write_text(importing + decorator + above)
        (package / f"below{suffix}.py").write_text(importing + decorator + kernel.format("below", "x + 1"))
    command = [sys.executable, "-c", "from rbmrg import above, above_plain as p; print(above.above(0), p.above(0))"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}

    def run():
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()

    assert run() == ["11", "11"]
    for below in package.glob("below*.py"):
        below.write_text(below.read_text().replace("x + 1", "x + 2"))
    assert run() == ["12", "11"]


def test_a_folder_that_can_be_written_is_used_without_a_word(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    assert jit.usable_directory() == jit.cache_directory()
    assert list((tmp_path / "cache").iterdir()) == [Path(jit.cache_directory())]
    assert not any(Path(jit.cache_directory()).iterdir())


TUPLED = """
from typing import NamedTuple
import numpy as np
from rbmrg.jit import njit
class Scaled(NamedTuple):
    values: np.ndarray
    factor: float
@njit
def first(scaled):
    return scaled.values[0] * scaled.factor
print(first(Scaled(np.ones(3), 2.0)), len(first.stats.cache_hits), len(first.stats.cache_misses))
"""


def test_a_kernel_that_takes_a_named_tuple_is_found_in_the_cache_by_the_next_process(tmp_path):
    (tmp_path / "tupled.py").write_text(TUPLED)
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-c", "import tupled"]
    said = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(2)]
    assert [done.stdout.split() for done in said] == [["2.0", "0", "1"], ["2.0", "1", "0"]]
