"""Curves of ensemble thermometers by enumeration at L = 4, and what they read inside and beyond their range."""

import numpy as np
import pandas as pd
import pytest

from rbmrg import exact, sampling
from rbmrg.lattice import energy, magnetisation
from rbmrg.thermometers import curves, curves_calibration, posteriors

L = 4
TEMPERATURES = [1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 6.0]
nan = np.nan
inf = np.inf


@pytest.fixture(scope="module")
def calibration():
    return curves_calibration.calibrate(L, TEMPERATURES, n=4000, hidden=10, epochs=2, rng=1)


# --- the curves -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exact_curves(calibration):
    """(T, scale) → ⟨|m|⟩ and the network's mean reading at scale·T, over all 65 536 states: [T, 2]."""
    states = exact.enumerate_states(L)
    E = energy(states)
    posterior = posteriors.network_posterior(calibration, states)
    observables = np.column_stack([np.abs(magnetisation(states)), posterior @ TEMPERATURES])

    def at(T, scale=1.0):
        weights = np.exp(-(E + 2 * L**2) / (scale * np.asarray(T)[:, None]))
        return weights @ observables / weights.sum(axis=1, keepdims=True)

    return at


@pytest.mark.parametrize(("scale", "agrees"), [(1.0, True), (1.03, False)])
def test_the_curves_by_enumeration(calibration, exact_curves, scale, agrees):
    """34 z, t-distributed (19 degrees of freedom) and correlated along T: |z| < 5 has a false-alarm rate below 3e-3.
    Negative control: temperatures 3 % higher.
    """
    along = calibration.isel(T=slice(None, None, 20))
    expected = exact_curves(along["T"].values, scale)
    found = np.column_stack([along.magnetisation, along.reading])
    error = np.column_stack([along.magnetisation_error, along.reading_error])
    assert along.sizes["T"] == 17
    assert (np.abs((found - expected) / error).max() < 5) == agrees


def test_a_curve_of_all_states_is_exact():
    """Each state once is a sample of T = inf, with nothing left to chance: all means are reweighted to rounding."""
    states = exact.enumerate_states(3)
    E = energy(states)
    m = np.abs(magnetisation(states))
    T = np.array([1.0, 2.5, 8.0])
    means, _ = curves_calibration._curves(E[None], m[None, :, None], 3, np.array([inf]), T)
    weights = np.exp(-(E + 18) / T[:, None])
    np.testing.assert_allclose(means[:, 0], weights @ m / weights.sum(axis=1), rtol=1e-12)


def test_the_curves_are_monotone_from_the_first_to_the_last_temperature(calibration):
    T = calibration["T"].values
    assert (T[0], T[-1]) == pytest.approx((1.2, 6.0), rel=1e-12)
    assert (np.diff(T) > 0).all()
    assert (np.diff(calibration.magnetisation) <= 0).all()
    assert (np.diff(calibration.reading) >= 0).all()
    assert calibration["class"].values.tolist() == TEMPERATURES
    assert all({"units", "long_name"} <= set(v.attrs) for v in calibration.variables.values())


@pytest.mark.parametrize("size", [2, 8, 32, 64, 128])
def test_temperatures_of_larger_lattices_are_closer(size):
    found = curves_calibration.nodes(size)
    assert set(curves_calibration.NODES) <= set(found.tolist())
    assert curves_calibration.separations(size, found).max() <= 3
    assert (len(found) > len(curves_calibration.NODES)) == (size > 32)
    curves_calibration._check(size, found)


def test_between_the_steps_of_a_curve_nothing_is_lost(calibration, monkeypatch):
    """The same configurations in steps five times as short are read the same to 1e-4; in steps of 0.1 to no 1e-3."""
    spins = sampling.sample(L, 2.23, 500, rng=3)
    found = curves.read(spins, calibration)
    for step, bounds in ((curves_calibration.STEP / 5, (0, 1e-4)), (0.1, (1e-3, 1))):
        monkeypatch.setattr(curves_calibration, "STEP", step)
        other = curves_calibration.calibrate(L, TEMPERATURES, n=4000, hidden=10, epochs=2, rng=1)
        for name in ("magnetisation", "network"):
            difference = abs(curves.read(spins, other)[name][0] - found[name][0])
            assert bounds[0] <= difference < bounds[1], (name, step)


@pytest.mark.parametrize("temperatures", [[0.0, 1.0, 2.0], [1.0, 3.0, 2.0], [1.0, 2.0, 2.0], [1.0, 2.0, inf]])
def test_temperatures_that_are_no_ascending_positive_numbers_are_refused(temperatures):
    with pytest.raises(ValueError, match="positive, finite and ascending"):
        curves_calibration.calibrate(L, temperatures, 10, 2, 1, rng=0)


def test_temperatures_without_overlap_are_refused():
    with pytest.raises(ValueError, match=r"T = 2 and 3, .* σ of the energy apart at L = 32"):
        curves_calibration.calibrate(32, [1.9, 2.0, 3.0], 10, 2, 1, rng=0)


@pytest.mark.parametrize("size", [4, 8, 16, 32])
def test_the_nodes_overlap(size):
    curves_calibration._check(size, np.array(curves_calibration.NODES))


# --- readings ---------------------------------------------------------------------------------------------------------


def test_the_energy_is_read_exactly(calibration):
    """And that of blocks: ±1 as real numbers are read the same by all thermometers."""
    spins = sampling.sample(L, 2.2, 1000, rng=2)
    found = curves.read(spins, calibration)
    assert found["energy"] == posteriors.energy_temperature(energy(spins), L)
    blocks = curves.read(spins.astype(float), calibration)
    for name in ("energy", "magnetisation", "network"):
        assert blocks[name] == pytest.approx(found[name], rel=1e-12)


def test_both_signs_have_the_same_magnetisation_and_energy(calibration):
    spins = sampling.sample(L, 2.2, 1000, rng=2)
    up, down = (curves.read(s * spins, calibration) for s in (1, -1))
    assert up["energy"] == down["energy"]
    assert up["magnetisation"] == down["magnetisation"]


def test_beyond_the_range_a_reading_is_0_or_inf_without_an_error(calibration):
    ordered = np.ones((5, L, L), np.int8)
    for name in ("energy", "magnetisation"):
        np.testing.assert_equal(curves.read(ordered, calibration)[name], (0.0, nan))
    checkerboard = np.where(np.indices((L, L)).sum(axis=0) % 2, 1, -1).astype(np.int8)
    found = curves.read(np.stack([checkerboard] * 5), calibration)
    for name in ("energy", "magnetisation"):
        np.testing.assert_equal(found[name], (inf, nan))
    curve = calibration.reading.values
    for reading, temperature in ((curve[0] - 0.01, 0.0), (curve[-1] + 0.01, inf)):
        np.testing.assert_equal(curves._temperature(reading, 0.1, calibration, "reading"), (temperature, nan))


def test_a_level_part_of_a_curve_has_no_error(calibration):
    level = calibration.assign(reading=calibration.reading * 0 + 3.0)
    temperature, error = curves._temperature(3.0, 0.1, level, "reading")
    assert 1.2 <= temperature <= 6.0
    assert np.isnan(error)


def test_the_error_is_that_of_the_mean_and_of_the_curve_over_the_slope():
    T = np.linspace(1, 3, 21)
    line = {"T": ("T", T), "reading": ("T", 0.5 * T), "reading_error": ("T", np.full(21, 0.03))}
    calibration = pd.DataFrame({name: v for name, (_, v) in line.items()})
    found = curves._temperature(1.13, 0.04, calibration, "reading")
    assert found == pytest.approx((2.26, 0.1))


def test_lattices_of_another_size_are_refused(calibration):
    with pytest.raises(ValueError, match="L = 6: must fit the calibration, which is for lattices of 16 spins"):
        curves.read(np.ones((5, 6, 6), np.int8), calibration)
