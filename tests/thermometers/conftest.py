"""Thermometers and the configurations they read, made once for all tests of this folder."""

import numpy as np
import pytest
from thermometer_data import HELD_OUT, TEMPERATURES, TRAINED, L, table_of

from rbmrg import sampling
from rbmrg.thermometers import posteriors


@pytest.fixture(scope="session")
def held_out():
    """[temperature, n, L, L], and the class of each of them one after the other."""
    spins = np.stack([sampling.sample(L, T, HELD_OUT, rng=k) for k, T in enumerate(TEMPERATURES)])
    return spins, np.repeat(np.arange(len(TEMPERATURES)), HELD_OUT)


@pytest.fixture(scope="session")
def levels():
    return table_of(TEMPERATURES)


@pytest.fixture(scope="session")
def network():
    spins = np.stack([sampling.sample(L, T, TRAINED, rng=100 + k) for k, T in enumerate(TEMPERATURES)])
    losses = []
    trained = posteriors.train_network(spins, TEMPERATURES, 20, 12, 1, progress=lambda *loss: losses.append(loss))
    assert [epoch for epoch, _ in losses] == list(range(1, 13))
    assert losses[-1][1] < losses[0][1]
    return trained
