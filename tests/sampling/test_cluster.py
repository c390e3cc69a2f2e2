"""Swendsen–Wang: wrong bonds and too little thinning are noticed.  See test_samplers.py."""

import numpy as np
from scores import energy_scores, excess_times

from rbmrg import exact
from rbmrg.lattice import energy
from rbmrg.sampling import cluster


def test_the_energy_notices_a_bond_probability_wrong_by_one_percent(monkeypatch):
    right = cluster.bond_probability
    monkeypatch.setattr(cluster, "bond_probability", lambda T: 1.01 * right(T))
    assert np.abs(energy_scores(energy(cluster.sampler(32, exact.TC, rng=3)(1000)), 32, exact.TC)).max() > 20


def test_independence_notices_a_thinning_of_three_sweeps():
    spins = cluster.sampler(32, exact.TC, rng=3, thin=3)(2000)
    assert excess_times(spins).min() > 4
