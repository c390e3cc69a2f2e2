"""Temperatures of layers: the gauge of hidden units, the table of a stack, and how far thermometers disagree."""

import numpy as np
import pandas as pd
import pytest

from rbmrg import sampling
from rbmrg.lattice import magnetisation
from rbmrg.layers import thermometry
from rbmrg.thermometers import curves, curves_calibration

L = 4
TEMPERATURES = [1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 6.0]
nan = np.nan
inf = np.inf


@pytest.fixture(scope="module")
def calibration():
    return curves_calibration.calibrate(L, TEMPERATURES, n=400, hidden=10, epochs=2, rng=1)


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


def test_a_stack_has_a_row_for_each_layer_and_thermometer(calibration):
    layers = [sampling.sample(L, T, 200, rng=6) for T in (1.8, 2.6)]
    table = thermometry.follow(layers, {L: calibration})
    assert list(table.columns) == ["layer", "L", "thermometer", "temperature", "error"]
    assert table.layer.tolist() == [0, 0, 0, 1, 1, 1]
    assert table.thermometer.tolist() == ["energy", "magnetisation", "network"] * 2
    for layer, rows in table.groupby("layer"):
        expected = curves.read(layers[layer], calibration)
        assert {row.thermometer: (row.temperature, row.error) for row in rows.itertuples()} == expected
    with pytest.raises(ValueError, match="no calibration for L = 2, 8"):
        thermometry.follow([layers[0], np.ones((3, 8, 8)), np.ones((3, 2, 2))], {L: calibration})


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([(2.0, 0.03), (2.4, 0.04), (2.1, 9.0)], (0.4, 0.05)),  # the one in between says nothing
        ([(2.4, 0.03), (2.4, 0.04), (2.4, 0.0)], (0.0, None)),
        ([(2.0, 0.03), (nan, nan), (2.1, 0.04)], (0.1, 0.05)),
        ([(2.0, 0.03), (inf, nan), (2.1, 0.04)], (inf, nan)),
        ([(2.0, 0.03), (0.0, nan), (2.1, 0.04)], (2.1, nan)),
        ([(inf, nan), (inf, nan), (inf, nan)], (nan, nan)),
        ([(2.0, 0.03), (nan, nan), (nan, nan)], (nan, nan)),
    ],
)
def test_the_disagreement_is_that_of_the_extremes(readings, expected):
    names = ["energy", "magnetisation", "network"]
    row = {"kind": "rule", "source": "average", "seed": 0, "T": 2.0, "layer": 1, "L": 16}
    rows = [row | {"thermometer": k, "temperature": t, "error": e} for k, (t, e) in zip(names, readings, strict=True)]
    [found] = thermometry.disagreement(pd.DataFrame(rows)).to_dict("records")
    assert {key: found[key] for key in thermometry.KEYS} == {key: row[key] for key in thermometry.KEYS}
    assert found["disagreement"] == pytest.approx(expected[0], nan_ok=True)
    if expected[1] is not None:
        assert found["error"] == pytest.approx(expected[1], nan_ok=True)


def test_the_disagreements_of_layers_are_their_own():
    one = {"kind": "rule", "source": "majority", "seed": 0, "T": 2.0, "L": 16, "error": 0.01}
    rows = [
        one | {"layer": layer, "T": T, "thermometer": name, "temperature": 2 + k * layer + T}
        for layer in (0, 1)
        for T in (2.0, 2.6)
        for k, name in enumerate(["energy", "magnetisation"])
    ]
    table = thermometry.disagreement(pd.DataFrame(rows))
    assert list(table.columns) == [*thermometry.KEYS, "disagreement", "error"]
    assert table.disagreement.tolist() == pytest.approx([0, 0, 1, 1])
