"""Layer temperatures on Monte Carlo data: equilibrium between the nodes, the scatter of errors, RG rules at Tc.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z, if not stated otherwise.
"""

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import rg, sampling
from rbmrg.lattice import TC
from rbmrg.layers import thermometry
from rbmrg.thermometers import curves, curves_calibration

NAMES = ("energy", "magnetisation", "network")
AROUND = [1.6, 1.9, 2.1, 2.25, 2.4, 2.6, 2.9, 3.3]


@pytest.fixture(scope="module")
def calibration():
    """Of L = 8, with so many configurations that errors of the curves are small beside those of 1000 configurations."""
    return curves_calibration.calibrate(8, AROUND, n=10_000, hidden=30, epochs=2, rng=1)


def read(T, n, calibration, rng):
    return curves.read(sampling.sample(8, T, n, rng), calibration)


@pytest.mark.parametrize(("scale", "right"), [(1.0, True), (1.02, False)])
def test_equilibrium_between_the_nodes_is_read_right(calibration, scale, right):
    """18 z: false alarm 1e-3.  Negative control: all 18 are wrong by more than 4 σ at temperatures 2 % higher, or those
    of the last temperature, where errors are largest, by more than 2.
    """
    for k, T in enumerate([1.75, 2.0, 2.175, TC, 2.5, 2.75]):
        for name, (temperature, error) in read(scale * T, 20_000, calibration, rng=20 + k).items():
            z = (temperature - T) / error
            assert (abs(z) < 4) if right else (z > (4 if T < 2.7 else 2)), (name, T, z)


@pytest.mark.parametrize(("copies", "true"), [(1, True), (3, False)])
def test_errors_are_the_scatter_of_independent_sets(calibration, copies, true):
    """40 sets of 600: their variance over the mean square of the errors (less the part of the curve, which all share)
    is χ²/39; false alarm 2e-3 each.  Negative control: each configuration three times.
    """
    spins = sampling.sample(8, 2.3, 40 * 600 // copies, rng=3).repeat(copies, axis=0)
    certain = calibration.assign({f"{name}_error": 0 * calibration["T"] for name in ("magnetisation", "reading")})
    sets = [curves.read(part, certain) for part in spins.reshape(40, 600, 8, 8)]
    low, high = distributions.chi2.ppf([1e-3, 1 - 1e-3], 39) / 39
    for name in NAMES:
        temperature, error = np.array([one[name] for one in sets]).T
        assert (low < temperature.var(ddof=1) / np.mean(error**2) < high) == true, name


def test_errors_of_the_curves_are_the_scatter_of_independent_curves():
    """24 curves of ⟨|m|⟩ from 300 configurations of each class, at three temperatures: variance over mean square of the
    jackknife errors is χ²/23; 3e-3 false alarms, and 20 blocks add to the noise of each error, not to that of the mean.
    """
    T = np.array([1.9, 2.3, 2.7])
    spins = np.stack([sampling.sample(8, t, 24 * 300, rng=40 + k) for k, t in enumerate(AROUND)])
    E = curves.energies(spins.reshape(-1, 8, 8))
    m = np.abs(spins.mean(axis=(-2, -1)))
    E = E.reshape(m.shape)
    found = [
        curves_calibration._curves(E[:, part], m[:, part, None], 8, np.array(AROUND), T)
        for part in np.split(np.arange(24 * 300), 24)
    ]
    means, errors = np.array(found)[..., 0].transpose(1, 0, 2)
    low, high = distributions.chi2.ppf([5e-4, 1 - 5e-4], 23) / 23
    ratio = means.var(axis=0, ddof=1) / np.mean(errors**2, axis=0)
    assert ((low < ratio) & (ratio < high)).all()


def test_without_geometry_only_the_magnetisation_is_right(calibration):
    """Negative control: sites of each configuration shuffled.  The energy, then −2⟨m²⟩, is off by more than 0.5; where
    the lattice is ordered, by less: 0.15 at T = 2.2.
    """
    spins = sampling.sample(8, 2.6, 5000, rng=4)
    shuffled = np.random.default_rng(4).permuted(spins.reshape(5000, -1), axis=1).reshape(spins.shape)
    found = curves.read(shuffled, calibration)
    temperature, error = found["magnetisation"]
    assert abs(temperature - 2.6) < 4 * error
    assert found["energy"][0] - 2.6 > 0.5


# --- RG rules ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def calibrations():
    return {
        32: curves_calibration.calibrate(32, [2.15, 2.25, 2.35, 2.45, 2.6], n=2000, hidden=30, epochs=3, rng=5),
        16: curves_calibration.calibrate(16, [2.0, 2.15, 2.3, 2.45, 2.65, 3.0], n=3000, hidden=30, epochs=3, rng=6),
    }


@pytest.fixture(scope="module")
def critical():
    return sampling.sample(32, TC, 3000, rng=7)


def table(layers, calibrations):
    """(all temperatures, disagreement of each layer)."""
    along = thermometry.follow(layers, calibrations).assign(kind="rule", source="", seed=0, T=TC)
    return along.temperature.to_numpy(), thermometry.disagreement(along)


def test_thermometers_agree_for_the_majority_rule_at_tc(calibrations, critical):
    """Within 0.03, three errors and more, and so does the bottom; the average's do not by 0.1 (negative control)."""
    temperatures, differences = table([critical, rg.coarse_grain(critical, "majority", 8)], calibrations)
    assert (differences.disagreement < 0.03).all()
    assert (differences.error < 0.01).all()
    assert np.abs(temperatures - TC).max() < 0.03
    _, differences = table([critical, rg.coarse_grain(critical, "average", 8)], calibrations)
    assert differences.disagreement[1] > 0.1


def test_a_wrong_gauge_is_no_temperature_and_the_gauge_mends_it(calibrations, critical):
    """Half of the block spins with their signs changed: no order is left (negative control); `gauge` brings it back."""
    blocks = rg.coarse_grain(critical, "majority", 8)
    flips = np.random.default_rng(9).choice(np.array([-1, 1], np.int8), (16, 16))
    wrong = curves.read(flips * blocks, calibrations[16])
    assert wrong["energy"][0] > 10
    assert wrong["magnetisation"][0] > 3
    np.testing.assert_array_equal(thermometry.gauge(flips * blocks, critical), flips)


PROTOTYPE = {  # (T_energy, T_|m|) at L = 16 and 8: measured before, by other programs, with 4000 configurations
    ("majority", TC): [(2.287, 2.276), (2.296, 2.277)],
    ("majority", 2.0): [(1.816, 1.807), (1.520, 1.541)],
    ("majority", 2.4): [(2.573, 2.547), (2.903, 2.865)],
    ("average", TC): [(2.426, 2.310), (2.667, 2.440)],
}


@pytest.mark.long
def test_flows_of_temperature():
    """16 z of differences to the prototype, whose errors are as large as these: false alarm 1e-3."""
    calibrations = {
        size: curves_calibration.calibrate(size, curves_calibration.NODES, 3000, 50, 4, rng=size)
        for size in (32, 16, 8)
    }
    for (rule, T), expected in PROTOTYPE.items():
        layers = [sampling.sample(32, T, 4000, rng=10)]
        for _ in expected:
            layers.append(rg.coarse_grain(layers[-1], rule, 11))
        along = thermometry.follow(layers, calibrations).set_index(["layer", "thermometer"])
        for layer, pair in enumerate(expected, start=1):
            for name, prototype in zip(NAMES, pair, strict=False):
                temperature, error = along.loc[layer, name][["temperature", "error"]]
                assert abs(temperature - prototype) < 4 * np.sqrt(2) * error, (rule, T, layer, name)
