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
from functools import partial
from typing import NamedTuple

# HDF5 reads this when it is loaded.  Locks protect nothing here, as `store` gives a file its name only when it is
# whole, and on a file system without locks HDF5 would not open any file.
os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")

import netCDF4
import numpy as np

TAKEN = {"coordinates", "_FillValue", "missing_value", "scale_factor", "add_offset", "_Unsigned"}  # attributes of CF
CHUNK = 2**20  # bytes that are compressed together
LEVEL = 4  # of zlib, 1 to 9
DENSEST = 1032  # times as many bytes as zlib makes of them, at most
SEAL = b"rbmrg sha256 %s\n"


class Variable(NamedTuple):
    """What a file says of a variable beside its values."""

    dims: tuple
    dtype: np.dtype
    shape: tuple
    attributes: dict


@contextmanager
def uninterrupted():
    """Delay Ctrl-C until the block ends: netCDF4 swallows it in places, and the job would go on.

    What HDF5 cannot do is an OSError, as it is everywhere else; netCDF4 raises RuntimeError.
    """
    if threading.current_thread() is not threading.main_thread():  # only the main thread is interrupted
        with _system_errors():
            yield
        return
    received = []
    before = signal.signal(signal.SIGINT, lambda *_: received.append(True))
    try:
        with _system_errors():
            yield
    finally:
        signal.signal(signal.SIGINT, before)
        if received:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def _system_errors():
    try:
        yield
    except RuntimeError as error:
        raise OSError(str(error)) from error


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

    Variables whose first dimension is `later` have None for values.  Raises ValueError for a variable that the file is
    too small to hold.
    """
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        most = DENSEST * os.path.getsize(path)
        for name, stored in file.variables.items():
            if stored.dtype is not str and stored.size * stored.dtype.itemsize > most:
                raise ValueError(f"{name} of shape {stored.shape} does not fit in a file of this size")
        variables = {name: _read(stored, stored.dimensions[:1] == (later,)) for name, stored in file.variables.items()}
        return variables, {key: file.getncattr(key) for key in file.ncattrs()}


@uninterrupted()
def read_part(path, name, index):
    """The values of one variable of a file at `index`, a tuple of integers and slices."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return file[name][index]


def lazy(path, name, variable):
    """The values of a variable of a file, which xarray reads when it is asked for some of them."""
    from xarray.backends import BackendArray
    from xarray.core import indexing

    class Stored(BackendArray):
        dtype = variable.dtype
        shape = variable.shape

        def __getitem__(self, key):
            basic = indexing.IndexingSupport.BASIC
            return indexing.explicit_indexing_adapter(key, self.shape, basic, partial(read_part, path, name))

    return indexing.LazilyIndexedArray(Stored())


def described(dataset):
    """The variables of a Dataset as `read` gives them; CF's attribute `coordinates` names those without a dimension.

    Numbers get the order of bytes of this processor.  Raises TypeError for anything but a Dataset, and ValueError for
    what would not come back as it is, here or in any tool.
    """
    if not hasattr(dataset, "data_vars"):
        raise TypeError(f"a {type(dataset).__name__}: must be a Dataset of xarray to be saved")
    variables = {}
    labels = set(dataset.coords) - set(dataset.dims)
    for name, variable in dataset.variables.items():
        values = _storable(name, variable)
        own = sorted(label for label in labels - {name} if set(dataset[label].dims) <= set(variable.dims))
        attributes = variable.attrs | ({"coordinates": " ".join(own)} if own and name not in dataset.coords else {})
        variables[name] = Variable(variable.dims, values.dtype, values.shape, attributes), values
    return variables


def _storable(name, variable):
    """The values of a variable, of a type that a file can hold."""
    decoded = TAKEN & variable.attrs.keys()
    if decoded:
        raise ValueError(f"{name}: must not have the attribute {min(decoded)}, by which tools change values")
    if name.count("/"):
        raise ValueError(f"{name}: must be a name without /")
    if not _is_text(variable.dtype):
        if variable.dtype.kind not in "iuf" or variable.dtype.itemsize not in (1, 2, 4, 8) or variable.dtype == "f2":
            raise ValueError(f"{name} of type {variable.dtype}: must be integers, float32, float64 or text")
        return variable.values.astype(variable.dtype.newbyteorder("="), copy=False)
    values = variable.values.astype(object)
    if not all(isinstance(text, str) and "\0" not in text for text in values.flat):
        raise ValueError(f"{name}: must be numbers, or text without NUL")
    return values


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
