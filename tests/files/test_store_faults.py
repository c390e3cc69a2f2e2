"""Writers that fail on wrong spins, errors half-way or full disks: the file that was there before stays."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import store


def test_spins_that_are_not_spins_are_refused_and_nothing_is_written(tmp_path):
    for wrong in (0, 2, -128):
        spins = np.ones((3, 4, 4), np.int8)
        spins[1, 2, 3] = wrong
        with pytest.raises(ValueError, match="spin"):
            store.save(xr.Dataset({"spin": (("n", "y", "x"), spins)}), tmp_path / "a.nc", schema="samples")
        with pytest.raises(ValueError, match="spin"):
            store.save_spins([spins], spins.shape, tmp_path / "a.nc", schema="samples")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lengths", [[], [3, 6], [3, 8], [10, 1]])
def test_spins_that_end_too_early_or_too_late_are_refused_and_nothing_is_lost(file, lengths, parts):
    before = file.read_bytes()
    batches = (np.ones((n, 4, 4), np.int8) for n in lengths)
    with pytest.raises(ValueError, match=rf"{sum(lengths)} configurations instead of 10"):
        store.save_spins(batches, (10, 4, 4), file, schema="samples")
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_source_of_spins_that_fails_leaves_what_was_there(file, parts):
    def failing(error):
        yield np.ones((5, 4, 4), np.int8)
        raise error

    before = file.read_bytes()
    for error in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(error):
            store.save_spins(failing(error), (10, 4, 4), file, schema="samples")
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_failing_write_leaves_what_was_there_and_no_temporary_file(file, parts):
    before = file.read_bytes()
    impossible = xr.Dataset({"a": ("x", [object(), object()])})
    with pytest.raises(Exception):  # noqa: B017  (xarray's complaint, whatever its type)
        store.save(impossible, file, schema="samples")
    with pytest.raises(RuntimeError, match="on purpose"), store.atomic(file) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise RuntimeError("on purpose")
    with pytest.raises(KeyboardInterrupt), store.atomic(file) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_block_that_writes_nothing_is_an_error(file):
    before = file.read_bytes()
    with pytest.raises(FileNotFoundError), store.atomic(file):
        pass
    assert file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_an_error(file):
    before = file.read_bytes()
    for below in (file / "sub" / "a.nc", file / "a.csv"):
        with pytest.raises(OSError, match=r"file\.nc"):
            store.write_table(pd.DataFrame({"a": [1]}), below)
    assert file.read_bytes() == before


FULL = """
import resource, sys
import numpy as np, pandas as pd, xarray as xr
from rbmrg import store
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
noise = np.random.default_rng(1).normal(size=100_000)
spins = np.where(noise[:57600] > 0, 1, -1).astype(np.int8).reshape(10, 5760, 1, 1)
for write in (
    lambda: store.save(xr.Dataset({"a": ("x", noise)}), "file.nc", schema="samples"),
    lambda: store.write_table(pd.DataFrame({"a": noise}), "file.csv"),
    lambda: store.save_spins(np.repeat(spins, 64, axis=2), (57600, 64, 1), "spins.nc", schema="samples"),
):
    try:
        write()
        print("written")
    except (OSError, RuntimeError):
        print("refused")
"""


def test_a_full_disk_is_an_error_and_leaves_what_was_there(tmp_path):
    """A limit on the size of files acts as a full disk: writing ends with an error of the system."""
    names = ["file.csv", "file.nc", "spins.nc"]
    for name in names:
        (tmp_path / name).write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FULL], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ["refused"] * 3, done.stderr[-2000:]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    assert {(tmp_path / name).read_bytes() for name in names} == {b"before"}
