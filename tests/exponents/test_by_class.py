"""Groups by a network's class: with networks whose choice is known, and what a choice does to Monte Carlo data."""

import numpy as np
import pytest
import xarray as xr
from known_networks import TEMPERATURES, always, by_sign

from rbmrg import correlators, sampling
from rbmrg.exponents import by_class
from rbmrg.exponents.magnetisation import central
from rbmrg.lattice import magnetisation


def test_one_class_holds_all(mixture):
    groups, scan, correlator = by_class.group(mixture, always(3))
    m = np.abs(magnetisation(mixture))
    assert groups["T"].tolist() == [2.2]
    assert groups["count"].tolist() == [5 * 2000]
    assert groups.abs_magnetisation.item() == pytest.approx(m.mean())
    assert scan.empty
    expected = correlators.measure(mixture.reshape(-1, 6, 6), by_class.BLOCKS)
    xr.testing.assert_identical(correlator, expected)


def test_the_class_nearest_tc_is_measured_and_no_other(mixture):
    _, _, elsewhere = by_class.group(mixture, always(1))
    assert elsewhere.spin_spin.isnull().all()
    _, _, positive = by_class.group(mixture, by_sign())
    flat = mixture.reshape(-1, 6, 6)
    xr.testing.assert_identical(positive, by_class.critical(flat[magnetisation(flat) > -0.5 / 36]))


def test_a_class_of_few_configurations_has_no_correlators():
    spins = sampling.sample(6, 2.2, 4 * by_class.BLOCKS, rng=1)
    assert by_class.critical(spins).spin_spin.notnull().all()
    few = by_class.critical(spins[1:])
    assert few.spin_spin.isnull().all()
    assert few.sizes == by_class.critical(spins).sizes


def test_a_temperature_is_not_a_class(mixture):
    """What is grouped by true temperatures has a Δm; the same configurations in one class have none."""
    true = np.broadcast_to(TEMPERATURES[:, None], (5, 2000))
    _, scan = by_class.by_temperature(mixture, true, TEMPERATURES)
    assert np.isfinite(central(scan)[0])
    assert np.isnan(central(by_class.group(mixture, always(3)).scans)[0])


def test_sources_are_joined_in_their_order(mixture):
    one = by_class.group(mixture, by_sign())
    other = by_class.group(mixture[:, :1000], by_sign())
    both = by_class.joined([({"machine": "a", "seed": 0}, one), ({"machine": "b", "seed": 7}, other)], "seed")
    for name in ("groups", "scans"):
        expected = [getattr(one, name).assign(machine="a", seed=0), getattr(other, name).assign(machine="b", seed=7)]
        assert getattr(both, name).to_dict("records") == [row for part in expected for row in part.to_dict("records")]
    assert both.groups.machine.tolist() == ["a", "a", "b", "b"]
    for index, of in enumerate((one, other)):
        xr.testing.assert_identical(both.correlators.isel(seed=index), of.correlators)
