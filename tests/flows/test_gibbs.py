"""Flows of Gibbs steps: shapes, seeds, and machines whose stationary distribution is known.

Seeds are fixed; two-sided χ² tests pass for 1e-3 < P < 1 − 1e-3: false alarm 2e-3 each.
"""

import itertools
from functools import partial

import numpy as np
import pytest
import xarray as xr
from scores import energies_probability

from rbmrg import exact, rbm, rng, sampling, splits
from rbmrg.flows import gibbs
from rbmrg.lattice import energy
from rbmrg.thermometers import posteriors

MACHINE = rbm.exact_machine(4, 2.5)


@pytest.fixture(scope="module")
def start():
    """Configurations in the equilibrium of MACHINE."""
    return sampling.sample(4, 2.5, 100_000, rng=1)


def test_length_shape_type_and_start(start):
    steps = gibbs.run(MACHINE, start[:30], range(7), rng=2)
    assert steps.shape == (7, 30, 4, 4)
    assert steps.dtype == np.int8
    assert np.all(np.abs(steps) == 1)
    np.testing.assert_array_equal(steps[0], start[:30])
    assert all(np.any(a != b) for a, b in itertools.pairwise(steps))


def test_a_flow_of_no_steps_is_its_start(start):
    np.testing.assert_array_equal(gibbs.run(MACHINE, start[:30], [0], rng=2), start[None, :30])


def test_a_flow_follows_from_its_seed(start):
    steps = gibbs.run(MACHINE, start[:30], [0, 1, 3], rng=3)
    np.testing.assert_array_equal(steps, gibbs.run(MACHINE, start[:30], [0, 1, 3], np.random.default_rng(3)))
    assert np.any(steps != gibbs.run(MACHINE, start[:30], [0, 1, 3], rng=4))


def test_between_snapshots_there_are_as_many_gibbs_steps_as_they_say():
    """From the ground state towards T = 10, four steps at once are as good as four: |z| < 4, and two are not."""
    machine = rbm.exact_machine(4, 10.0)
    n = 20_000
    cold = np.ones((n, 4, 4), np.int8)
    each = gibbs.run(machine, cold, range(5), rng=1)
    jump = gibbs.run(machine, cold, [4], rng=2)
    first = energy(each[4])
    second = energy(jump[0])
    assert abs(first.mean() - second.mean()) < 4 * np.hypot(first.std(), second.std()) / np.sqrt(n)
    early = energy(each[2])  # negative control: after two steps it is not there
    assert abs(early.mean() - second.mean()) > 8 * np.hypot(early.std(), second.std()) / np.sqrt(n)


@pytest.mark.parametrize("steps", [[], [-1, 2], [0, 2, 2], [3, 1]])
def test_steps_that_do_not_increase_are_refused(start, steps):
    with pytest.raises(ValueError, match=r"steps = .*: must be increasing numbers ≥ 0"):
        gibbs.run(MACHINE, start[:3], steps, rng=1)


# --- machines with a known stationary distribution --------------------------------------------------------------------


def probability(spins, T):
    """P(χ² > the one found) of the energies at L = 4."""
    return energies_probability(energy(spins), 4, T)


def test_the_exact_machine_leaves_its_own_equilibrium_as_it_is(start):
    for spins in gibbs.run(MACHINE, start, range(4), rng=5):
        assert 1e-3 < probability(spins, 2.5) < 1 - 1e-3


def test_another_machine_does_not(start):
    """Negative control: five steps of a machine two per cent hotter are noticed, and one step of an untrained one."""
    assert probability(gibbs.run(rbm.exact_machine(4, 2.55), start, range(6), rng=5)[-1], 2.5) < 1e-6
    untrained = rbm.RBM(np.zeros((16, 9)), np.zeros(16), np.zeros(9))
    assert probability(gibbs.run(untrained, start, [0, 1], rng=5)[-1], 2.5) < 1e-6


@pytest.mark.parametrize("T", [0.0, np.inf])
def test_the_exact_machine_flows_to_its_own_temperature_from_either_end(T):
    """After 100 steps T_E is that of the machine, |z| < 4: 6e-5; after one it is not."""
    steps = gibbs.run(MACHINE, sampling.sample(4, T, 10_000, rng=6), [1, 100], rng=7)
    reading, error = posteriors.energy_temperature(energy(steps[1]), 4)
    assert abs(reading - 2.5) < 4 * error
    early, error = posteriors.energy_temperature(energy(steps[0]), 4)
    assert abs(early - 2.5) > 20 * error


def test_the_flow_of_a_checkerboard_machine_is_heat_bath_of_the_whole_lattice():
    """It keeps equilibrium (z of the energy after 1 and 10 steps), and forgets another temperature's; |z| < 4: 6e-5."""
    T = 2.5
    n = 20_000
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


# --- flows from several starts ----------------------------------------------------------------------------------------


def test_flows_from_all_starts_are_those_from_each_with_its_own_stream(start):
    starts = {0.0: start[:10], 2.269185: start[10:20], 5.9: start[20:30]}
    stream = partial(rng.stream, "test", 1, "machine", 0)
    together = gibbs.from_starts(MACHINE, starts, [0, 1, 3], stream)
    for T, spins in starts.items():
        alone = gibbs.run(MACHINE, spins, [0, 1, 3], rng.stream("test", 1, "machine", 0, f"{T:.6f}"))
        np.testing.assert_array_equal(together.spin.sel(start=T), alone)
    assert together.step.values.tolist() == [0, 1, 3]
    fewer = gibbs.from_starts(MACHINE, dict(list(starts.items())[1:]), [0, 1, 3], stream)
    assert fewer.identical(together.isel(start=slice(1, None)))  # a start does not depend on which others there are


def test_every_start_is_reported(start):
    told = []
    gibbs.from_starts(
        MACHINE,
        {0.0: start[:2], 2.5: start[2:4]},
        [0, 1],
        lambda key: np.random.default_rng(1),
        lambda done, remark: told.append((done, remark)),
    )
    assert told == [(1, "from T = 0"), (2, "from T = 2.5")]


def test_flows_start_from_held_out_configurations(start):
    def sampled(T, spins):
        return xr.Dataset({"spin": (("sample", "y", "x"), spins)}, attrs={"T": T})

    starts = gibbs.held_out([sampled(0.0, start[:50]), sampled(2.5, start[50:70])], 6)
    assert list(starts) == [0.0, 2.5]
    np.testing.assert_array_equal(starts[0.0], splits.held_out_part(start[:50])[:6])
    np.testing.assert_array_equal(starts[2.5], start[66:70])  # there are no more than four
