"""Curves of ensemble thermometers by enumeration at L = 4, and what they read inside and beyond their range."""

from itertools import product

import numpy as np
import pytest
import xarray as xr

from rbmrg import exact, sampling
from rbmrg.lattice import energy, magnetisation
from rbmrg.stats import jackknife_error, mean_error
from rbmrg.thermometers import curves, curves_calibration, posteriors

L = 4
TEMPERATURES = [1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 6.0]
NAMES = ("magnetisation", "overlap")
nan = np.nan
inf = np.inf


@pytest.fixture(scope="module")
def calibration():
    return curves_calibration.calibrate(L, TEMPERATURES, n=4000, rng=1)


# --- the overlap ------------------------------------------------------------------------------------------------------

STATES = np.array([[1, 1], [1, -1], [-1, 0.5]])  # of two units, whose means are not 0
PROBABILITIES = np.array([0.5, 0.2, 0.3])


def naive(units):
    """What `overlap` would be if the square of a mean with noise were the square of the mean."""
    return np.sum(np.cov(units.T, bias=True) ** 2) / units.shape[1] ** 2


@pytest.mark.parametrize("n", [4, 5])
def test_the_overlap_is_unbiased(n):
    """Mean over all samples of n configurations, each with its probability.  Negative control: the squares of means."""
    centred = STATES - PROBABILITIES @ STATES
    true = np.sum((centred.T * PROBABILITIES @ centred) ** 2) / 4
    samples = [list(sample) for sample in product(range(3), repeat=n)]
    p = [PROBABILITIES[sample].prod() for sample in samples]
    assert np.dot(p, [curves.overlap(STATES[sample]).mean() for sample in samples]) == pytest.approx(true, rel=1e-6)
    assert abs(np.dot(p, [naive(STATES[sample]) for sample in samples]) - true) > 0.05 * true


def test_the_overlap_is_that_of_independent_configurations():
    """By q² of all pairs of two different configurations; `overlap` does not know that their mean is 0: 1/n."""
    spins = sampling.sample(L, 2.2, 500, rng=2).reshape(500, -1)
    both = np.concatenate([spins, -spins]).astype(float)
    q = both @ both.T / L**2
    expected = (np.sum(q**2) - 1000) / (1000 * 999)
    assert curves.overlap(both).mean() == pytest.approx(expected, rel=1e-2)


def test_an_overlap_of_three_configurations_is_refused():
    with pytest.raises(ValueError, match="3 configurations: must be at least 4"):
        curves.overlap(np.ones((3, 5)))


def test_labels_signs_and_biases_of_units_do_not_change_the_overlap():
    """And labels not |m|, to the rounding of float32 or float64.  Negative control: signs change |m|."""
    rng = np.random.default_rng(3)
    units = sampling.sample(8, 2.2, 1000, rng).reshape(1000, -1)
    signs = rng.choice(np.array([-1, 1], np.int8), 64)
    found = mean_error(curves.overlap(units))
    for other in (units[:, rng.permutation(64)], signs * units, units + rng.normal(size=64)):
        np.testing.assert_allclose(
            mean_error(curves.overlap(other)), found, rtol=1e-4 if other.dtype == float else 2e-6
        )
    calibration = curves_calibration.calibrate(8, [1.8, 2.1, 2.4, 2.8], n=200, rng=4)
    reading = curves.read(units, calibration)["magnetisation"]
    assert curves.read(units[:, rng.permutation(64)], calibration)["magnetisation"][:2] == reading[:2]
    assert abs(curves.read(signs * units, calibration)["magnetisation"][0] - reading[0]) > 0.1


# --- the curves -------------------------------------------------------------------------------------------------------


def exact_curves(T, L=L):
    """⟨|m|⟩ and Σ_ij ⟨s_i s_j⟩²/N² at each T over all states: [2, T]."""
    states = exact.enumerate_states(L)
    above_ground = energy(states) + 2 * L**2
    m = np.abs(magnetisation(states))
    flat = states.reshape(-1, L**2).astype(float)
    found = []
    for t in T:
        weights = np.exp(-above_ground / t)
        weights /= weights.sum()
        found.append((weights @ m, np.sum((flat.T * weights @ flat) ** 2) / L**4))
    return np.array(found).T


@pytest.mark.parametrize(("scale", "agrees"), [(1.0, True), (1.03, False)])
def test_the_curves_by_enumeration(calibration, scale, agrees):
    """34 z, t-distributed (19 degrees of freedom) and correlated along T: |z| < 5 has a false-alarm rate below 3e-3.
    Negative control: temperatures 3 % higher.
    """
    along = calibration.isel(T=slice(None, None, 20))
    expected = exact_curves(scale * along["T"].values)
    assert along.sizes["T"] == 17
    for name, curve in zip(NAMES, expected, strict=True):
        z = (along[name] - curve) / along[f"{name}_error"]
        assert (np.abs(z).max() < 5) == agrees, name


@pytest.mark.parametrize("size", [2, 3, 4])
def test_curves_of_all_states_are_exact(size, monkeypatch):
    """Each state once in each block is a sample of T = inf with nothing left to chance: all is right to rounding."""
    monkeypatch.setattr(curves_calibration, "BLOCKS", 2)
    states = np.tile(exact.enumerate_states(size), (2, 1, 1))
    T = np.array([1.0, 2.5, 8.0])
    found = curves_calibration._curves(curves_calibration._weighed(states, np.array([inf]), T))
    np.testing.assert_allclose(found, exact_curves(T, size), rtol=1e-9)


def test_the_squares_of_a_curve_are_unbiased(monkeypatch):
    """Mean over all pairs of blocks, each one state of L = 2 at T = inf, where ⟨q²⟩ = 1/N.  Control: squared means."""
    monkeypatch.setattr(curves_calibration, "BLOCKS", 16)
    infinite = np.array([inf])
    blocks = curves_calibration._weighed(exact.enumerate_states(2), infinite, infinite)
    pairs = [blocks[[a, b]] for a, b in product(range(16), repeat=2)]
    assert np.mean([curves_calibration._curves(pair)[1] for pair in pairs]) == pytest.approx(1 / 4, rel=1e-12)
    assert np.mean([np.sum(pair[:, :, 2:].mean(axis=0) ** 2) for pair in pairs]) > 0.3


def test_the_curves_are_monotone_from_the_first_to_the_last_temperature(calibration):
    T = calibration["T"].values
    assert (T[0], T[-1]) == pytest.approx((1.2, 6.0), rel=1e-12)
    assert (np.diff(T) > 0).all()
    for name in NAMES:
        assert (np.diff(calibration[name]) <= 0).all()
    assert calibration.attrs["L"] == L
    assert all({"units", "long_name"} <= set(v.attrs) for v in calibration.variables.values())


def test_each_temperature_is_told():
    told = []
    curves_calibration.calibrate(L, TEMPERATURES, 20, rng=1, progress=told.append)
    assert told == [1, 2, 3, 4, 5, 6, 7]


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
        other = curves_calibration.calibrate(L, TEMPERATURES, n=4000, rng=1)
        for name in NAMES:
            difference = abs(curves.read(spins, other)[name][0] - found[name][0])
            assert bounds[0] <= difference < bounds[1], (name, step)


@pytest.mark.parametrize("temperatures", [[0.0, 1.0, 2.0], [1.0, 3.0, 2.0], [1.0, 2.0, 2.0], [1.0, 2.0, inf]])
def test_temperatures_that_are_no_ascending_positive_numbers_are_refused(temperatures):
    with pytest.raises(ValueError, match="positive, finite and ascending"):
        curves_calibration.calibrate(L, temperatures, 10, rng=0)


def test_temperatures_without_overlap_are_refused():
    with pytest.raises(ValueError, match=r"T = 2 and 3, .* σ of the energy apart at L = 32"):
        curves_calibration.calibrate(32, [1.9, 2.0, 3.0], 10, rng=0)


@pytest.mark.parametrize("size", [4, 8, 16, 32])
def test_the_nodes_overlap(size):
    curves_calibration._check(size, np.array(curves_calibration.NODES))


# --- readings ---------------------------------------------------------------------------------------------------------


def all_read(spins, calibration):
    """{thermometer: (temperature, error)}."""
    found = curves.read(spins, calibration) | {"energy": curves.read_energy(spins)}
    return {name: reading[:2] for name, reading in found.items()}


def test_the_energy_is_read_exactly(calibration):
    """And that of blocks: ±1 as real numbers are read the same by all thermometers."""
    spins = sampling.sample(L, 2.2, 1000, rng=2)
    found = all_read(spins, calibration)
    assert found["energy"] == posteriors.energy_temperature(energy(spins), L)
    blocks = all_read(spins.astype(float), calibration)
    for name in ("energy", *NAMES):
        assert blocks[name] == pytest.approx(found[name], rel=1e-12)


def test_both_signs_are_read_the_same(calibration):
    spins = sampling.sample(L, 2.2, 1000, rng=2)
    up, down = (all_read(s * spins, calibration) for s in (1, -1))
    assert up == down


def test_beyond_the_range_a_reading_is_0_or_inf_without_an_error(calibration):
    ordered = np.ones((20, L, L), np.int8)
    ordered[::2] = -1
    for name in ("energy", "magnetisation", "overlap"):
        np.testing.assert_equal(all_read(ordered, calibration)[name], (0.0, nan))
    checkerboard = np.where(np.indices((L, L)).sum(axis=0) % 2, 1, -1).astype(np.int8)
    found = all_read(np.stack([checkerboard] * 20), calibration)
    for name in ("energy", "magnetisation", "overlap"):  # units that never change have no overlap
        np.testing.assert_equal(found[name], (inf, nan))


def line(slope):
    """A calibration whose curve of `overlap` falls from 0.9 at T = 1 with the `slope`."""
    T = np.linspace(1, 3, 21)
    curve = 0.9 - slope * (T - 1)
    return xr.Dataset({"overlap": ("T", curve), "overlap_error": ("T", np.full(21, 0.03)),
                       "overlap_without": (("block", "T"), np.tile(curve, (20, 1)))}, {"T": T})  # fmt: skip


def values(mean, error, n=400):
    """[n] numbers with this mean, and this error of it."""
    deviation = np.random.default_rng(5).normal(size=n)
    deviation -= deviation.mean()
    return mean + error * deviation / mean_error(deviation)[1]


def test_a_level_part_of_a_curve_has_no_error():
    temperature, error, without = curves._reading(np.full(40, 0.9), line(0), "overlap")
    assert 1.0 <= temperature <= 3.0
    assert np.isnan(error)
    assert np.isnan(without).all()


def test_the_error_is_that_of_the_mean_and_of_the_curve_over_the_slope():
    assert curves._reading(values(0.58, 0.04), line(0.25), "overlap")[:2] == pytest.approx((2.28, 0.2))


def test_without_a_part_the_mean_and_the_curve_are_others():
    """By reading what is left, with the curve that is left; the jackknife of both is the error."""
    calibration = line(0.25)
    shifts = np.random.default_rng(7).normal(0, 0.03 / 19**0.5, 20)
    calibration["overlap_without"] = calibration.overlap_without + xr.DataArray(shifts - shifts.mean(), dims="block")
    numbers = values(0.58, 0.01)
    found = curves._reading(numbers, calibration, "overlap")
    parts = np.split(numbers, 20)
    for k, temperature in enumerate(found.without):
        left = np.concatenate(parts[:k] + parts[k + 1 :]).mean()
        curve = 0.9 + shifts[k] - shifts.mean()  # at T = 1
        assert temperature == pytest.approx(1 + (curve - left) / 0.25, abs=1e-9)
    assert jackknife_error(found.without) == pytest.approx(found.error, rel=0.5)  # 19 degrees of freedom: 3 σ


def test_units_of_another_number_are_refused(calibration):
    with pytest.raises(ValueError, match="36 units: must fit the calibration, which is for L = 4"):
        curves.read(np.ones((5, 6, 6), np.int8), calibration)
