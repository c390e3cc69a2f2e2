"""Files: NetCDF-4 and CSV that are complete, verified on reading, and the same bytes for the same content.

A file appears under its final name only when it is whole: it is written under another name in the same folder, flushed
to the disk and renamed.  (A plain `to_netcdf` that was killed left files that opened without error and held wrong
data.)  NetCDF files follow the CF conventions: no tool needs this package to read them.  A seal covers every byte of
them, and `load` checks it first; tables and figures have a digest in a hidden file beside them.  Functions import
pandas and xarray where they need them, which takes half a second: a job that draws configurations does not.
"""

import errno
import hashlib
import json
import os
import re
import resource
import shutil
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np

from rbmrg import netcdf

SCHEMA_VERSION = 2  # 1 had spins of one bit
NAMES = ("machine", "source", "kind", "recipe", "training", "control")  # columns of text, whatever it looks like
SOURCE = "rbmrg: Monte Carlo and restricted Boltzmann machines of the two-dimensional Ising model"
TITLES = {
    "samples": "Ising configurations in equilibrium",
    "machine": "restricted Boltzmann machine along its training",
    "flow": "Ising configurations sent through a restricted Boltzmann machine again and again",
    "map": "what the hidden units of a layer read",
    "correlators": "two-point functions of Ising configurations",
    "thermometer": "network that tells the temperature of an Ising configuration",
    "magnetisation": "distribution of the magnetisation at several temperatures",
    "calibration": "readings of thermometers at known temperatures",
}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
DIGESTED = (".csv", ".png")  # what is read again, and has no seal of its own
REMEDY = "delete it (or its folder) and run again"


class CorruptFile(ValueError):
    """A file that is not what it claims to be: its schema is wrong, or it is not what it was when it was written."""


@contextmanager
def atomic(path):
    """A temporary path beside `path`: renamed to it when the block succeeds, deleted when the block fails.

    What killed writers of the same file have left is deleted first.  Raises OSError, which names the file and what to
    do, if there is no room for it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = re.compile(rf"\.{re.escape(path.stem)}\.\d+\.part{re.escape(path.suffix)}")
    for left in path.parent.iterdir():
        if unfinished.fullmatch(left.name):
            left.unlink(missing_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        content = temporary.read_bytes() if path.suffix in DIGESTED else None
        _digest_of(path).unlink(missing_ok=True)  # killed here, we leave a whole file that nothing calls damaged
        os.replace(temporary, path)
        if content is not None:
            _digest_of(path).write_text(_digested(content, path))
    except OSError as error:
        says_nothing = error.errno is None
        says_denied = error.errno == errno.EACCES and error.filename == str(temporary)
        # HDF5 says one or the other where a disk is full.
        if not (says_nothing or says_denied or error.errno in NO_ROOM):
            raise
        raise OSError(f"{path}: cannot be written: {_no_room(error, path.parent)}") from error
    finally:
        temporary.unlink(missing_ok=True)


def _no_room(error, folder):
    """Why a file cannot be written in a folder, and what to do."""
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if error.errno == errno.ENOSPC or shutil.disk_usage(folder).free < 2**20:
        return "the disk is full; make room and run again"
    if error.errno == errno.EDQUOT:
        return "your quota of the disk is used up; make room and run again"
    if limit != resource.RLIM_INFINITY:
        return f"files may not exceed {limit} bytes; raise this limit (ulimit -f) and run again"
    return str(error)


@contextmanager
def _sealed(path):
    """A `netcdf.Writer` of the file `path`, which appears when it is whole and sealed."""
    with atomic(path) as temporary:
        with netcdf.Writer(temporary) as file:
            yield file
        netcdf.seal(temporary)


def save(dataset, path, *, schema, code="", **parameters):
    """Write `dataset`, a Dataset of xarray, to the NetCDF file `path`.

    `schema` is the kind of file; `code` is a digest of the code that made it; `parameters` (seed, stream key, settings:
    anything JSON can hold) are kept as attributes.  ValueError if an int8 variable with dimensions (…, y, x) is not ±1,
    and for types and attributes that would not come back as they are.
    """
    with _sealed(path) as file:
        for name, (variable, values) in netcdf.described(dataset).items():
            is_spin = variable.dtype == np.int8 and variable.dims[-2:] == ("y", "x")
            file.put(name, variable, _spins(values, name) if is_spin else values)
        file.finish(_attributes(schema, code, parameters, dataset.attrs))


def save_spins(batches, shape, path, *, schema, code="", T=None, **parameters):
    """Write configurations as they come, in bounded memory, with the same content as `save` gives their Dataset.

    `batches` are ±1 [k, L, L]; `shape` = (n, L, L) is the shape of all of them together.  Their temperature `T`, if
    given, is an attribute and a scalar coordinate, along which xarray joins files.  Raises ValueError if `shape` is not
    theirs or a spin is not ±1.
    """
    attributes = {"long_name": "Ising spin", "units": "1"}
    with _sealed(path) as file:
        if T is not None:
            parameters["T"] = T
            attributes["coordinates"] = "T"
            temperature = {"long_name": "temperature in J/k_B", "units": "1"}
            file.put("T", netcdf.Variable((), np.dtype(float), (), temperature), np.asarray(T, float))
        spin = netcdf.Variable(("sample", "y", "x"), np.dtype(np.int8), shape, attributes)
        n = file.put_blocks("spin", spin, map(_spins, batches))
        if n != shape[0]:
            raise ValueError(f"{path}: {n} configurations instead of {shape[0]}")
        file.finish(_attributes(schema, code, parameters))


def load(path, schema=None):
    """Read the NetCDF file `path`, as a Dataset with int8 ±1 spins; those of samples are read when and where asked for.

    `file.spin[a:b].values` reads some, `file.spin.values` all.  Raises CorruptFile, naming the file, if it is not what
    `save` wrote, if its schema is not `schema`, or if it is another one than its path in a study says; OSError if it is
    not there or cannot be read.
    """
    with _permitted(path):
        if Path(path).is_dir():
            raise CorruptFile(f"{path}: a folder: must be a file")
        sealed = netcdf.is_sealed(path)
    if not sealed:
        raise CorruptFile(
            f"{path}: damaged, edited, or made by an earlier version of rbmrg (its checksum is not that of its "
            f"content); {REMEDY}"
        )
    try:
        return _opened(Path(path), schema)
    except OSError as error:
        raise OSError(
            f"{path}: HDF5 cannot open it, although it is whole ({error}); "
            "if files cannot be locked here, start Python with HDF5_USE_FILE_LOCKING=FALSE"
        ) from error
    except CorruptFile:
        raise
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, MemoryError) as error:
        raise CorruptFile(f"{path}: sealed, but not as rbmrg writes files ({error!r}); {REMEDY}") from error


def _opened(path, schema):
    """`load` of a file whose seal is right."""
    import xarray as xr

    variables, attributes = netcdf.read(path, later="sample")
    found = attributes["schema"]
    version = attributes["schema_version"]
    if schema not in (None, found) or version != SCHEMA_VERSION:
        expected = f"expected schema {schema!r} version {SCHEMA_VERSION}"
        raise CorruptFile(f"{path}: {expected}, found schema {found!r} version {version}")
    if problem := _misplaced(path, attributes):
        raise CorruptFile(f"{path}: {problem}: the file of another name; {REMEDY}")
    coordinates = " ".join(variable.attributes.pop("coordinates", "") for variable, _ in variables.values()).split()
    arrays = {
        name: (variable.dims, netcdf.lazy(path, name, variable) if values is None else values, variable.attributes)
        for name, (variable, values) in variables.items()
    }
    return xr.Dataset(arrays, attrs=attributes).set_coords(coordinates)


def _misplaced(path, attributes):
    """What the path of a file in a study says of it that its `attributes` deny; nothing of a file with a free name.

    Such a path ends with the name of a machine or RG rule, <key>=<value>, once or more, or both.
    """
    stream = json.loads(attributes.get("stream", "[]"))
    held = dict(attributes)
    held["seed"] = held.get("replica", stream[-1] if stream else None)  # the attribute `seed` is that of the study
    parts = [*path.parent.parts, path.stem]
    while parts and (said := re.fullmatch(r"(L|T|seed|layer)=([0-9.]+)", parts[-1])):
        value = held.get(said[1])
        if not isinstance(value, (str, type(None))) and abs(float(value) - float(said[2])) > 1e-6:
            return f"holds {said[1]} = {value}"
        parts.pop()
    of_name = parts[-2:-1] in (["machines"], ["flows"], ["rules"]) and len(parts) < len(path.parts)
    if of_name or parts[-3:-1] in (["correlators", "flows"], ["correlators", "groups"]):
        name = held.get("machine", parts[-1] if parts[-1] in stream else stream)
        return None if parts[-1] == name else f"holds {name}"
    return None


@contextmanager
def _permitted(path):
    """Say what helps where a file may not be read."""
    try:
        yield
    except PermissionError as error:
        raise PermissionError(f"{path}: may not be read; say: chmod u+r '{path}'") from error


def write_table(table, path):
    """Write a DataFrame as CSV, numbers with 10 significant digits, atomically."""
    with atomic(path) as temporary:
        table.to_csv(temporary, index=False, float_format="%.10g", lineterminator="\n")


def read_tables(paths):
    """One DataFrame from one CSV file or from several with the same columns.

    Raises CorruptFile, naming the file, if one is not what `write_table` wrote.
    """
    import pandas as pd

    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    # Without pandas' guesses about missing text and about types, a machine may be called "nan" or "1e3".
    options = {"keep_default_na": False, "na_values": [""], "dtype": dict.fromkeys(NAMES, str)}
    tables = []
    for path in paths:
        content = read_bytes(path)
        try:
            if b"\0" in content:
                raise ValueError("it has NUL bytes")
            tables.append(pd.read_csv(BytesIO(content), **options))
        except ValueError as error:  # those of pandas and of decoders, too
            raise CorruptFile(f"{path}: not a table ({str(error).strip()}); {REMEDY}") from error
    return pd.concat(tables, ignore_index=True)


def read_bytes(path):
    """The bytes of a file; raises CorruptFile if `atomic` has left a digest of it and it is that of other bytes.

    Files that come from elsewhere have none, as those of a released study.
    """
    with _permitted(path):
        content = Path(path).read_bytes()
    digest = _digest_of(path)
    if digest.exists() and digest.read_text() != _digested(content, path):
        raise CorruptFile(f"{path}: damaged or edited: delete it and run again")
    return content


def _digest_of(path):
    """The path of the digest of a table or figure: a hidden file beside it, which `sha256sum --check` reads."""
    return Path(path).with_name(f".{Path(path).name}.sha256")


def _digested(content, path):
    return f"{hashlib.sha256(content).hexdigest()}  {Path(path).name}\n"


def read(paths):
    """The content of a rule's input: CSV files as one DataFrame, a NetCDF file as a Dataset, several as a list."""
    if isinstance(paths, (str, Path)):
        return read_tables(paths) if str(paths).endswith(".csv") else load(paths)
    if all(str(path).endswith(".csv") for path in paths):
        return read_tables(paths)
    return [load(path) for path in paths]


def _spins(spins, name="spin"):
    """`spins` as int8, once every one of them is known to be ±1."""
    if not (np.abs(spins) == 1).all():
        raise ValueError(f"{name}: every spin must be -1 or 1")
    return spins.astype(np.int8, copy=False)


def _attributes(schema, code, parameters, own=None):
    """The attributes of a file, among them its `own`."""
    described = {"Conventions": "CF-1.11", "title": TITLES.get(schema, schema), "source": SOURCE} | (own or {})
    described |= {"schema": schema, "schema_version": SCHEMA_VERSION, "code": code}
    return described | {name: _attribute(value) for name, value in parameters.items()}


def _attribute(value):
    """`value` as NetCDF can hold it; a seed of more than 64 bits, a list or a mapping as JSON."""
    fits = isinstance(value, (str, float)) or (type(value) is int and value.bit_length() < 64)
    return value if fits else json.dumps(value)
