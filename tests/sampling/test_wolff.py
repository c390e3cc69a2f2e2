"""Wolff: wrong bonds, too little thinning and a biased moment of emission are noticed.  See test_samplers.py."""

import numpy as np
from scores import energies_probability, energy_scores, excess_times

from rbmrg import exact
from rbmrg.lattice import energy
from rbmrg.sampling import wolff


def test_the_energy_notices_a_bond_probability_wrong_by_one_percent(monkeypatch):
    right = wolff.bond_probability
    monkeypatch.setattr(wolff, "bond_probability", lambda T: 1.01 * right(T))
    assert np.abs(energy_scores(energy(wolff.sampler(32, exact.TC, rng=3)(2000)), 32, exact.TC)).max() > 20


def test_independence_notices_a_thinning_of_one_sweep():
    assert excess_times(wolff.sampler(32, exact.TC, rng=3, thin=1)(2000)).min() > 4


def test_energy_notices_configurations_emitted_once_enough_spins_are_flipped():
    """The bias that a fixed number of updates avoids: large clusters are what makes it enough."""
    L, T, spins, position = 10, exact.TC, np.ones(100, np.int8), np.uint64(6)
    threshold, queue = np.uint64(wolff.bond_probability(T) * 2**32), np.empty(104, np.int32)
    configurations = np.empty((20_000, L, L), np.int8)
    for configuration in configurations:
        flipped = 0
        while flipped < 20 * L * L:
            size, position = wolff.update(spins, L, threshold, np.uint64(position), queue)
            flipped += size
        configuration[:] = spins.reshape(L, L)
    assert energies_probability(energy(configurations), L, T) < 1e-6
