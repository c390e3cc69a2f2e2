"""Readings of flows: every thermometer at every step, and all seeds of a machine in one table."""

import itertools

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rbm, sampling
from rbmrg.flows import fixed_points, gibbs, reading, seeds, snapshots
from rbmrg.lattice import energy
from rbmrg.machines.entries import Entry
from rbmrg.thermometers import posteriors

TEMPERATURES = [1.0, 1.8, 2.6, 5.0]
L = 4
N = 60
ENERGIES = [-1.2, -1.3]  # of the training data of each seed, per spin
ENTRY = Entry("some", L, ["2.500000"], "exact")
NAMES = ["network 0", "network 1", "bayes", "magnetisation", "energy"]


def network(seed):
    """A network that has learned nothing."""
    rng = np.random.default_rng(seed)
    dims = {"W1": ("visible", "hidden"), "b1": ("hidden",), "W2": ("hidden", "class"), "b2": ("class",)}
    sizes = {"visible": L * L, "hidden": 5, "class": len(TEMPERATURES)}
    weights = {name: (of, rng.normal(size=[sizes[dim] for dim in of])) for name, of in dims.items()}
    return xr.Dataset(weights, {"class": TEMPERATURES})


NETWORKS = [network(1), network(2)]


@pytest.fixture(scope="module")
def levels():
    return posteriors.magnetisation_table(np.stack([sampling.sample(L, T, 500, 1) for T in TEMPERATURES]), TEMPERATURES)


@pytest.fixture(scope="module")
def flows():
    """Of two seeds, from two starts."""
    machine = rbm.exact_machine(L, 2.5)
    steps = [0, 1, 3]
    starts = {T: sampling.sample(L, T, N, rng=2) for T in (0.0, 5.9)}
    return [gibbs.from_starts(machine, starts, steps, lambda key, s=s: np.random.default_rng(s)) for s in (3, 4)]


def test_a_flow_is_read_by_every_thermometer_at_every_step(flows, levels):
    flow = flows[0]
    readings, histograms = reading.read(flow, NETWORKS, levels)
    assert list(readings) == ["start", "step", "thermometer", "temperature", "error"]
    assert list(histograms) == ["start", "step", "thermometer", "class", "count"]
    assert readings.thermometer.tolist() == 2 * 3 * NAMES
    expected = itertools.product([0.0, 5.9], [0, 1, 3], NAMES)
    assert list(zip(readings.start, readings.step, readings.thermometer, strict=True)) == list(expected)
    for (start, step), rows in readings.groupby(["start", "step"]):
        found, counts = posteriors.read(flow.spin.sel(start=start, step=step).values, NETWORKS, levels)
        np.testing.assert_equal(dict(zip(NAMES, rows[["temperature", "error"]].to_numpy().tolist(), strict=True)),
                                {name: list(values) for name, values in found.items()})  # fmt: skip
        here = histograms[(histograms.start == start) & (histograms.step == step)]
        for name, count in counts.items():
            mine = here[here.thermometer == name]
            assert mine["class"].tolist() == [TEMPERATURES[k] for k in np.flatnonzero(count)]
            assert mine["count"].tolist() == count[count > 0].tolist()
            assert mine["count"].sum() == N
            mean = rows.temperature[rows.thermometer == name].item()
            assert (mine["class"] * mine["count"]).sum() / N == pytest.approx(mean)
        last = rows[rows.thermometer == "energy"]
        E = energy(flow.spin.sel(start=start, step=step).values)
        np.testing.assert_equal(last[["temperature", "error"]].to_numpy()[0], posteriors.energy_temperature(E, L))


def test_all_seeds_are_read_as_each_alone(flows, levels):
    told = []
    both = reading.read_all(
        iter(flows), ENERGIES, NETWORKS, levels, ENTRY, lambda done, remark: told.append((done, remark))
    )
    assert list(both) == ["readings", "histograms", "fixed_points"]
    assert [done for done, _ in told] == [1, 2]
    for seed, flow in enumerate(flows):
        alone = reading.read(flow, NETWORKS, levels)
        for name, table in zip(("readings", "histograms"), alone, strict=True):
            mine = both[name][both[name].seed == seed].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine[list(table)], table)
            assert (mine[list(ENTRY.columns)] == list(ENTRY.columns.values())).all(axis=None)
        point = fixed_points.fixed_point(energy(flow.spin.values), flow.start.values, flow.step.values, L)
        row = both["fixed_points"].iloc[seed].to_dict()
        np.testing.assert_equal(row, ENTRY.columns | {"seed": seed} | point | fixed_points.rivals(L, ENERGIES[seed]))
        assert told[seed][1] == f"T = {point['T']:.4f}({point['T_error']:.4f})"


def test_tables_of_seeds_are_joined_in_their_order():
    of_seeds = [{"a": pd.DataFrame({"x": [1, 2]}), "b": pd.DataFrame({"y": [k]})} for k in range(2)]
    joined = seeds.joined(of_seeds, {"machine": "m"})
    assert joined["a"].to_dict("list") == {"x": [1, 2, 1, 2], "machine": ["m"] * 4, "seed": [0, 0, 1, 1]}
    assert joined["b"].to_dict("list") == {"y": [0, 1], "machine": ["m"] * 2, "seed": [0, 1]}


def test_the_flow_of_one_start_has_no_fixed_point(flows, levels):
    with pytest.raises(ValueError, match=r"starts = .*: must be at least 2"):
        reading.read_all([flows[0].isel(start=[0])], [-1.2], NETWORKS, levels, ENTRY)


def test_snapshots_of_a_flow_keep_their_steps(flows):
    assert snapshots.at_length(flows[0], 30).shape == (2, N, L, L)
