"""Temperatures of layers: the gauge of hidden units, and the table of a stack with and without places."""

import numpy as np
import pytest

from rbmrg import sampling
from rbmrg.lattice import magnetisation
from rbmrg.layers import thermometry
from rbmrg.thermometers import curves, curves_calibration

L = 4
TEMPERATURES = [1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 6.0]


@pytest.fixture(scope="module")
def calibration():
    return curves_calibration.calibrate(L, TEMPERATURES, n=400, rng=1)


# --- gauge ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(9,), (3, 3)])
def test_a_gauge_undoes_flips(shape):
    rng = np.random.default_rng(4)
    spins = sampling.sample(6, 2.2, 500, rng)
    hidden = spins[:, ::2, ::2].reshape(500, *shape)
    flips = rng.choice(np.array([-1, 1], np.int8), shape)
    found = thermometry.gauge(flips * hidden, spins)
    assert found.dtype == np.int8
    np.testing.assert_array_equal(found, flips)
    np.testing.assert_array_equal(thermometry.gauge(found * flips * hidden, spins), 1)


def test_units_that_follow_nothing_keep_their_sign():
    spins = sampling.sample(4, 2.2, 101, rng=5)
    hidden = np.ones((101, 2), np.int8)
    hidden[:, 1] = -1
    np.testing.assert_array_equal(thermometry.gauge(hidden, spins), [1, 1])


def test_a_gauge_does_not_depend_on_the_mean_of_a_unit():
    """A unit that is mostly −1, but less so where m > 0, has the right sign already, also if ⟨m⟩ is not 0."""
    spins = np.stack([np.full((2, 2), s, np.int8) for s in (1, 1, 1, -1)])
    hidden = np.array([[1], [-1], [-1], [-1]], np.int8)
    assert (hidden[:, 0] * magnetisation(spins)).mean() <= 0
    assert thermometry.gauge(hidden, spins)[0] == 1
    assert thermometry.gauge(-hidden, spins)[0] == -1


def test_a_gauge_of_other_samples_is_refused():
    with pytest.raises(ValueError, match="3 hidden samples of 4 configurations"):
        thermometry.gauge(np.ones((3, 2)), np.ones((4, 2, 2)))


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [True, False])
def test_a_stack_has_a_row_for_each_layer_and_thermometer(calibration, places):
    """Units without places are read as the lattice that has as many, and their energy is not."""
    layers = [sampling.sample(L, T, 200, rng=6) for T in (1.8, 2.6)]
    if not places:
        layers[1] = layers[1].reshape(200, L**2)
    table = thermometry.follow(layers, {L: calibration}, places)
    names = ["magnetisation", "overlap", "energy"][: 2 + places]
    assert list(table.columns) == thermometry.COLUMNS
    assert table.layer.tolist() == [0] * len(names) + [1] * len(names)
    assert table.thermometer.tolist() == names * 2
    assert set(table.L) == {L}
    for layer, rows in table.groupby("layer"):
        expected = curves.read(layers[layer], calibration)
        if places:
            expected["energy"] = curves.read_energy(layers[layer])
        for name, reading in expected.items():
            row = rows[rows.thermometer == name].iloc[0]
            assert (row.temperature, row.error) == reading[:2]
            assert row[thermometry.WITHOUT].tolist() == reading.without.tolist()


def test_a_stack_of_other_sizes_is_refused(calibration):
    layers = [np.ones((4, side, side), np.int8) for side in (4, 8, 2)]
    with pytest.raises(ValueError, match="no calibration for L = 2, 8"):
        thermometry.follow(layers, {L: calibration})
