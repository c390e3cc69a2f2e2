"""Files: NetCDF-4 and CSV that are complete, verified on reading, and the same bytes for the same content.

A file appears under its final name only when it is whole: it is written under another name in the same folder, flushed
to the disk and renamed.  (A plain `to_netcdf` that was killed left files that opened without error and held wrong
data.)  Spins are stored one bit each.  The content hash covers every variable and attribute as stored; `load`
recomputes it.
"""

import hashlib
import json
import os
import signal
import threading
from contextlib import contextmanager
from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd
import xarray as xr

SCHEMA_VERSION = 1
NAMES = ("machine", "source", "kind", "recipe", "training", "control")  # columns of text, whatever it looks like
CHUNK = 2**20  # bytes of spins compressed together when they are written as they come


class CorruptFile(ValueError):
    """A file that is not what it claims to be: its schema is wrong, or its content does not match its hash."""


@contextmanager
def atomic(path):
    """A temporary path beside `path`: renamed to it when the block succeeds, deleted when the block fails."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def uninterrupted():
    """Delay Ctrl-C until the block ends: if it hits xarray taking its lock, the lock stays taken and close() hangs."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread is interrupted
        yield
        return
    received = []
    before = signal.signal(signal.SIGINT, lambda *_: received.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if received:
            signal.raise_signal(signal.SIGINT)


def save(dataset, path, *, schema, code="", **parameters):
    """Write `dataset` to the NetCDF file `path`.

    `schema` is the kind of file; `code` is a digest of the code that made it; `parameters` (seed, stream key, settings:
    anything JSON can hold) are kept as attributes.  int8 variables with dimensions (…, y, x) are packed; ValueError if
    they are not ±1.
    """
    packed = _each_variable(dataset, _pack)
    packed.attrs |= _attributes(schema, code, parameters)
    packed.attrs["content"] = content_hash(packed)
    encoding = {name: {"zlib": True, "complevel": 1} for name, variable in packed.data_vars.items() if variable.ndim}
    with atomic(path) as temporary, uninterrupted():
        packed.to_netcdf(temporary, format="NETCDF4", engine="netcdf4", encoding=encoding)


def save_spins(batches, shape, path, *, schema, code="", **parameters):
    """Write configurations as they come, in bounded memory, with the same content as `save` gives their Dataset.

    `batches` are int8 ±1 [k, L, L]; `shape` = (n, L, L) is the shape of all of them together.  Raises ValueError if it
    is not.
    """
    n, height, width = shape
    attributes = {"long_name": "Ising spin", "units": "1", "spins_of": np.array([height, width])}
    row = -(-height * width // 8)
    done = 0
    digest = hashlib.sha256(_header("spin", ("sample", "byte"), "|u1", (n, row), attributes))
    with atomic(path) as temporary, netCDF4.Dataset(temporary, "w", format="NETCDF4") as file:
        file.createDimension("sample", n)
        file.createDimension("byte", row)
        chunks = (min(n, max(1, CHUNK // row)), row)
        spin = file.createVariable("spin", "u1", ("sample", "byte"), zlib=True, complevel=1, chunksizes=chunks)
        spin.setncatts(attributes)
        for batch in batches:
            bits = _bits("spin", batch)
            if done + len(bits) <= n:
                spin[done : done + len(bits)] = bits
            digest.update(bits.tobytes())
            done += len(bits)
        if done != n:
            raise ValueError(f"{path}: {done} configurations instead of {n}")
        attributes = _attributes(schema, code, parameters)
        digest.update(_canonical(attributes).encode())
        file.setncatts(attributes | {"content": digest.hexdigest()})


def load(path, schema=None):
    """Read the whole NetCDF file `path`, as a Dataset with int8 ±1 spins.

    Raises CorruptFile, naming the file, if its schema is not `schema` or its content does not match its hash;
    FileNotFoundError if there is none.
    """
    try:
        with uninterrupted():
            packed = xr.load_dataset(path, engine="netcdf4")
    except (OSError, ValueError, RuntimeError) as error:
        if not Path(path).exists():
            raise
        raise CorruptFile(f"{path}: not a readable NetCDF-4 file ({error}); delete it and run again") from error
    attributes = packed.attrs
    if schema not in (None, attributes.get("schema")) or attributes.get("schema_version") != SCHEMA_VERSION:
        found = f"schema {attributes.get('schema')!r} version {attributes.get('schema_version')}"
        raise CorruptFile(f"{path}: expected schema {schema!r} version {SCHEMA_VERSION}, found {found}")
    if attributes.get("content") != content_hash(packed):
        raise CorruptFile(f"{path}: the content does not match its hash; delete the file and run again")
    return _each_variable(packed, _unpack)


def write_table(table, path):
    """Write a DataFrame as CSV, numbers with 10 significant digits, atomically."""
    with atomic(path) as temporary:
        table.to_csv(temporary, index=False, float_format="%.10g", lineterminator="\n")


def read_tables(paths):
    """One DataFrame from one CSV file or from several with the same columns."""
    paths = [paths] if isinstance(paths, (str, Path)) else list(paths)
    # Without pandas' guesses about missing text and about types, a machine may be called "nan" or "1e3".
    options = {"keep_default_na": False, "na_values": [""], "dtype": dict.fromkeys(NAMES, str)}
    return pd.concat([pd.read_csv(path, **options) for path in paths], ignore_index=True)


def read(paths):
    """The content of a rule's input: CSV files as one DataFrame, a NetCDF file as a Dataset, several as a list."""
    if isinstance(paths, (str, Path)):
        return read_tables(paths) if str(paths).endswith(".csv") else load(paths)
    if all(str(path).endswith(".csv") for path in paths):
        return read_tables(paths)
    return [load(path) for path in paths]


def content_hash(dataset):
    """SHA-256 over every variable and attribute of `dataset` except the attribute that holds the hash."""
    digest = hashlib.sha256()
    for name, variable in sorted(dataset.variables.items(), key=lambda item: str(item[0])):
        values = np.ascontiguousarray(variable.values)
        data = json.dumps(values.tolist()).encode() if values.dtype.kind in "OUST" else values.tobytes()
        dtype = "text" if values.dtype.kind in "OUST" else values.dtype.str
        digest.update(_header(name, variable.dims, dtype, values.shape, variable.attrs) + data)
    digest.update(_canonical({k: v for k, v in dataset.attrs.items() if k != "content"}).encode())
    return digest.hexdigest()


def _header(name, dims, dtype, shape, attributes):
    """The part of the content hash of a variable that comes before its values."""
    return f"{name} {dims} {dtype} {shape} {_canonical(attributes)}".encode()


def _each_variable(dataset, function):
    """`dataset` with `function` applied to every data variable (`Dataset.map` would put the old attributes back)."""
    changed = {name: function(variable).variable for name, variable in dataset.data_vars.items()}
    return xr.Dataset(changed, dict(dataset.coords), dict(dataset.attrs))


def _attributes(schema, code, parameters):
    """The attributes of a file, without the hash of its content."""
    described = {"schema": schema, "schema_version": SCHEMA_VERSION, "code": code}
    return described | {name: _attribute(value) for name, value in parameters.items()}


def _attribute(value):
    """`value` as NetCDF can hold it; a seed of more than 64 bits, a list or a mapping as JSON."""
    fits = isinstance(value, (str, float)) or (type(value) is int and value.bit_length() < 64)
    return value if fits else json.dumps(value)


def _canonical(attributes):
    # NetCDF returns a list of one element as that element.
    plain = {str(name): np.squeeze(value).tolist() for name, value in attributes.items()}
    return json.dumps(plain, sort_keys=True)


def _pack(variable):
    if variable.dtype != np.int8 or variable.dims[-2:] != ("y", "x"):
        return variable
    attributes = variable.attrs | {"spins_of": list(variable.shape[-2:])}
    return xr.DataArray(_bits(variable.name, variable.values), dims=(*variable.dims[:-2], "byte"), attrs=attributes)


def _bits(name, spins):
    """±1 [..., y, x] as bits, uint8 [..., ⌈y x / 8⌉]."""
    if not (np.abs(spins) == 1).all():
        raise ValueError(f"{name}: every spin must be -1 or 1")
    return np.packbits(spins.reshape(*spins.shape[:-2], spins.shape[-2] * spins.shape[-1]) > 0, axis=-1)


def _unpack(variable):
    if "spins_of" not in variable.attrs:
        return variable
    height, width = (int(n) for n in variable.attrs["spins_of"])
    spins = np.unpackbits(variable.values, axis=-1, count=height * width).view(np.int8)
    spins *= 2  # in place: there may be gigabytes of them
    spins -= 1
    spins = spins.reshape(*variable.shape[:-1], height, width)
    attributes = {name: value for name, value in variable.attrs.items() if name != "spins_of"}
    return xr.DataArray(spins, dims=(*variable.dims[:-1], "y", "x"), attrs=attributes)
