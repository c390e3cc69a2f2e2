"""NetCDF-4 as HDF5 holds it: how variables are laid out and compressed, and a seal over all bytes of a file.

The seal is the SHA-256 of the file, in a line after its end, where HDF5 does not look.  It is checked before HDF5 opens
the file: with one flipped bit in its own structures HDF5 may crash, or look for ever.

Spins are int8 ±1 under zlib, as every tool reads them.  Against one bit a spin, files at L = 10 … 64 take 1.0 to 1.4
times the size and 1.3 to 4 times the time to load (2·10⁷ spins 0.07 to 0.10 s), all of it zlib's.  zstd would load
three times faster, but needs a plug-in; level 1 of zlib takes 1.7 times the size, level 6 writes four times slower.
"""

import hashlib
import os
import signal
import threading
from contextlib import contextmanager
from typing import NamedTuple

# HDF5 reads this when it is loaded.  Locks protect nothing here, as `store` gives a file its name only when it is
# whole, and on a file system without locks HDF5 would not open any file.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")

import netCDF4
import numpy as np

CHUNK = 2**20  # bytes that are compressed together
LEVEL = 4  # of zlib, 1 to 9
SEAL = b"rbmrg sha256 %s\n"


class Variable(NamedTuple):
    """What a file says of a variable beside its values."""

    dims: tuple
    dtype: np.dtype
    shape: tuple
    attributes: dict


@contextmanager
def uninterrupted():
    """Delay Ctrl-C until the block ends: netCDF4 swallows it in places, and the job would go on."""
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


class Writer:
    """Writes the NetCDF file `path`."""

    @uninterrupted()
    def __init__(self, path):
        self.file = netCDF4.Dataset(path, "w", format="NETCDF4")

    @uninterrupted()
    def put(self, name, variable, values):
        """Write a variable with all its values."""
        self._define(name, variable)[...] = values

    def put_blocks(self, name, variable, blocks):
        """Write a variable as its values come, in blocks [k, …]; return the length of them all.

        What exceeds the shape of the variable is not written.
        """
        with uninterrupted():
            stored = self._define(name, variable)
        done = 0
        for block in blocks:
            end = done + len(block)
            with uninterrupted():
                if end <= len(stored):
                    stored[done:end] = block
            done = end
        return done

    @uninterrupted()
    def finish(self, attributes):
        """Write the attributes of the file."""
        self.file.setncatts(attributes)

    def __enter__(self):
        return self

    @uninterrupted()
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
        return stored


@uninterrupted()
def read(path, later=None):
    """All of a file: {name: (Variable, values)}, in the order of the file, and its attributes.

    Variables whose first dimension is `later` have None for values.
    """
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        variables = {name: _read(stored, stored.dimensions[:1] == (later,)) for name, stored in file.variables.items()}
        return variables, {key: file.getncattr(key) for key in file.ncattrs()}


@uninterrupted()
def read_part(path, name, index):
    """The values of one variable of a file at `index`, a tuple of integers and slices."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return file[name][index]


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


def seal(path):
    """Put the seal on a whole file."""
    with open(path, "rb+") as file:
        content = _digest(file, os.fstat(file.fileno()).st_size)
        file.write(SEAL % content)


def is_sealed(path):
    """Whether a file is what it was when it was sealed.  Raises OSError if it cannot be read."""
    length = len(SEAL % _digest(None, 0))
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        return size >= length and SEAL % _digest(file, size - length) == file.read()


def _digest(file, length):
    """SHA-256 of the next `length` bytes of a file."""
    digest = hashlib.sha256()
    for start in range(0, length, CHUNK):
        digest.update(file.read(min(CHUNK, length - start)))
    return digest.hexdigest().encode()


def _read(stored, later):
    attributes = {key: stored.getncattr(key) for key in stored.ncattrs()}
    if later:
        return Variable(stored.dimensions, stored.dtype, stored.shape, attributes), None
    values = np.asarray(stored[...], object).astype(str) if stored.dtype is str else stored[...]
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
