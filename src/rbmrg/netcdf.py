"""NetCDF-4 as HDF5 holds it: how variables are laid out and compressed, and a hash over all that a file says.

Spins are int8 ±1 under zlib, as every tool reads them.  Measured against one bit a spin, zlib at level 1: 1.0 to 1.4
times the size and 1.2 to 4 times the CPU time to load (10⁶ spins 8 instead of 6 ms, 2·10⁷ spins 0.1 instead of
0.04 s), from L = 10 to 64 and T = 1 to 5.9.  Level 1 takes 1.7 times the size, level 6 writes four times slower, and
zstd needs a plug-in.
"""

import fcntl
import hashlib
import json
import os
from typing import NamedTuple

# HDF5 reads this when it is loaded.  Locks protect nothing here, as `store` gives a file its name only when it is
# whole, and on a file system without locks HDF5 would not open any file.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")

import netCDF4
import numpy as np

CHUNK = 2**20  # bytes that are compressed together
LEVEL = 4  # of zlib, 1 to 9


class Variable(NamedTuple):
    """What a file says of a variable beside its values."""

    dims: tuple
    dtype: np.dtype
    shape: tuple
    attributes: dict


class Writer:
    """Writes the NetCDF file `path`, and hashes what it writes."""

    def __init__(self, path):
        self.file = netCDF4.Dataset(path, "w", format="NETCDF4")
        self.hashes = {}

    def put(self, name, variable, values):
        """Write a variable with all its values."""
        self._define(name, variable)[...] = values
        self.hashes[name].update(_content(values))

    def put_blocks(self, name, variable, blocks):
        """Write a variable as its values come, in blocks [k, …]; return the length of them all.

        What exceeds the shape of the variable is not written.
        """
        stored = self._define(name, variable)
        done = 0
        for block in blocks:
            end = done + len(block)
            if end <= len(stored):
                stored[done:end] = block
            self.hashes[name].update(_content(block))
            done = end
        return done

    def finish(self, attributes):
        """Write the attributes of the file, among them `content`, the hash."""
        self.file.setncatts(attributes | {"content": _joined(self.hashes, attributes)})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def _define(self, name, variable):
        """The variable in the file, without values."""
        for dimension, length in zip(variable.dims, variable.shape, strict=True):
            if dimension not in self.file.dimensions:
                self.file.createDimension(dimension, length)
        text = _is_text(variable.dtype)
        layout = {}
        if variable.shape and not text:
            layout = {"chunksizes": _chunks(variable), "compression": "zlib", "complevel": LEVEL}
        stored = self.file.createVariable(name, str if text else variable.dtype, variable.dims, **layout)
        stored.set_auto_maskandscale(False)
        stored.setncatts(variable.attributes)
        self.hashes[name] = hashlib.sha256(_header(name, variable))
        return stored


def read(path):
    """All of a file: {name: (Variable, values)}, in the order of the file, and its attributes."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        variables = {name: _read(stored) for name, stored in file.variables.items()}
        return variables, {key: file.getncattr(key) for key in file.ncattrs()}


def described(dataset):
    """The variables of a Dataset as `read` gives them; CF's attribute `coordinates` names those without a dimension."""
    variables = {}
    labels = set(dataset.coords) - set(dataset.dims)
    for name, variable in dataset.variables.items():
        values = variable.values.astype(object) if _is_text(variable.dtype) else variable.values
        own = sorted(label for label in labels - {name} if set(dataset[label].dims) <= set(variable.dims))
        attributes = variable.attrs | ({"coordinates": " ".join(own)} if own and name not in dataset.coords else {})
        variables[name] = Variable(variable.dims, values.dtype, values.shape, attributes), values
    return variables


def content_hash(variables, attributes):
    """SHA-256 over what `read` gives, except the attribute that holds the hash."""
    hashes = {name: hashlib.sha256(_header(name, variable)) for name, (variable, _) in variables.items()}
    for name, (_, values) in variables.items():
        hashes[name].update(_content(values))
    return _joined(hashes, attributes)


def advice(path):
    """What to do with a file that HDF5 cannot read."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return f"no file can be locked here ({error}): start Python with HDF5_USE_FILE_LOCKING=FALSE"
    finally:
        os.close(descriptor)
    return "delete it and run again"


def _read(stored):
    values = np.asarray(stored[...], object).astype(str) if stored.dtype is str else stored[...]
    attributes = {key: stored.getncattr(key) for key in stored.ncattrs()}
    return Variable(stored.dimensions, values.dtype, values.shape, attributes), values


def _chunks(variable):
    """The shape of what is compressed together: whole last dimensions, as far as CHUNK bytes go."""
    room = CHUNK // variable.dtype.itemsize
    lengths = []
    for length in reversed(variable.shape):
        lengths.append(max(1, min(length, room)))
        room //= lengths[-1]
    return lengths[::-1]


def _is_text(dtype):
    return dtype.kind in "OUST"


def _header(name, variable):
    """The part of the hash that comes before the values of a variable."""
    dims, dtype, shape, attributes = variable
    return f"{name} {dims} {'text' if _is_text(dtype) else dtype.str} {shape} ".encode() + _canonical(attributes)


def _content(values):
    """The part of the hash that the values of a variable are."""
    return json.dumps(values.tolist()).encode() if _is_text(values.dtype) else np.asarray(values, order="C").data


def _joined(hashes, attributes):
    """The hash of a file, from those of its variables, in whatever order, and its attributes."""
    own = _canonical({key: value for key, value in attributes.items() if key != "content"})
    return hashlib.sha256(b"".join(hashes[name].digest() for name in sorted(hashes)) + own).hexdigest()


def _canonical(attributes):
    # NetCDF returns a list of one element as that element.
    plain = {str(name): np.squeeze(value).tolist() for name, value in attributes.items()}
    return json.dumps(plain, sort_keys=True).encode()
