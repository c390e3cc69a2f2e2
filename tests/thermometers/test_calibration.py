"""The calibration of thermometers of single configurations, its summary and its figure.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from thermometer_data import HELD_OUT, TEMPERATURES, L

from rbmrg.figures import thermometers as figure
from rbmrg.lattice import energy
from rbmrg.thermometers import calibration, posteriors


@pytest.fixture(scope="module")
def calibrated(network, held_out, levels):
    return calibration.calibrate(held_out[0], [network, network], levels)


def test_calibration_holds_every_thermometer_against_every_temperature(calibrated, network, held_out, levels):
    assert calibrated.thermometer.values.tolist() == ["network 0", "network 1", "bayes", "magnetisation"]
    assert calibrated.posterior.dims == ("thermometer", "T", "class")
    np.testing.assert_allclose(calibrated.posterior.sum("class"), 1)
    for k, T in enumerate(TEMPERATURES):
        spins = held_out[0][k]
        expected = {
            "network 1": posteriors.network_posterior(network, spins),
            "bayes": posteriors.bayes_posterior(energy(spins), L, TEMPERATURES),
            "magnetisation": posteriors.magnetisation_posterior(levels, spins),
        }
        by_energy = posteriors.energy_temperature(energy(spins), L)
        cell = calibrated.sel(T=T)
        assert (cell.energy_reading.item(), cell.energy_reading_error.item()) == by_energy
        for name, posterior in expected.items():
            cell = calibrated.sel(thermometer=name, T=T)
            np.testing.assert_allclose(cell.posterior, posterior.mean(axis=0))
            loss = posteriors.cross_entropy(posterior, np.full(HELD_OUT, k))
            assert (cell.cross_entropy.item(), cell.cross_entropy_error.item()) == pytest.approx(loss)
            reading = np.asarray(TEMPERATURES)[posterior.argmax(axis=1)]
            assert cell.reading.item() == pytest.approx(reading.mean())
            assert cell.reading_error.item() == pytest.approx(reading.std(ddof=1) / np.sqrt(HELD_OUT))


def test_the_summary_is_the_cross_entropy_over_all_temperatures(calibrated, network, held_out):
    spins, label = held_out
    table = calibration.summary(calibrated).set_index("thermometer")
    posterior = posteriors.network_posterior(network, spins.reshape(-1, L, L))
    mean, error = posteriors.cross_entropy(posterior, label)
    assert table.cross_entropy["network 0"] == pytest.approx(mean)
    assert 0.5 * error < table.error["network 0"] <= error  # the scatter between temperatures is not an error
    assert table.excess["bayes"] == 0
    assert table.excess["network 0"] == pytest.approx(table.cross_entropy["network 0"] - table.cross_entropy["bayes"])
    assert np.isnan(table.loc["energy", ["cross_entropy", "error", "excess"]]).all()
    leaky = calibrated.assign(cross_entropy=calibrated.cross_entropy - [[1.0], [0.0], [0.0], [0.0]])
    leaking = calibration.summary(leaky).set_index("thermometer").excess
    assert leaking["network 0"] == pytest.approx(table.excess["network 0"] - 1)


def test_the_summary_knows_who_is_biased(calibrated):
    """T_E is not: below 4 of its errors (false alarm < 1e-4); others are, far above theirs (negative control)."""
    table = calibration.summary(calibrated).set_index("thermometer")
    assert table.index.tolist() == [*calibrated.thermometer.values, "energy"]
    assert table.bias["energy"] < 4 * np.sqrt((calibrated.energy_reading_error.values**2).mean())
    for name in calibrated.thermometer.values:
        deviation = (calibrated.reading - calibrated["T"]).sel(thermometer=name)
        assert table.bias[name] == pytest.approx(np.sqrt((deviation.values**2).mean()), rel=1e-3)
        assert table.bias[name] > 10 * table.bias_error[name] > 0


def test_temperatures_of_ground_states_alone_have_no_part_in_the_bias(calibrated):
    shifted = calibrated.assign(energy_reading=calibrated.energy_reading * [0.0, 1, 1, 1, 1, 1])
    for table, T in ((calibrated, TEMPERATURES), (shifted, TEMPERATURES[1:])):
        here = table.sel(thermometer="bayes", T=T)
        expected = calibration.root_mean_square((here.reading - here["T"]).values, here.reading_error.values)
        found = calibration.summary(table).set_index("thermometer").loc["bayes", ["bias", "bias_error"]]
        assert tuple(found) == pytest.approx(expected)


@pytest.mark.parametrize("size", [0.0, 0.5, 1.0, 5.0])
def test_a_root_mean_square_is_not_that_of_its_noise(size):
    """60 deviations of ± size σ, 2000 times: b² is unbiased where not cut, b + its error is an upper bound of 84 %
    (4 σ: false alarm 1e-4 each).  Negative control: the plain mean square is not the true one.
    """
    rng = np.random.default_rng(3)
    truth = size * np.tile([1.0, -1.0], 30)
    d = truth + rng.normal(size=(2000, 60))
    b, error = np.array([calibration.root_mean_square(x, np.ones(60)) for x in d]).T
    assert np.mean(size <= b + error) > 0.84 - 4 * np.sqrt(0.84 * 0.16 / 2000)
    plain = (d**2).mean(axis=1)
    assert plain.mean() - size**2 > 10 * plain.std() / np.sqrt(2000)
    if size >= 1:
        assert abs((b**2).mean() - size**2) < 4 * (b**2).std() / np.sqrt(2000)
        assert 1 < error.mean() / b.std() < 1.2


def test_thermometers_of_other_classes_are_refused(network, held_out, levels):
    other = levels.assign_coords({"class": levels["class"] + 0.1})
    with pytest.raises(ValueError, match="classes of the networks: must be the temperatures of the table"):
        posteriors.read(held_out[0][0], [network], other)
    with pytest.raises(ValueError, match="spins of 5 temperatures: must be of 6, one for each class"):
        calibration.calibrate(held_out[0][:5], [network], levels)


def test_frozen_and_hot_configurations_are_read_without_a_warning(network, levels):
    frozen = np.ones((5, L, L), np.int8)
    antiferromagnetic = np.indices((L, L)).sum(axis=0) % 2 * 2 - 1
    for spins, T in ((frozen, 0.0), (np.stack([antiferromagnetic] * 5).astype(np.int8), np.inf)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            readings, counts = posteriors.read(spins, [network], levels)
        assert readings["energy"][0] == T
        assert counts["bayes"].tolist() == [5 if k == (0 if T == 0 else 5) else 0 for k in range(6)]


def test_the_figure_plots_every_reading(calibrated):
    drawn, numbers = figure.draw(calibrated)
    plt.close(drawn)
    assert numbers.groupby("thermometer", sort=False).size().to_dict() == dict.fromkeys(
        [*calibrated.thermometer.values, "energy"], len(TEMPERATURES)
    )
