"""Compiled kernels whose files are damaged, cannot be read or written, or are wanted by two processes at once."""

import fcntl
import os
import random
import resource
import subprocess
import sys
from contextlib import contextmanager

import pytest
from numba import int64

from rbmrg import jit


def double(x):
    return 2 * x


def triple(x):
    return 3 * x


def sum_down(x):
    return x + sum_down(x - 1.5) if x > 0 else 0.0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder where compiled kernels are kept, empty before the test."""
    monkeypatch.setattr(jit, "_DIRECTORY", str(tmp_path))
    return tmp_path


def called(function, value=3):
    """What a new process has: the result of the compiled `function`, and how many files of its cache were good."""
    kernel = jit.njit(function)
    return kernel(value), len(kernel.stats.cache_hits)


def files(folder):
    return sorted(folder.rglob("*.nbc"))


def turn_bit(file, position):
    content = bytearray(file.read_bytes())
    content[position // 8] ^= 1 << position % 8
    file.write_bytes(content)


def put_another_there(file):
    """A file of another kernel under this name, whole as it is."""
    called(triple)
    [other] = set(files(file.parent)) - {file}
    file.write_bytes(other.read_bytes())


def put_another_signature_there(file):
    called(double, 3.0)
    [other] = set(files(file.parent)) - {file}
    file.write_bytes(other.read_bytes())


def put_a_folder_there(file):
    file.unlink()
    file.mkdir()


TURNS = 150
DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "zeroed": lambda file: file.write_bytes(bytes(file.stat().st_size)),
    "of another kernel": put_another_there,
    "of another signature": put_another_signature_there,
    "of text": lambda file: file.write_text("this is no code"),
    "gone": lambda file: file.unlink(),
    "as plain numba writes it": lambda file: file.write_bytes(file.read_bytes()[32:]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_replaced(folder, damage):
    assert called(double) == (6, 0)
    [file] = files(folder)
    DAMAGES[damage](file)
    assert called(double) == (6, 0)
    assert called(double) == (6, 1)


def test_no_cut_and_no_turned_bit_passes(folder, row):
    """A turned bit of machine code would run."""
    called(double)
    [file] = files(folder)
    whole = file.read_bytes()
    kernel = jit.njit(double)

    def load():
        return kernel._cache.load_overload((int64,), jit.cpu_target.target_context)

    assert load() is not None
    draw = random.Random(1)
    for _ in range(TURNS):
        file.write_bytes(whole[: draw.randrange(len(whole))])
        assert load() is None
        file.write_bytes(whole)
        turn_bit(file, draw.randrange(8 * len(whole)))
        assert load() is None
    file.write_bytes(whole)
    assert load() is not None
    row(f"a compiled kernel, cut or with a turned bit, {2 * TURNS} times", "compiled anew")


def test_a_file_that_cannot_be_read_or_replaced_is_done_without(folder):
    called(double)
    [file] = files(folder)
    put_a_folder_there(file)
    assert [called(double) for _ in range(2)] == [(6, 0), (6, 0)]
    assert [path for path in folder.iterdir() if path.suffix not in (".nbc", ".lock")] == []


def test_a_file_of_another_processor_is_not_taken(folder, monkeypatch):
    called(double)
    codegen = type(jit.cpu_target.target_context.codegen())
    monkeypatch.setattr(codegen, "magic_tuple", lambda _: ("x86_64-unknown-linux-gnu", "abacus", ""))
    assert called(double) == (6, 0)
    assert len(files(folder)) == 2


@contextmanager
def full_disk():
    """No file can grow over 100 bytes."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def test_a_disk_that_fills_meanwhile_costs_only_time(folder):
    with full_disk():
        assert called(double) == (6, 0)
    assert not [path for path in folder.iterdir() if path.stat().st_size]
    assert [called(double) for _ in range(2)] == [(6, 0), (6, 1)]


def test_a_folder_that_vanishes_costs_only_time(folder):
    folder.rmdir()
    assert called(double) == (6, 0)


def test_a_file_system_without_locks_is_good_enough(folder, monkeypatch):
    def refuse(*_):
        raise OSError("no locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert called(double) == (6, 0)


def test_a_kernel_that_calls_itself_does_not_wait_for_itself(folder, monkeypatch):
    """It is compiled for fractions while it is compiled for integers: a second lock would never be had."""
    locked = []
    monkeypatch.setattr(fcntl, "flock", lambda file, how: locked.append(file.name))
    kernel = jit.njit(sum_down)
    monkeypatch.setitem(globals(), "sum_down", kernel)
    assert kernel(3) == 4.5
    assert len(kernel.signatures) == 2
    assert len(locked) == 1


TOGETHER = """
import sys, time
from pathlib import Path
import numpy as np
from rbmrg.jit import njit

@njit
def below(x):
    total = 0.0
    for value in x:
        total += value**2
    return total

@njit
def above(x):
    return below(x) + below(2 * x)

own, other = map(Path, sys.argv[1:])
own.touch()
while not other.exists():
    time.sleep(0.001)
above(np.ones(3))
print(sum(sum(kernel.stats.cache_misses.values()) for kernel in (above, below)))
"""


def test_of_two_processes_one_compiles_and_the_other_waits(tmp_path):
    script = tmp_path / "together.py"
    script.write_text(TOGETHER)
    names = [tmp_path / "one", tmp_path / "two"]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    both = [
        subprocess.Popen([sys.executable, script, *order], env=environment, stdout=subprocess.PIPE, text=True)
        for order in (names, names[::-1])
    ]
    assert sorted(process.communicate()[0].strip() for process in both) == ["0", "2"]
