"""Wolff: wrong bonds, too little thinning and a biased moment of emission are noticed.  See test_samplers.py."""

import numpy as np
from scores import energies_probability, energy_scores, excess_times

from rbmrg import exact
from rbmrg.jit import njit
from rbmrg.lattice import energy
from rbmrg.sampling import wolff


def test_the_energy_notices_a_bond_probability_wrong_by_one_percent(monkeypatch):
    right = wolff.bond_probability
    monkeypatch.setattr(wolff, "bond_probability", lambda T: 1.01 * right(T))
    assert np.abs(energy_scores(energy(wolff.sampler(32, exact.TC, rng=3)(1000)), 32, exact.TC)).max() > 20


def test_independence_notices_a_thinning_of_one_sweep():
    assert excess_times(wolff.sampler(32, exact.TC, rng=3, thin=1)(2000)).min() > 4


@njit
def emit_once_enough_is_flipped(spins, L, threshold, position, configurations):
    """Fill `configurations` (int8 [n, N]), each when 20 N spins are flipped."""
    queue = np.empty(spins.size + 4, np.int32)
    for k in range(configurations.shape[0]):
        flipped = 0
        while flipped < 20 * spins.size:
            size, position = wolff.update(spins, L, threshold, position, queue)
            flipped += size
        for site in range(spins.size):
            configurations[k, site] = spins[site]


def test_energy_notices_configurations_emitted_once_enough_spins_are_flipped():
    """The bias that a fixed number of updates avoids: a large cluster is more often the one that makes it enough."""
    L = 10
    T = exact.TC
    threshold = np.uint64(wolff.bond_probability(T) * 2**32)
    configurations = np.empty((20_000, L * L), np.int8)
    emit_once_enough_is_flipped(np.ones(L * L, np.int8), L, threshold, np.uint64(6), configurations)
    assert energies_probability(energy(configurations.reshape(-1, L, L)), L, T) < 1e-6
