"""The parts of the benchmark: its ratios and tables, and that its plain competitor samples the same distribution."""

import math

import numpy as np
import pytest

from rbmrg.benchmarks import sampling
from rbmrg.benchmarks.sampling import Contestant
from rbmrg.exact import energy_per_spin
from rbmrg.jit import njit
from rbmrg.lattice import energy


@njit
def set_seed(seed):
    np.random.seed(seed)  # noqa: NPY002


def z_of_energy(L, T, accept, blocks=20_000, sweeps=60):
    """z-score of the energy of `blocks` chains that start in order against Kaufman's, one measurement each."""
    set_seed(1)
    spins = np.ones((blocks, L, L), np.int8)
    for one in spins:
        sampling.metropolis(one, sweeps, *accept)
    energies = energy(spins) / L**2
    return (energies.mean() - energy_per_spin(L, T)) / (energies.std(ddof=1) / math.sqrt(blocks))


def test_plain_metropolis_has_the_exact_energy():
    T = 2.5  # false alarms: 6e-5
    assert abs(z_of_energy(4, T, (math.exp(-4 / T), math.exp(-8 / T)))) < 4


def test_wrong_metropolis_does_not():
    T = 2.5
    assert abs(z_of_energy(4, T, (1.1 * math.exp(-4 / T), math.exp(-8 / T)))) > 5


def test_generator_is_that_of_multispin():
    """After as many calls, the states of all lanes are the same."""
    lanes = np.random.default_rng(1).integers(2**64, size=6 * sampling.multispin.LANES, dtype=np.uint64)
    ours = lanes.copy()
    theirs = lanes.copy()
    zero = np.uint64(0)
    for call in range(3):
        sampling.multispin.draw_digits(ours, np.uint64(call * sampling.multispin.BITS), zero, zero, zero)
    sampling.generate(theirs, 3)
    states = slice(0, 3 * sampling.multispin.LANES)
    np.testing.assert_array_equal(ours[states], theirs[states])


def test_ratio_is_to_the_best_competitor():
    ours = Contestant("rbmrg", "a")
    slow = Contestant("slow", "b")
    fast = Contestant("fast", "c")
    times = {ours: [2.0, 4.0, 9.0], slow: [50.0, 60.0, 70.0], fast: [10.0, 20.0, 30.0]}
    costs = {who: np.array(ns) for who, ns in times.items()}
    assert [sampling.ratio(who, costs) for who in costs] == [5, 0.2, 1]
    text = sampling.table("Title", {32: costs, 64: {fast: costs[fast]}}, np.reciprocal).splitlines()
    assert text[2].split() == ["rbmrg", "a", "0.5", "0.25", "5"]
    assert text[4].split() == ["fast", "c", "0.1", "0.05", "1", "0.1", "0.05", "1"]


def test_interleaved_counts_work_in_turns():
    order = []
    tasks = {name: sampling.task(amount, order.append, name) for name, amount in (("a", 1), ("b", 10**12))}
    times = sampling.interleaved(tasks, 3)
    assert order == ["a", "b"] * 3
    assert all(np.all(np.diff(t) >= 0) and t.shape == (3,) for t in times.values())
    assert times["b"].max() < 1  # a call takes less than 10^12 ns


def test_cost_of_a_configuration():
    rival = Contestant("mcising", "Metropolis")
    wolff = Contestant("rbmrg", "Wolff")
    coupling = Contestant("rbmrg", "coupling")
    hybrid = Contestant("rbmrg", "hybrid")
    timed = rival, wolff, coupling._replace(kept=True), sampling.WORDS
    costs = sampling.per_configuration(32, {who: np.array([2.0]) for who in timed})
    assert costs[rival] == pytest.approx(2 * 32**2 * sampling.multispin.thinning(32, sampling.TC) / 1000)
    assert costs[coupling] == pytest.approx(0.002)
    assert costs[hybrid] == pytest.approx((costs[coupling] + 63 * costs[wolff]) / 64)
    assert costs.keys() == {rival, wolff, coupling, hybrid}
    assert list(costs)[-1] == rival  # ours come first


def test_tasks_return_the_work_they_did():
    """Ours at L = 10, with little work; a competitor of which nothing is known but how it is called."""
    tasks = sampling.our_tasks(10, 2**13)
    named = {who: do() for who, do in tasks.items()}
    assert [str(who) for who in named if who.kept] == ["rbmrg multispin", "rbmrg coupling", "rbmrg transfer"]
    assert named[sampling.MULTISPIN._replace(kept=True)] == sampling.multispin.replicas(10)
    assert named[Contestant("numba", "Metropolis")] == 2**13 // 100 * 100
    assert all(amount > 0 for amount in named.values())


def test_the_table_of_everything_is_printed(capsys, monkeypatch):
    """And no more is installed than what there is: the report names who is missing."""
    monkeypatch.setattr(sampling, "MODULES", {"nobody": "nobody._core"})
    assert sampling.installed() == {}
    assert "nobody: skipped" in capsys.readouterr().out
    monkeypatch.setattr(sampling, "SIZES", [10, 32, 64])
    whos = sampling.our_tasks(10, 2**13).keys()
    sampling.show({L: {who: np.array([1.0, 2.0]) for who in whos} for L in sampling.SIZES})
    text = capsys.readouterr().out
    assert text.count("rbmrg multispin") == 2  # updates and configurations
    assert "reached 1," in text
