"""RBM flows: shapes, seeds, and a machine whose stationary distribution is known.

Seeds are fixed; two-sided χ² tests pass for 1e-3 < P < 1 − 1e-3: false alarm 2e-3 each.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from rbmrg import exact, rbm, sampling
from rbmrg.flows import gibbs
from rbmrg.lattice import energy
from rbmrg.thermometers import posteriors

MACHINE = rbm.exact_machine(4, 2.5)
START = sampling.sample(4, 2.5, 100_000, rng=1)


def test_length_shape_type_and_start():
    steps = gibbs.run(MACHINE, START[:30], range(7), rng=2)
    assert steps.shape == (7, 30, 4, 4)
    assert steps.dtype == np.int8
    assert np.all(np.abs(steps) == 1)
    np.testing.assert_array_equal(steps[0], START[:30])
    assert all(np.any(a != b) for a, b in itertools.pairwise(steps))


def test_a_flow_of_no_steps_is_its_start():
    np.testing.assert_array_equal(gibbs.run(MACHINE, START[:30], [0], rng=2), START[None, :30])


def test_a_flow_follows_from_its_seed():
    steps = gibbs.run(MACHINE, START[:30], [0, 1, 3], rng=3)
    np.testing.assert_array_equal(steps, gibbs.run(MACHINE, START[:30], [0, 1, 3], np.random.default_rng(3)))
    assert np.any(steps != gibbs.run(MACHINE, START[:30], [0, 1, 3], rng=4))


def test_between_snapshots_there_are_as_many_gibbs_steps_as_they_say():
    """From the ground state towards T = 10 four steps at once are as good as four: |z| < 4, and two are not."""
    machine, n = rbm.exact_machine(4, 10.0), 20_000
    cold = np.ones((n, 4, 4), np.int8)
    each, jump = gibbs.run(machine, cold, range(5), rng=1), gibbs.run(machine, cold, [4], rng=2)
    first, second = energy(each[4]), energy(jump[0])
    assert abs(first.mean() - second.mean()) < 4 * np.hypot(first.std(), second.std()) / np.sqrt(n)
    early = energy(each[2])  # negative control: after two steps it is not there
    assert abs(early.mean() - second.mean()) > 8 * np.hypot(early.std(), second.std()) / np.sqrt(n)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (1, [0, 1]),
        (8, [0, 1, 2, 3, 5, 7, 8]),
        (30, [0, 1, 2, 3, 5, 7, 10, 15, 20, 30]),
        (1000, [0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000]),
    ],
)
def test_snapshots_are_spaced_evenly_in_the_logarithm(length, expected):
    assert gibbs.snapshots(length) == expected


def energies_probability(spins, T):
    """P(χ² > the one found) of the energies at L = 4; cells that expect fewer than 10 are one cell."""
    counts, p = np.bincount((energy(spins) + 32) // 2, minlength=33), exact.energy_distribution(4, T)
    rare = counts.sum() * p < 10
    observed = np.append(counts[~rare], counts[rare].sum())
    expected = counts.sum() * np.append(p[~rare], p[rare].sum())
    observed, expected = observed[expected > 0], expected[expected > 0]
    return stats.chi2.sf(np.sum((observed - expected) ** 2 / expected), len(observed) - 1)


def test_the_exact_machine_leaves_its_own_equilibrium_as_it_is():
    for spins in gibbs.run(MACHINE, START, range(4), rng=5):
        assert 1e-3 < energies_probability(spins, 2.5) < 1 - 1e-3


def test_another_machine_does_not():
    """Negative control: five steps of a machine two per cent hotter are noticed, and one step of an untrained one."""
    assert energies_probability(gibbs.run(rbm.exact_machine(4, 2.55), START, range(6), rng=5)[-1], 2.5) < 1e-6
    untrained = rbm.RBM(np.zeros((16, 9)), np.zeros(16), np.zeros(9))
    assert energies_probability(gibbs.run(untrained, START, [0, 1], rng=5)[-1], 2.5) < 1e-6


@pytest.mark.parametrize("T", [0.0, np.inf])
def test_the_exact_machine_flows_to_its_own_temperature_from_either_end(T):
    """After 100 steps T_E is that of the machine, |z| < 4: 6e-5; after one it is not."""
    steps = gibbs.run(MACHINE, sampling.sample(4, T, 10_000, rng=6), range(101), rng=7)
    reading, error = posteriors.energy_temperature(energy(steps[-1]), 4)
    assert abs(reading - 2.5) < 4 * error
    early, error = posteriors.energy_temperature(energy(steps[1]), 4)
    assert abs(early - 2.5) > 20 * error


def test_the_dataset_of_flows():
    flows = {T: gibbs.run(MACHINE, START[:10], range(3), rng=int(10 * T)) for T in (2.5, 0.0)}
    dataset = gibbs.dataset(flows, range(3))
    assert dataset.spin.dims == ("start", "step", "sample", "y", "x")
    assert dataset.spin.dtype == np.int8
    assert dataset.start.values.tolist() == [2.5, 0.0]
    assert dataset.step.values.tolist() == [0, 1, 2]
    for T, steps in flows.items():
        np.testing.assert_array_equal(dataset.spin.sel(start=T), steps)
    assert all({"long_name", "units"} <= set(dataset[name].attrs) for name in dataset.variables)


@pytest.mark.parametrize("steps", [[], [-1, 2], [0, 2, 2], [3, 1]])
def test_steps_that_do_not_increase_are_refused(steps):
    with pytest.raises(ValueError, match="increasing numbers from 0 on"):
        gibbs.run(MACHINE, START[:3], steps, rng=1)


def test_the_flow_of_a_checkerboard_machine_is_heat_bath_of_the_whole_lattice():
    """It keeps equilibrium (z of the energy after 1 and 10 steps), and forgets another temperature's; |z| < 4: 6e-5."""
    T, n = 2.5, 20_000
    machine = rbm.checkerboard_machine(4, T)
    steps = gibbs.run(machine, sampling.sample(4, T, n, rng=8), range(11), rng=9)
    sigma = T * np.sqrt(exact.specific_heat(4, T) * 16 / n)
    z = [(energy(steps[k]).mean() - 16 * exact.energy_per_spin(4, T)) / sigma for k in (1, 10)]
    assert np.abs(z).max() < 4
    cold = gibbs.run(machine, np.ones((n, 4, 4), np.int8), range(101), rng=10)
    assert abs(energy(cold[-1]).mean() - 16 * exact.energy_per_spin(4, T)) < 4 * sigma
    assert abs(energy(cold[1]).mean() - 16 * exact.energy_per_spin(4, T)) > 20 * sigma  # negative control: too early
    assert cold.shape == (101, n, 4, 4)
    assert cold.dtype == np.int8


def test_the_end_of_a_flow_is_of_all_starts_if_it_is_stationary():
    flows = {T: gibbs.run(MACHINE, START[:10], range(3), rng=int(10 * T)) for T in (0.0, 2.3, 5.9)}
    dataset = gibbs.dataset(flows, range(3))
    pooled = np.concatenate([steps[-1] for steps in flows.values()])
    np.testing.assert_array_equal(gibbs.end(dataset, stationary=True), pooled)
    np.testing.assert_array_equal(gibbs.end(dataset, stationary=False), flows[2.3][-1])
    np.testing.assert_array_equal(gibbs.at_length(dataset, 1), np.stack([steps[1] for steps in flows.values()]))
    np.testing.assert_array_equal(gibbs.at_length(dataset, 30), np.stack([steps[-1] for steps in flows.values()]))


def test_the_second_half_of_a_stationary_flow_keeps_chains_together():
    flows = {T: gibbs.run(MACHINE, START[:10], [0, 2, 4, 8], rng=int(T)) for T in (1.0, 5.0)}
    dataset = gibbs.dataset(flows, [0, 2, 4, 8])
    late = gibbs.late(dataset, stationary=True)
    assert late.shape == (40, 4, 4)
    np.testing.assert_array_equal(late[:4:2], flows[1.0][2, :2])  # step 4 of chains 0 and 1 from T = 1
    np.testing.assert_array_equal(late[1:4:2], flows[1.0][3, :2])  # and step 8
    np.testing.assert_array_equal(late[20], flows[5.0][2, 0])
    np.testing.assert_array_equal(gibbs.late(dataset, stationary=False), gibbs.end(dataset, stationary=False))
