"""Configurations that are grouped by class, drawn once for all tests of this folder."""

import numpy as np
import pytest
from known_networks import TEMPERATURES

from rbmrg import sampling


@pytest.fixture(scope="session")
def mixture():
    """2000 configurations at each temperature of the known networks, [5, 2000, 6, 6]."""
    return np.stack([sampling.sample(6, T, 2000, rng=k) for k, T in enumerate(TEMPERATURES)])
