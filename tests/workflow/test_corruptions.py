"""Damage to every kind of file that a study writes and reads: it is refused by name, or what is read is the same."""

import random
import shutil

import netCDF4
import numpy as np
import pytest
import xarray as xr

from rbmrg import netcdf, store

MANY = 40  # damages of each kind of file
FOREIGN = (
    b"",
    b"\0" * 3000,
    b"L,T\n10,2.5\n",
    b"\x89PNG\r\n\x1a\n" + bytes(500),
    b"<html></html>",
    b"\xff\xfeL\0,\0T\0",
)


def flipped(content, rng):
    damaged = bytearray(content)
    damaged[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def cut(content, rng):
    return content[: rng.randrange(len(content))]


def zeroed(content, rng):
    first = rng.randrange(len(content))
    length = rng.randrange(1, len(content) - first + 1)
    return content[:first] + bytes(length) + content[first + length :]


def moved(content, rng):
    first = rng.randrange(1, len(content))
    return content[first:] + content[:first]


def longer(content, rng):
    return content + rng.randbytes(rng.randrange(1, 200))


def foreign(content, rng):
    return rng.choice((*FOREIGN, rng.randbytes(len(content))))


BYTES = (flipped, flipped, cut, zeroed, moved, longer, foreign)  # a bit twice as often


def read(path, schema=None):
    """All that the project reads of a file."""
    if path.suffix == ".nc":
        return store.load(path, schema).load()
    return store.read_tables(path) if path.suffix == ".csv" else store.read_bytes(path)


def same(one, other):
    if isinstance(one, xr.Dataset):
        return one.identical(other)
    return one == other if isinstance(one, bytes) else one.equals(other)


def kind(path):
    """The folder of a stage and the type of a file in it; each file above those folders is a kind of its own."""
    stage = path.parts[: 2 if path.parts[0] in ("maps", "tables", "correlators", "figures") else 1]
    if len(path.parts) == len(stage):
        return str(path)
    key, numbered, _ = path.stem.partition("=")
    return f"{'/'.join(stage)}/{key if numbered else '*'}{path.suffix}"


def files_by_kind(results):
    """{kind: relative paths} of the files that are read: NetCDF, tables, and figures as PNG."""
    found = {}
    for path in sorted(path for path in results.rglob("*") if path.suffix in (".nc", ".csv", ".png")):
        if not any(part.startswith(".") for part in path.relative_to(results).parts):
            found.setdefault(kind(path.relative_to(results)), []).append(path.relative_to(results))
    return found


def corruptions(results, count, rng):
    """(what, path, bytes) of `count` damages of each kind of file, then every file in the place of another of its kind.

    Files below `results` are not touched.
    """
    for paths in files_by_kind(results).values():
        for k in range(count):
            path = rng.choice(paths)
            damage = BYTES[k % len(BYTES)]
            yield damage.__name__, path, damage((results / path).read_bytes(), rng)
        for path, other in zip(paths, paths[1:] + paths[:1], strict=True):
            if path != other:
                yield f"is {other}", path, (results / other).read_bytes()


def complaints(results, folder, count):
    """The number of damages that were tried on a copy of `results`, and one line for each that is not refused."""
    rng = random.Random(1)
    copy = folder / "copy"
    shutil.copytree(results, copy)
    tried = 0
    wrong = []
    for what, path, content in corruptions(results, count, rng):
        whole = (results / path).read_bytes()
        tried += 1
        (copy / path).write_bytes(content)
        try:
            expected = read(results / path)
            schema = expected.attrs["schema"] if isinstance(expected, xr.Dataset) else None
            if not same(read(copy / path, schema), expected):
                wrong.append(f"{path} {what}: not noticed")
        except store.CorruptFile as error:
            if str(copy / path) not in str(error) or "\n" in str(error):
                wrong.append(f"{path} {what}: {error}")
        except Exception as error:  # noqa: BLE001
            wrong.append(f"{path} {what}: {error!r}")
        (copy / path).write_bytes(whole)
    return tried, wrong


@pytest.mark.parametrize("count", [2, pytest.param(MANY, marks=pytest.mark.long)])
def test_damaged_files_are_refused_by_name(study, tmp_path, count, row):
    [results] = (study / "results").iterdir()
    tried, wrong = complaints(results, tmp_path, count)
    kinds = len(files_by_kind(results))
    assert not wrong, "\n".join(wrong)
    assert tried >= count * kinds
    if count == MANY:
        row(f"{tried} damaged files of {kinds} kinds", "refused by name")


# --- files whose seal is right --------------------------------------------------------------------------------------


def sealed(path, change):
    """A NetCDF file as somebody else might seal it: `change` writes into an empty one."""
    with netCDF4.Dataset(path, "w") as file:
        change(file)
    netcdf.seal(path)
    return path


def declare_16_gigabytes(file):
    file.setncatts({"schema": "samples", "schema_version": store.SCHEMA_VERSION})
    file.createDimension("sample", 2**31)
    file.createVariable("W", "f8", ("sample",), chunksizes=(2**20,))


def text_for_a_version(file):
    file.setncatts({"schema": "samples", "schema_version": "two"})


def no_schema(file):
    file.setncatts({"schema_version": store.SCHEMA_VERSION})


def nothing(file):
    """An empty file."""


def a_stream_that_is_no_list(file):
    file.setncatts({"schema": "samples", "schema_version": store.SCHEMA_VERSION, "stream": "{"})


def an_unknown_coordinate(file):
    file.setncatts({"schema": "samples", "schema_version": store.SCHEMA_VERSION})
    file.createDimension("x", 2)
    file.createVariable("W", "f8", ("x",)).setncatts({"coordinates": "nowhere"})


SEALED = [declare_16_gigabytes, text_for_a_version, no_schema, nothing, a_stream_that_is_no_list, an_unknown_coordinate]


@pytest.mark.parametrize("change", SEALED, ids=lambda change: change.__name__)
def test_what_somebody_else_has_sealed_is_refused_by_name(tmp_path, change):
    path = sealed(tmp_path / "file.nc", change)
    with pytest.raises(store.CorruptFile, match=r"file\.nc: "):
        store.load(path)


def test_a_file_may_have_any_other_name(tmp_path):
    """Only paths as those of a study say what a file holds."""
    spins = np.ones((3, 4, 4), np.int8)
    for name in ("L=4/T=2.500000.nc", "mine.nc", "L=8/mine.nc", "machines/best.nc"):
        store.save_spins([spins], spins.shape, tmp_path / name, schema="samples", L=4, T=2.5, stream=["sample", 1])
        assert store.load(tmp_path / name).attrs["L"] == 4
    (tmp_path / "L=8" / "T=2.500000.nc").write_bytes((tmp_path / "mine.nc").read_bytes())
    with pytest.raises(store.CorruptFile, match=r"L=8/T=2\.500000\.nc: holds L = 4: the file of another name"):
        store.load(tmp_path / "L=8" / "T=2.500000.nc")


def test_no_unfinished_file_is_left_where_a_study_finishes(project, copied):
    """Killed jobs leave parts of files, also of files that the study no longer wants."""
    [results] = (copied / "results").iterdir()
    left = [results / name for name in (".report.77.part.html", "samples/L=4/.T=9.000000.77.part.nc")]
    for part in left:
        part.write_bytes(b"half")
    (results / "report.html").unlink()
    assert project.run(copied).returncode == 0
    assert (results / "report.html").exists()
    assert not any(part.exists() for part in left)
