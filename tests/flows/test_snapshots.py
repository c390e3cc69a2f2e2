"""The record of a flow: spacing of the steps, layout of the Dataset, and which configurations are its end."""

import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.flows import gibbs, snapshots

MACHINE = rbm.exact_machine(4, 2.5)
START = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (10, 4, 4))


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
    assert snapshots.steps(length) == expected


def test_the_dataset_of_flows():
    flows = {T: gibbs.run(MACHINE, START, range(3), rng=int(10 * T)) for T in (2.5, 0.0)}
    dataset = snapshots.dataset(flows, range(3))
    assert dataset.spin.dims == ("start", "step", "sample", "y", "x")
    assert dataset.spin.dtype == np.int8
    assert dataset.start.values.tolist() == [2.5, 0.0]
    assert dataset.step.values.tolist() == [0, 1, 2]
    for T, steps in flows.items():
        np.testing.assert_array_equal(dataset.spin.sel(start=T), steps)
    assert all({"long_name", "units"} <= set(dataset[name].attrs) for name in dataset.variables)


def test_the_end_of_a_flow_is_of_all_starts_if_it_is_stationary():
    flows = {T: gibbs.run(MACHINE, START, range(3), rng=int(10 * T)) for T in (0.0, 2.3, 5.9)}
    dataset = snapshots.dataset(flows, range(3))
    pooled = np.concatenate([steps[-1] for steps in flows.values()])
    np.testing.assert_array_equal(snapshots.end(dataset, stationary=True), pooled)
    np.testing.assert_array_equal(snapshots.end(dataset, stationary=False), flows[2.3][-1])
    np.testing.assert_array_equal(snapshots.at_length(dataset, 1), np.stack([steps[1] for steps in flows.values()]))
    np.testing.assert_array_equal(snapshots.at_length(dataset, 30), np.stack([steps[-1] for steps in flows.values()]))


def test_the_second_half_of_a_stationary_flow_keeps_chains_together():
    flows = {T: gibbs.run(MACHINE, START, [0, 2, 4, 8], rng=int(T)) for T in (1.0, 5.0)}
    dataset = snapshots.dataset(flows, [0, 2, 4, 8])
    late = snapshots.late(dataset, stationary=True)
    assert late.shape == (40, 4, 4)
    np.testing.assert_array_equal(late[:4:2], flows[1.0][2, :2])  # step 4 of chains 0 and 1 from T = 1
    np.testing.assert_array_equal(late[1:4:2], flows[1.0][3, :2])  # and step 8
    np.testing.assert_array_equal(late[20], flows[5.0][2, 0])
    np.testing.assert_array_equal(snapshots.late(dataset, stationary=False), snapshots.end(dataset, stationary=False))
