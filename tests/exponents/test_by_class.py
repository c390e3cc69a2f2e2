"""Groups by a network's class: with networks whose choice is known, and what a choice does to Monte Carlo data."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import correlators, sampling
from rbmrg.exponents import by_class
from rbmrg.exponents import magnetisation as scaling
from rbmrg.lattice import TC, magnetisation

TEMPERATURES = np.array([1.6, 1.8, 2.0, 2.2, 3.0])
N = 2000


@pytest.fixture(scope="module")
def mixture():
    return np.stack([sampling.sample(6, T, N, rng=k) for k, T in enumerate(TEMPERATURES)])


def network_of(W1, b1, W2, b2):
    """A network of 6 × 6 sites with given weights."""
    shapes = {"W1": ("visible", "hidden"), "b1": ("hidden",), "W2": ("hidden", "class"), "b2": ("class",)}
    weights = dict(zip(shapes, (W1, b1, W2, b2), strict=True))
    return xr.Dataset({k: (shapes[k], np.asarray(v, float)) for k, v in weights.items()}, {"class": TEMPERATURES})


def always(label):
    """A network that sees nothing and says the same class of all."""
    return network_of(np.zeros((36, 1)), [0], np.zeros((1, 5)), np.arange(5) == label)


def by_sign():
    """A network that says 2.2 of a positive magnetisation, and 1.6 of others."""
    return network_of(np.ones((36, 1)), [0.5], [[-1, 0, 0, 1, 0]], np.zeros(5) - [0, 9, 9, 0, 9])


def test_one_class_holds_all(mixture):
    groups, scan, correlator = by_class.by_class(mixture, always(3))
    m = np.abs(magnetisation(mixture))
    assert groups["T"].tolist() == [2.2]
    assert groups["count"].tolist() == [5 * N]
    assert groups.abs_magnetisation.item() == pytest.approx(m.mean())
    assert scan.empty
    expected = correlators.measure(mixture.reshape(-1, 6, 6), by_class.BLOCKS)
    xr.testing.assert_identical(correlator, expected)


def test_the_class_nearest_tc_is_measured_and_no_other(mixture):
    _, _, elsewhere = by_class.by_class(mixture, always(1))
    assert elsewhere.spin_spin.isnull().all()
    _, _, positive = by_class.by_class(mixture, by_sign())
    flat = mixture.reshape(-1, 6, 6)
    xr.testing.assert_identical(positive, by_class.critical(flat[magnetisation(flat) > -0.5 / 36]))


def test_a_class_of_few_configurations_has_no_correlators():
    spins = sampling.sample(6, 2.2, 4 * by_class.BLOCKS, rng=1)
    assert by_class.critical(spins).spin_spin.notnull().all()
    few = by_class.critical(spins[1:])
    assert few.spin_spin.isnull().all()
    assert few.sizes == by_class.critical(spins).sizes


def test_monte_carlo_by_true_temperature_and_data_that_are_wrong_on_purpose(mixture):
    at_tc = sampling.sample(6, TC, N, rng=9)
    found = by_class.monte_carlo(mixture, at_tc, by_sign(), np.random.default_rng(1))
    assert list(found) == ["Monte Carlo, true T", "Monte Carlo", "Monte Carlo at Tc", "shuffled", "independent"]
    groups, _, correlator = found["Monte Carlo, true T"]
    expected = [np.abs(magnetisation(spins)).mean() for spins in mixture]
    assert groups.abs_magnetisation.to_numpy() == pytest.approx(expected)
    xr.testing.assert_identical(correlator, correlators.measure(at_tc, by_class.BLOCKS))
    pd.testing.assert_frame_equal(found["shuffled"][0], found["Monte Carlo"][0])  # this network reads m alone
    near = {name: float(of[2].spin_spin.mean("block")[0, 1]) for name, of in found.items()}
    assert near["shuffled"] < near["Monte Carlo"] - 0.05  # neighbours are no longer alike
    assert near["independent"] < near["Monte Carlo"] - 0.05


def test_a_temperature_is_not_a_class(mixture):
    """What is grouped by true temperatures has a Δm; the same configurations in one class have none."""
    true = np.broadcast_to(TEMPERATURES[:, None], (5, N))
    _, scan = by_class.by_temperature(mixture, true, TEMPERATURES)
    assert np.isfinite(scaling.central(scan)[0])
    assert np.isnan(scaling.central(by_class.by_class(mixture, always(3))[1])[0])
