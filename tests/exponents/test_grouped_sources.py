"""What is grouped by class: Monte Carlo data, data that are wrong on purpose, and flows of several seeds."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from known_networks import always, by_sign

from rbmrg import correlators, sampling
from rbmrg.exponents import by_class, flow_classes, monte_carlo
from rbmrg.flows import snapshots
from rbmrg.lattice import TC, magnetisation

SOURCES = ["Monte Carlo, true T", "Monte Carlo", "Monte Carlo at Tc", "shuffled", "independent"]


@pytest.fixture(scope="module")
def at_tc():
    return sampling.sample(6, TC, 2000, rng=9)


def test_monte_carlo_by_true_temperature_and_data_that_are_wrong_on_purpose(mixture, at_tc):
    found = monte_carlo.group_each(mixture, at_tc, by_sign(), np.random.default_rng(1))
    assert list(found) == ["Monte Carlo, true T", "Monte Carlo", "Monte Carlo at Tc", "shuffled", "independent"]
    groups, _, correlator = found["Monte Carlo, true T"]
    expected = [np.abs(magnetisation(spins)).mean() for spins in mixture]
    assert groups.abs_magnetisation.to_numpy() == pytest.approx(expected)
    xr.testing.assert_identical(correlator, correlators.measure(at_tc, by_class.BLOCKS))
    pd.testing.assert_frame_equal(found["shuffled"].groups, found["Monte Carlo"].groups)  # this network reads m alone
    near = {name: float(of.correlators.spin_spin.mean("block")[0, 1]) for name, of in found.items()}
    assert near["shuffled"] < near["Monte Carlo"] - 0.05  # neighbours are no longer alike
    assert near["independent"] < near["Monte Carlo"] - 0.05


def test_monte_carlo_data_say_what_they_are(mixture, at_tc):
    each = monte_carlo.group_each(mixture, at_tc, by_sign(), np.random.default_rng(1))
    found = monte_carlo.group_all(mixture, at_tc, by_sign(), np.random.default_rng(1))
    assert found.correlators.source.values.tolist() == SOURCES
    assert list(dict.fromkeys(found.groups.machine)) == SOURCES
    assert (found.groups[["recipe", "training", "seed", "kind"]] == ["", "", 0, "monte carlo"]).all(axis=None)
    wrong = found.groups.machine.isin(["shuffled", "independent"])
    assert (found.groups.control == found.groups.machine.where(wrong, "none")).all()
    for name, of in each.items():
        mine = found.groups[found.groups.machine == name].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine[list(of.groups)], of.groups)
        xr.testing.assert_identical(found.correlators.sel(source=name).drop_vars("source"), of.correlators)


COLUMNS = {"machine": "some", "recipe": "exact", "training": "2.3", "control": "none"}


@pytest.fixture(scope="module")
def flows(mixture):
    """Of two seeds, two starts and steps 0, 30 and 40; only the configurations matter."""
    seeds = mixture[:4, :1800].reshape(4, 3, 600, 6, 6)
    return [snapshots.dataset({0.0: seeds[k], 5.9: seeds[k + 1]}, [0, 30, 40]) for k in (0, 2)]


def test_flows_of_all_seeds_are_grouped_as_each_alone(flows):
    found = flow_classes.group_all(iter(flows), always(3), COLUMNS)
    assert (found.groups[list(COLUMNS)] == list(COLUMNS.values())).all(axis=None)
    assert (found.groups.kind == "machine").all()
    assert found.correlators.sizes["seed"] == 2
    for seed, flow in enumerate(flows):
        spins = flow.spin.sel(step=30).values  # the paper's length, not the last
        alone = by_class.group(spins, always(3))
        mine = found.groups[found.groups.seed == seed].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine[list(alone.groups)], alone.groups)
        xr.testing.assert_identical(found.correlators.isel(seed=seed), alone.correlators)
