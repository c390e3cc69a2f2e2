"""Files in the hands of others: read without this package, joined along T, on file systems without locks."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from rbmrg import store

SCRIPT = Path(__file__).parents[2] / "workflow" / "scripts" / "sample.py"
ALONE = "import sys\nsys.modules['rbmrg'] = None  # cannot be imported\n"


def python(code, *arguments, **environment):
    """What a new process does that runs `code`."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)


@pytest.fixture
def samples(tmp_path):
    """{T: (path, spins)} of files of samples."""
    files = {}
    for T in (1.0, 2.269185, 4.0):
        spins = np.random.default_rng(int(T)).choice(np.array([-1, 1], np.int8), (20, 4, 4))
        files[T] = tmp_path / f"T={T:.6f}.nc", spins
        store.save_spins([spins], spins.shape, files[T][0], schema="samples", T=T, L=4)
    return files


def test_xarray_reads_spins_without_this_package(samples):
    path, spins = samples[2.269185]
    code = """
        import json
        import xarray as xr
        spin = xr.open_dataset(sys.argv[1]).spin
        print(json.dumps([spin.dims, str(spin.dtype), spin.attrs, float(spin["T"]), spin.values.tolist()]))
    """
    done = python(ALONE + textwrap.dedent(code), path)
    attributes = {"long_name": "Ising spin", "units": "1"}
    assert json.loads(done.stdout) == [["sample", "y", "x"], "int8", attributes, 2.269185, spins.tolist()], done.stderr
    assert python(ALONE + "import rbmrg").returncode == 1  # the control


def test_netcdf4_reads_spins(samples):
    path, spins = samples[1.0]
    with netCDF4.Dataset(path) as file:
        assert file["spin"].dimensions == ("sample", "y", "x")
        assert file["spin"].filters()["zlib"]
        assert file.Conventions == "CF-1.11"
        assert file.title == "Ising configurations in equilibrium"
        np.testing.assert_array_equal(file["spin"][:], spins)


def test_files_are_joined_along_the_temperature(samples):
    joined = xr.concat([xr.open_dataset(path) for path, _ in samples.values()], "T", data_vars="all")
    assert joined.spin.dims == ("T", "sample", "y", "x")
    assert joined["T"].values.tolist() == list(samples)
    np.testing.assert_array_equal(joined.spin.sel(T=4.0), samples[4.0][1])


def test_dask_joins_files_along_the_temperature(samples):
    pytest.importorskip("dask")
    joined = xr.open_mfdataset([path for path, _ in samples.values()], combine="nested", concat_dim="T")
    assert joined.spin.dims == ("T", "sample", "y", "x")
    assert joined["T"].values.tolist() == list(samples)
    np.testing.assert_array_equal(joined.spin.sel(T=4.0), samples[4.0][1])


# As on a file system without locks: the kernel answers flock and the lock commands of fcntl with ENOLCK.
NO_LOCKS = """
import ctypes, errno, fcntl, os, platform, struct, sys

NUMBERS = {"x86_64": (73, 72), "aarch64": (32, 25)}  # of flock and fcntl
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOLCK
flock, fcntl_ = NUMBERS[platform.machine()]
program = [  # code, jump if true, jump if false, operand
    (LOAD, 0, 0, 0), (EQUAL, 4, 0, flock), (EQUAL, 0, 4, fcntl_),
    (LOAD, 0, 0, 24), (EQUAL, 1, 0, fcntl.F_SETLK), (EQUAL, 0, 1, fcntl.F_SETLKW),
    (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW),
]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
libc = ctypes.CDLL(None)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_, 0, 0):  # no new privileges; a filter of system calls
    sys.exit(77)
for lock in (fcntl.flock, fcntl.lockf):
    try:
        with open(sys.argv[1], "rb+") as file:
            lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sys.exit("a file was locked")
    except OSError as error:
        assert error.errno == errno.ENOLCK, error
"""
SAVE_AND_LOAD = """
from rbmrg import store
read = store.load(sys.argv[1])
store.save_spins([read.spin.values], read.spin.shape, sys.argv[2], schema="samples", T=1.0)
store.save(read, sys.argv[2], schema="samples")
assert store.load(sys.argv[2]).equals(read)
"""


def without_locks(code, *arguments, **environment):
    done = python(NO_LOCKS + code, *arguments, **environment)
    if done.returncode == 77:
        pytest.skip("this kernel lets no process filter its system calls")
    return done


def test_files_need_no_locks(samples, tmp_path, monkeypatch):
    """A study, and whoever reads its files with `store`; the control is HDF5 as it is."""
    path, _ = samples[1.0]
    environment = {"HDF5_USE_FILE_LOCKING": "TRUE"}
    assert without_locks("import netCDF4\nnetCDF4.Dataset(sys.argv[1])", path, **environment).returncode == 1
    monkeypatch.delenv("HDF5_USE_FILE_LOCKING")  # set by `netcdf` in this process, as it must be in that one
    done = without_locks(SAVE_AND_LOAD, path, tmp_path / "copy.nc")
    assert done.returncode == 0, done.stderr


def test_who_asks_for_locks_where_there_are_none_is_told_how_not_to(samples, tmp_path):
    """Where the variable is set, or where HDF5 was loaded before this package."""
    path, _ = samples[1.0]
    done = without_locks(SAVE_AND_LOAD, path, tmp_path / "copy.nc", HDF5_USE_FILE_LOCKING="TRUE")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("start Python with HDF5_USE_FILE_LOCKING=FALSE")


def test_a_job_that_draws_configurations_imports_only_what_it_needs():
    """pandas and xarray would take as long as all the rest, 0.4 s, and such jobs are many and short."""
    imports = "\n".join(line for line in SCRIPT.read_text().splitlines() if line.startswith(("from ", "import ")))
    slow = ["pandas", "xarray", "scipy.linalg", "scipy.optimize", "scipy.special", "matplotlib", "sklearn", "pydantic"]
    done = python(f"import sys\n{imports}\nprint(*sys.modules)")
    loaded = done.stdout.split()
    assert "rbmrg.sampling" in loaded, done.stderr
    assert "rbmrg.store" in loaded
    assert not set(slow) & set(loaded)
