"""The ends of flows of several seeds: each is compared as it would be alone, and every kind of comparison is there."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import correlators, rbm, rng, sampling
from rbmrg.flows import ends, equilibrium, gibbs, momentum_space, snapshots
from rbmrg.machines.entries import Entry

L = 4
N = 24
ENTRY = Entry("some", L, ["1.800000", "2.800000"], "exact")
STATIONARY = [True, False]
MACHINES = [rbm.exact_machine(L, T) for T in (2.3, 2.6)]
POINTS = pd.DataFrame({"seed": [0, 1], "stationary": STATIONARY})


def stream(stage, *key):
    return rng.stream(stage, 1, *key)


@pytest.fixture(scope="module")
def flows():
    starts = {T: sampling.sample(L, T, N, rng=2) for T in (0.0, 2.3, 5.9)}
    return [
        gibbs.from_starts(machine, starts, [0, 1, 2, 4], partial(rng.stream, "flow", 1, "some", seed))
        for seed, machine in enumerate(MACHINES)
    ]


@pytest.fixture(scope="module")
def compared(flows):
    told = []
    found = ends.compare_all(iter(flows), iter(MACHINES), POINTS, ENTRY, N, stream, told.append)
    assert told == [1, 2]
    return found


def test_all_seeds_are_compared_as_each_alone(flows, compared):
    tables, measured = compared
    assert list(tables) == ["equilibrium", "momentum", "singular_values"]
    assert measured.sizes["seed"] == 2
    data = sampling.mixture(L, [1.8, 2.8], 5 * N, stream("spectrum", "some"))
    for seed, (flow, machine, stationary) in enumerate(zip(flows, MACHINES, STATIONARY, strict=True)):
        generator = stream("equilibrium", "some", seed)
        alone = ends.tables_of(flow, machine, stationary, ENTRY.temperatures, data, generator)
        for name, table in alone.items():
            mine = tables[name][tables[name].seed == seed].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, table.assign(**ENTRY.columns, seed=seed))
        xr.testing.assert_identical(measured.isel(seed=seed), ends.correlators_of(flow, stationary, N, generator))


def test_the_tables_are_those_of_the_end(flows):
    data = sampling.sample(L, 2.3, 60, rng=3)
    tables = ends.tables_of(flows[0], MACHINES[0], True, [2.3], data, np.random.default_rng(4))
    end = snapshots.end(flows[0], stationary=True)
    assert len(end) == 3 * N
    tests = equilibrium.assess(end, [2.3], np.random.default_rng(4)).assign(stationary=True)
    pd.testing.assert_frame_equal(tables["equilibrium"], tests)
    pd.testing.assert_frame_equal(tables["momentum"], momentum_space.momentum_table(MACHINES[0].W, end, data))
    pd.testing.assert_frame_equal(tables["singular_values"], momentum_space.singular_table(MACHINES[0].W, L))


def test_correlators_are_those_of_the_late_flow_and_of_equilibrium_at_its_temperature(flows):
    for stationary in STATIONARY:
        found = ends.correlators_of(flows[1], stationary, N, np.random.default_rng(5))
        assert found.ensemble.values.tolist() == ["end", "equilibrium"]
        T, _ = equilibrium.best_temperature(snapshots.end(flows[1], stationary))
        expected = {
            "end": snapshots.late(flows[1], stationary),
            "equilibrium": sampling.sample(L, T, 20 * N, np.random.default_rng(5)),
        }
        for name, spins in expected.items():
            measured = correlators.measure(spins, N // 4)
            xr.testing.assert_identical(found.sel(ensemble=name).drop_vars("ensemble"), measured)


def test_a_seed_without_a_fixed_point_is_refused(flows):
    with pytest.raises(ValueError, match="shorter"):
        ends.compare_all(flows, MACHINES, POINTS[:1], ENTRY, N, stream)
