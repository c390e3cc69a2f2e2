"""Configurations for averages: at equilibrium, chains in order, and independent of each other."""

import numpy as np
import pytest

from rbmrg import exact
from rbmrg.exponents import replicas
from rbmrg.lattice import TC, energy


@pytest.mark.parametrize(("L", "n"), [(8, 8192), (16, 8192), (128, 1024)])
def test_energies_are_those_of_kaufman(L, n):
    """One z-score each, from the scatter of chains, or of 64 parts of one; beyond 4 with probability 6e-5."""
    chains, batches = replicas.draw(L, n, 1)
    energies = np.concatenate([energy(spins) for spins in batches])
    parts = energies.reshape(-1, chains).T if chains > 1 else energies.reshape(64, -1)
    means = parts.mean(axis=1)
    z = (means.mean() / L**2 - exact.energy_per_spin(L, TC)) / (means.std(ddof=1) / len(means) ** 0.5 / L**2)
    assert abs(z) < 4
    assert len(energies) == n


def test_all_chains_are_equally_long():
    chains, batches = replicas.draw(32, 513, 1)
    assert chains == 512
    assert [len(spins) for spins in batches] == [512, 512]
