"""A file as the workflow writes them, and what a writer left beside it."""

import numpy as np
import pytest
import xarray as xr

from rbmrg import store


@pytest.fixture(scope="session")
def dataset():
    """A function that gives spins, weights and text, as the workflow's files hold them."""

    def make(seed=1, n=50):
        rng = np.random.default_rng(seed)
        return xr.Dataset(
            {
                "spin": (("sample", "y", "x"), rng.choice(np.array([-1, 1], np.int8), (n, 5, 5)), {"units": "1"}),
                "W": (("visible", "hidden"), rng.normal(size=(25, 4)), {"long_name": "weights"}),
                "method": ("step", ["annealed", "enumerated"]),
            },
            coords={"step": [0, 100]},
        )

    return make


@pytest.fixture
def file(tmp_path, dataset):
    """A whole and valid file."""
    path = tmp_path / "file.nc"
    store.save(dataset(), path, schema="samples", seed=1)
    return path


@pytest.fixture(scope="session")
def parts():
    """A function that gives the names of unfinished files in a folder."""
    return lambda folder: [path.name for path in folder.rglob(".*")]
