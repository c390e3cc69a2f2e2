"""Damaged files, missing, truncated, edited or with a flipped bit: reading fails and never returns wrong data."""

import random
import subprocess
import sys

import netCDF4
import numpy as np
import pytest
import xarray as xr

from rbmrg import store


def test_a_missing_file_is_not_a_corrupt_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.nc"):
        store.load(tmp_path / "nothing.nc")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.99])
def test_a_truncated_file_is_corrupt(file, share):
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(store.CorruptFile, match=r"file\.nc"):
        store.load(file)


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, random.Random(1).randbytes(5000), b"energy,T\n1,2\n"])
def test_random_bytes_are_corrupt(tmp_path, content):
    path = tmp_path / "file.nc"
    path.write_bytes(content)
    with pytest.raises(store.CorruptFile, match=r"file\.nc"):
        store.load(path)


def test_a_directory_is_corrupt(tmp_path):
    (tmp_path / "file.nc").mkdir()
    with pytest.raises(store.CorruptFile, match=r"file\.nc"):
        store.load(tmp_path / "file.nc")


def test_a_netcdf_file_of_somebody_else_is_corrupt(tmp_path, dataset):
    dataset().to_netcdf(tmp_path / "file.nc")
    with pytest.raises(store.CorruptFile, match=r"file\.nc: damaged, edited, or made by an earlier version"):
        store.load(tmp_path / "file.nc")


def test_the_wrong_schema_is_corrupt(file):
    with pytest.raises(store.CorruptFile, match=r"file.nc.*'machine'.*'samples'"):
        store.load(file, "machine")


def test_another_version_of_the_schema_is_corrupt(file, monkeypatch):
    monkeypatch.setattr(store, "SCHEMA_VERSION", store.SCHEMA_VERSION - 1)
    with pytest.raises(store.CorruptFile, match=r"file.nc.*version 1.*version 2"):
        store.load(file)


def test_a_file_of_an_earlier_version_is_refused_with_what_to_do(tmp_path):
    """Version 1 had spins of one bit, `spin(sample, byte)`, and no seal."""
    attributes = {"schema": "samples", "schema_version": 1, "content": "0" * 64}
    old = xr.Dataset({"spin": (("sample", "byte"), np.zeros((5, 2), np.uint8), {"spins_of": [3, 3]})}, attrs=attributes)
    old.to_netcdf(tmp_path / "file.nc")
    with pytest.raises(store.CorruptFile, match=r"file\.nc: .*an earlier version of rbmrg.*; delete it.*run again$"):
        store.load(tmp_path / "file.nc", "samples")


@pytest.mark.parametrize("change", ["value", "attribute", "variable attribute", "dtype", "missing"])
def test_an_edited_file_is_corrupt(file, change):
    edited = xr.load_dataset(file)
    if change == "value":
        edited["W"][3, 2] += 1e-9
    elif change == "attribute":
        edited.attrs["seed"] = 2
    elif change == "variable attribute":
        edited["W"].attrs["long_name"] = "biases"
    elif change == "dtype":
        edited["W"] = edited.W.astype(np.float32)
    elif change == "missing":
        edited = edited.drop_vars("W")
    edited.to_netcdf(file)
    with pytest.raises(store.CorruptFile, match=r"file\.nc: damaged, edited"):
        store.load(file)


def test_a_file_edited_in_place_is_corrupt(file):
    with netCDF4.Dataset(file, "a") as edited:
        edited["W"][3, 2] += 1e-9
    with pytest.raises(store.CorruptFile, match=r"file\.nc: damaged, edited"):
        store.load(file)


def test_other_tools_read_what_is_sealed(file):
    assert file.read_bytes()[-78:].startswith(b"rbmrg sha256 ")
    xr.testing.assert_identical(xr.load_dataset(file), store.load(file))
    with netCDF4.Dataset(file) as opened:
        assert "W" in opened.variables


FLIP = """
import sys
from rbmrg import store
path, *offsets = sys.argv[1:]
store.load(path)
content = open(path, "rb").read()
for offset in map(int, offsets):
    with open(path, "rb+") as file:
        file.seek(offset)
        file.write(bytes([content[offset] ^ 1 << offset % 8]))
    try:
        store.load(path)
        sys.exit(f"a flipped bit in byte {offset} is not noticed")
    except store.CorruptFile as error:
        path in str(error) or sys.exit(str(error))
    open(path, "wb").write(content)
"""


def flip(file, offsets):
    """Load `file` with one bit flipped at each of `offsets`, in another process: HDF5 would crash or hang at some."""
    command = [sys.executable, "-c", FLIP, str(file), *map(str, offsets)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_flipped_bit_is_noticed(file, dataset):
    store.save(dataset(n=20_000), file, schema="samples")  # 86 kB of spins, 22 kB of everything else
    size = file.stat().st_size
    flip(file, [*range(7, size, size // 250), *range(size - 80, size)])


@pytest.mark.long
def test_any_flipped_bit_is_noticed(file):
    flip(file, range(file.stat().st_size))
