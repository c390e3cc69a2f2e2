"""Writers that fail on wrong spins, errors half-way or full disks: the file that was there before stays."""

import errno
import os
import shutil
import subprocess
import sys
from collections import namedtuple

import netCDF4
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
    except OSError as error:
        print(error)
"""


def test_a_full_disk_is_an_error_and_leaves_what_was_there(tmp_path):
    """A limit on the size of files acts as a full disk: writing ends with an error of the system, or of HDF5."""
    names = ["file.csv", "file.nc", "spins.nc"]
    for name in names:
        (tmp_path / name).write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FULL], cwd=tmp_path, capture_output=True, text=True)
    advice = "cannot be written: files may not exceed 20000 bytes; raise this limit (ulimit -f) and run again"
    said = [f"{name}: {advice}" for name in ("file.nc", "file.csv", "spins.nc")]
    assert done.stdout.splitlines() == said, done.stderr[-2000:]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    assert {(tmp_path / name).read_bytes() for name in names} == {b"before"}


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "your quota")])
def test_no_room_is_said_in_one_line_with_the_file(file, number, said, monkeypatch, parts):
    def no_room(_):
        raise OSError(number, os.strerror(number))

    before = file.read_bytes()
    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match=rf"file\.nc: cannot be written: {said}.*; make room and run again$"):
        store.save(xr.Dataset({"a": ("x", [1.0])}), file, schema="test")
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_file_that_hdf5_may_not_create_on_a_full_disk_is_said_to_have_no_room(tmp_path, monkeypatch, parts):
    """Where a disk is full, HDF5 gives "Permission denied" for the file that it cannot create."""
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0))
    with (
        pytest.raises(OSError, match=r"a\.nc: cannot be written: the disk is full"),
        store.atomic(tmp_path / "a.nc") as file,
    ):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    with pytest.raises(PermissionError, match="elsewhere"), store.atomic(tmp_path / "a.nc"):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "elsewhere")
    assert not parts(tmp_path)


def test_another_error_of_the_system_stays_what_it_is(tmp_path):
    with pytest.raises(FileNotFoundError, match="elsewhere"), store.atomic(tmp_path / "a.txt"):
        (tmp_path / "elsewhere").read_bytes()


def test_a_file_that_may_not_be_read_is_not_called_damaged(file):
    table = file.with_name("table.csv")
    store.write_table(pd.DataFrame({"a": [1]}), table)
    own = os.geteuid()
    for path, read in ((file, store.load), (table, store.read_tables)):
        path.chmod(0)
        if own == 0:  # who may read everything
            os.seteuid(65534)
        try:
            with pytest.raises(PermissionError, match=rf"{path.name}: may not be read; say: chmod u\+r '{path}'$"):
                read(path)
        finally:
            os.seteuid(own)


def test_numbers_of_another_order_of_bytes_come_back(tmp_path):
    values = np.array([1.5, -2.0])
    for kind in (">f8", ">f4", ">i4", "<i2"):
        store.save(xr.Dataset({"a": ("x", values.astype(kind))}), tmp_path / "a.nc", schema="test")
        found = store.load(tmp_path / "a.nc").a
        assert found.dtype.isnative
        assert np.array_equal(found, values.astype(kind))
        with netCDF4.Dataset(tmp_path / "a.nc") as stored:
            assert stored["a"].endian() == "little"


WRONG = {
    "a _FillValue": ("x", [1.0], {"_FillValue": 1.0}),
    "a scale": ("x", [1.0], {"scale_factor": 2.0}),
    "a coordinate": ("x", [1.0], {"coordinates": "y"}),
    "truth values": ("x", [True]),
    "complex": ("x", [1j]),
    "dates": ("x", np.array(["2020-01-01"], "M8[ns]")),
    "float16": ("x", np.ones(1, np.float16)),
    "longdouble": ("x", np.ones(1, np.longdouble)),
    "NUL": ("x", ["a\0b"]),
    "bytes": ("x", np.array([b"a"])),
    "a gap": ("x", np.array(["a", None], object)),
}


@pytest.mark.parametrize("variable", WRONG.values(), ids=WRONG)
def test_what_would_not_come_back_as_it_is_is_not_saved(tmp_path, variable):
    with pytest.raises(ValueError, match=r"^a( of type .*)?: must (be|not have)"):
        store.save(xr.Dataset({"a": variable}), tmp_path / "a.nc", schema="test")
    assert not list(tmp_path.iterdir())


def test_only_datasets_are_saved(tmp_path):
    for wrong in (np.ones(3), xr.DataArray([1.0]), pd.DataFrame({"a": [1]}), None):
        with pytest.raises(TypeError, match="must be a Dataset of xarray to be saved"):
            store.save(wrong, tmp_path / "a.nc", schema="test")


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"a,b\n1\0,2\n", b"a,b\n1,2\n1,2,3\n", b"\xff\xfe\xfa"])
def test_a_table_of_elsewhere_that_is_none_is_named(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(store.CorruptFile, match=r"a\.csv: not a table \(.*\); delete it"):
        store.read_tables(tmp_path / "a.csv")
