"""Files in the hands of others: what netCDF4 and dask make of them, and how little a job imports to write them."""

import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from rbmrg import store

SCRIPT = Path(__file__).parents[2] / "workflow" / "scripts" / "sample.py"


@pytest.fixture
def samples(tmp_path):
    """{T: (path, spins)} of files of samples."""
    files = {}
    for T in (1.0, 2.269185, 4.0):
        spins = np.random.default_rng(int(T)).choice(np.array([-1, 1], np.int8), (20, 4, 4))
        files[T] = tmp_path / f"T={T:.6f}.nc", spins
        store.save_spins([spins], spins.shape, files[T][0], schema="samples", T=T, L=4)
    return files


def test_netcdf4_reads_spins(samples):
    path, spins = samples[1.0]
    with netCDF4.Dataset(path) as file:
        assert file["spin"].dimensions == ("sample", "y", "x")
        assert file["spin"].filters()["zlib"]
        assert file.Conventions == "CF-1.11"
        assert file.title == "Ising configurations in equilibrium"
        np.testing.assert_array_equal(file["spin"][:], spins)


def test_dask_joins_files_along_the_temperature(samples):
    pytest.importorskip("dask")
    joined = xr.open_mfdataset([path for path, _ in samples.values()], combine="nested", concat_dim="T")
    assert joined.spin.dims == ("T", "sample", "y", "x")
    assert joined["T"].values.tolist() == list(samples)
    np.testing.assert_array_equal(joined.spin.sel(T=4.0), samples[4.0][1])


def test_a_job_that_draws_configurations_imports_only_what_it_needs():
    """pandas and xarray would take as long as all the rest, 0.4 s, and such jobs are many and short."""
    imports = "\n".join(line for line in SCRIPT.read_text().splitlines() if line.startswith(("from ", "import ")))
    slow = ["pandas", "xarray", "scipy.linalg", "scipy.optimize", "scipy.special", "matplotlib", "sklearn", "pydantic"]
    command = [sys.executable, "-W", "error", "-c", f"import sys\n{imports}\nprint(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True)
    loaded = done.stdout.split()
    assert "rbmrg.sampling" in loaded, done.stderr
    assert "rbmrg.store" in loaded
    assert not set(slow) & set(loaded)
