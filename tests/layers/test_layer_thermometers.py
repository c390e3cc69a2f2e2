"""Layer temperatures on Monte Carlo data: equilibrium between the nodes, pulls and coverage, RG rules at Tc.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z, if not stated otherwise.
"""

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import rg, sampling
from rbmrg.lattice import TC
from rbmrg.layers import thermometry
from rbmrg.thermometers import curves, curves_calibration

NAMES = ("magnetisation", "overlap", "energy")
AROUND = [1.6, 1.9, 2.1, 2.25, 2.4, 2.6, 2.9, 3.3]


@pytest.fixture(scope="module")
def calibration():
    """Of L = 8, with so many configurations that errors of the curves are small beside those of 1000 configurations."""
    return curves_calibration.calibrate(8, AROUND, n=10_000, rng=1)


def all_read(spins, calibration):
    """{thermometer: (temperature, error)}."""
    found = curves.read(spins, calibration) | {"energy": curves.read_energy(spins)}
    return {name: reading[:2] for name, reading in found.items()}


@pytest.mark.parametrize(("scale", "right"), [(1.0, True), (1.02, False)])
def test_equilibrium_between_the_nodes_is_read_right(calibration, scale, right):
    """18 z: false alarm 1e-3.  Negative control: all 18 are wrong by more than 4 σ at temperatures 2 % higher, or those
    of the last temperature, where errors are largest, by more than 2.
    """
    for k, T in enumerate([1.75, 2.0, 2.175, TC, 2.5, 2.75]):
        found = all_read(sampling.sample(8, scale * T, 20_000, rng=20 + k), calibration)
        for name, (temperature, error) in found.items():
            z = (temperature - T) / error
            assert (abs(z) < 4) if right else (z > (4 if T < 2.7 else 2)), (name, T, z)


def pulls(L, nodes, n_curve, n, temperatures, replicas, copies=1):
    """(reading − T)/error [replicas, thermometer, T], each replica with curves and configurations of its own.

    Negative control: each of n/`copies` configurations is there `copies` times, so that errors are too small.
    """
    rng = np.random.default_rng(L)
    found = []
    for _ in range(replicas):
        calibration = curves_calibration.calibrate(L, nodes, n_curve, rng)
        sets = [sampling.sample(L, T, n // copies, rng).repeat(copies, axis=0) for T in temperatures]
        read = [all_read(spins, calibration) for spins in sets]
        found.append([[one[name] for one in read] for name in NAMES])
    temperature, error = np.moveaxis(found, -1, 0)
    return (temperature - temperatures) / error


def well_covered(z):
    """Whether the pulls `z` [replicas, …] have mean 0, and |z| < 1 and < 1.96 as often as Gaussian ones.

    Three binomial bounds with a false-alarm rate of 2e-4 for each number behind the first axis.
    """
    n = len(z)
    inside = [_share(np.abs(z) < level, p) for level, p in ((1, 0.6827), (1.96, 0.95))]
    return bool(np.all(inside) and (np.abs(z.mean(axis=0)) < 3.7 / np.sqrt(n)).all())


def _share(hits, p):
    low, high = distributions.binom.ppf([1e-4, 1 - 1e-4], len(hits), p)
    return ((low <= hits.sum(axis=0)) & (hits.sum(axis=0) <= high)).all()


@pytest.mark.parametrize(("copies", "covered"), [(1, True), (3, False)])
def test_intervals_hold_the_truth_as_often_as_they_say(copies, covered, monkeypatch):
    """200 replicas, three thermometers at three temperatures: false alarm 5e-3."""
    monkeypatch.setattr(curves_calibration, "STEP", 0.01)
    z = pulls(8, [1.9, 2.15, 2.4, 2.8], 200, 600, (2.0, TC, 2.5), 200 if covered else 60, copies)
    assert well_covered(z) == covered


@pytest.mark.long
@pytest.mark.parametrize("L", [16, 32])
def test_intervals_hold_the_truth_on_the_lattices_of_a_study(L):
    """200 replicas, three thermometers at four temperatures: false alarm 7e-3."""
    nodes = [T for T in curves_calibration.NODES if 1.8 <= T <= 3.0]
    assert well_covered(pulls(L, nodes, 200, 600, (2.0, TC, 2.4, 2.6), 200))


def test_labels_of_sites_matter_to_the_energy_alone(calibration):
    """Sites permuted, all configurations alike: |m| and the overlap are those of the lattice, the energy is not."""
    rng = np.random.default_rng(4)
    spins = sampling.sample(8, 2.6, 5000, rng).reshape(5000, -1)
    found = all_read(spins[:, rng.permutation(64)].reshape(5000, 8, 8), calibration)
    for name in ("magnetisation", "overlap"):
        temperature, error = found[name]
        assert abs(temperature - 2.6) < 4 * error
    assert found["energy"][0] - 2.6 > 0.5


# --- RG rules ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def calibrations():
    return {
        32: curves_calibration.calibrate(32, [2.15, 2.25, 2.35, 2.45, 2.6], n=2000, rng=5),
        16: curves_calibration.calibrate(16, [2.0, 2.15, 2.3, 2.45, 2.65, 3.0], n=3000, rng=6),
    }


@pytest.fixture(scope="module")
def critical():
    return sampling.sample(32, TC, 3000, rng=7)


def test_thermometers_agree_for_the_majority_rule_at_tc(calibrations, critical):
    """Within 0.03 of Tc, three errors and more, and so do those of the bottom; the average's do not (negative control):
    its energy is that of 2.42.
    """
    for rule, apart in (("majority", (0, 0.03)), ("average", (0.1, 0.2))):
        along = thermometry.follow([critical, rg.coarse_grain(critical, rule, 8)], calibrations)
        above = along[along.layer == 1].temperature
        assert (along.error < 0.01).all()
        assert np.abs(along.temperature[along.layer == 0] - TC).max() < 0.03
        assert apart[0] < np.abs(above - TC).max() < apart[1]
        assert apart[0] / 2 < above.max() - above.min() < apart[1]


def test_a_wrong_gauge_is_no_magnetisation_and_the_gauge_mends_it(calibrations, critical):
    """Half of the block spins with their signs changed: |m| sees no order (negative control), the overlap reads what it
    reads without, and `gauge` brings the signs back.
    """
    blocks = rg.coarse_grain(critical, "majority", 8)
    flips = np.random.default_rng(9).choice(np.array([-1, 1], np.int8), (16, 16))
    right, wrong = (curves.read(sign * blocks, calibrations[16]) for sign in (1, flips))
    assert wrong["magnetisation"][0] > 3
    assert wrong["overlap"][:2] == pytest.approx(right["overlap"][:2], rel=1e-5)
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
        size: curves_calibration.calibrate(size, curves_calibration.NODES, 3000, rng=size) for size in (32, 16, 8)
    }
    for (rule, T), expected in PROTOTYPE.items():
        layers = [sampling.sample(32, T, 4000, rng=10)]
        for _ in expected:
            layers.append(rg.coarse_grain(layers[-1], rule, 11))
        along = thermometry.follow(layers, calibrations).set_index(["layer", "thermometer"])
        for layer, pair in enumerate(expected, start=1):
            for name, prototype in zip(("energy", "magnetisation"), pair, strict=True):
                temperature, error = along.loc[layer, name][["temperature", "error"]]
                assert abs(temperature - prototype) < 4 * np.sqrt(2) * error, (rule, T, layer, name)
