"""Thermometers: Bayes and |m| by enumeration and calibrated, T_E unbiased with true errors, none better than Bayes.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scores import excess_probability

from rbmrg import exact, sampling
from rbmrg.figures import thermometers as figure
from rbmrg.flows import gibbs, reading
from rbmrg.lattice import energy
from rbmrg.thermometers import calibration, posteriors

TEMPERATURES = [1.0, 1.8, 2.2, 2.6, 3.4, 5.0]
L, TRAINED, HELD_OUT = 6, 4000, 4000


# --- Bayes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperatures", [[1.0, 2.3, 4.0], [0.0, 2.0, np.inf], [2.0]])
def test_the_posterior_by_enumeration(temperatures):
    states = exact.enumerate_states(4)
    E = energy(states)
    likelihood = np.array([np.exp(-(E + 32) / T) if T > 0 else (E == -32) * 1.0 for T in temperatures])
    likelihood /= likelihood.sum(axis=1, keepdims=True)  # over all states, at each T
    found = posteriors.bayes_posterior(E[::7], 4, temperatures)
    np.testing.assert_allclose(found, (likelihood / likelihood.sum(axis=0)).T[::7], rtol=1e-11, atol=1e-300)


def test_a_posterior_of_energies_far_from_all_temperatures_is_still_normalised():
    posterior = posteriors.bayes_posterior(np.array([200, -200]), 10, [0.01, 0.02, 0.05])
    np.testing.assert_allclose(posterior, [[0, 0, 1], np.full(3, 1 / 3)], atol=1e-15)


def test_a_configuration_that_no_temperature_allows_is_refused():
    with pytest.raises(ValueError, match="impossible at every temperature"):
        posteriors.bayes_posterior(np.array([-192]), 10, [0.0])


@pytest.fixture(scope="module")
def held_out():
    """[temperature, n, L, L], and the class of each of them one after the other."""
    spins = np.stack([sampling.sample(L, T, HELD_OUT, rng=k) for k, T in enumerate(TEMPERATURES)])
    return spins, np.repeat(np.arange(len(TEMPERATURES)), HELD_OUT)


def calibration_scores(posterior, label, E):
    """z of the number in class k against Σ p(k), over all, the lower and the upper half of the energies (or of |m|).

    Classes that expect fewer than 10 are left out.  All classes are equally large, so z over all is a little too small.
    """
    right = label[:, None] == np.arange(posterior.shape[1])
    z = []
    for chosen in (E == E, np.median(E) > E, np.median(E) <= E):
        p = posterior[chosen]
        common = p.sum(axis=0) >= 10
        z.extend(((right[chosen] - p).sum(axis=0) / np.sqrt((p * (1 - p)).sum(axis=0)))[common])
    return np.array(z)


@pytest.mark.parametrize(("scale", "calibrated"), [(1.0, True), (1.03, False)])
def test_the_posterior_is_calibrated(held_out, scale, calibrated):
    """18 z: false alarm 1e-4.  Negative control: temperatures taken for 3 % higher."""
    spins, label = held_out
    E = energy(spins).ravel()
    posterior = posteriors.bayes_posterior(E, L, scale * np.array(TEMPERATURES))
    assert (np.abs(calibration_scores(posterior, label, E)).max() < 4.5) == calibrated


# --- |m| --------------------------------------------------------------------------------------------------------------

COUNTED = 200_000  # so many that errors of the table do not matter beside those of the held-out configurations


@pytest.fixture(scope="module")
def levels():
    return table_of(TEMPERATURES)


def table_of(temperatures, n=COUNTED, labels=None):
    """The table of `n` configurations at each of `temperatures`, as the one of `labels`."""
    spins = np.stack([sampling.sample(L, T, n, rng=200 + k) for k, T in enumerate(temperatures)])
    return posteriors.magnetisation_table(spins, labels or temperatures)


THREE, N4 = [1.5, 2.3, 4.0], 100_000


@pytest.fixture(scope="module")
def exact_levels():
    """p(|M| | T) at L = 4, [class, level], by enumeration."""
    states = exact.enumerate_states(4)
    E, M = energy(states), np.abs(states.sum(axis=(1, 2)))
    p = np.array([np.bincount(M, np.exp(-(E + 32) / T))[::2] for T in THREE])
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("scale", "agrees"), [(1.0, True), (1.02, False)])
def test_the_levels_by_enumeration(exact_levels, scale, agrees):
    """χ² of the counts, 3 P > 1e-4: false alarm 3e-4.  Negative control: temperatures 2 % higher."""
    spins = np.stack([sampling.sample(4, scale * T, N4, rng=7 + k) for k, T in enumerate(THREE)])
    table = posteriors.magnetisation_table(spins, THREE)
    np.testing.assert_allclose(table.p.sum("level"), 1)
    assert (
        min(excess_probability(N4 * p, q) for p, q in zip(table.p.values, exact_levels, strict=True)) > 1e-4
    ) == agrees


@pytest.mark.parametrize(("scale", "agrees"), [(1.0, True), (1.02, False)])
def test_the_magnetisation_posterior_by_enumeration(exact_levels, scale, agrees):
    """27 z of the posterior of each level: false alarm 2e-3.  Errors are those of counts, by the derivative of Bayes'
    rule; the pseudo-count is not in them.
    """
    spins = np.stack([sampling.sample(4, scale * T, N4, rng=17 + k) for k, T in enumerate(THREE)])
    one_of_each = np.where(np.arange(16) < np.arange(8, 17)[:, None], 1, -1).reshape(-1, 4, 4).astype(np.int8)
    found = posteriors.magnetisation_posterior(posteriors.magnetisation_table(spins, THREE), one_of_each).T
    expected = exact_levels / exact_levels.sum(axis=0)
    relative = (1 - exact_levels) / (N4 * exact_levels)  # variance of ln p
    variance = [((np.eye(3)[k][:, None] - expected) ** 2 * relative).sum(axis=0) for k in range(3)]
    z = (found / expected - 1) / np.sqrt(variance)
    assert (np.abs(z).max() < 4) == agrees


@pytest.mark.parametrize(("scale", "calibrated"), [(1.0, True), (1.05, False)])
def test_the_magnetisation_posterior_is_calibrated(held_out, scale, calibrated):
    """18 z: false alarm 1e-4.  Negative control: temperatures taken for 5 % higher than they are."""
    table = table_of([T / scale for T in TEMPERATURES], labels=TEMPERATURES)
    spins, label = held_out[0].reshape(-1, L, L), held_out[1]
    m = np.abs(spins.sum(axis=(1, 2)))
    posterior = posteriors.magnetisation_posterior(table, spins)
    assert (np.abs(calibration_scores(posterior, label, m)).max() < 4.5) == calibrated


def test_every_level_is_possible_and_both_signs_are_read_alike():
    frozen = np.ones((2, 50, 3, 3), np.int8)
    table = posteriors.magnetisation_table(frozen, [0.0, 0.1])
    assert table.level.values.tolist() == [1, 3, 5, 7, 9]
    assert (table.p > 0).all()
    np.testing.assert_allclose(table.p[:, :4], posteriors.PSEUDO_COUNT / 5 / (50 + posteriors.PSEUDO_COUNT))
    never_seen = np.ones((1, 3, 3), np.int8)
    never_seen[0, 0, 0] = -1
    np.testing.assert_allclose(posteriors.magnetisation_posterior(table, never_seen), 0.5)
    np.testing.assert_array_equal(*(posteriors.magnetisation_posterior(table, s * frozen[0]) for s in (1, -1)))


def test_the_table_of_another_lattice_is_refused(levels):
    with pytest.raises(ValueError, match="36 spins cannot read lattices of 4 × 4"):
        posteriors.magnetisation_posterior(levels, np.ones((2, 4, 4), np.int8))


def test_the_pseudo_count_costs_nothing(held_out, levels, monkeypatch):
    """Held-out cross-entropy of a table of 4000 changes by less than its error from a tenth to five pseudo-counts, and
    by more if they are as many as the configurations (negative control).
    """
    spins, label = held_out[0].reshape(-1, L, L), held_out[1]
    loss = {}
    for count in (0.1, posteriors.PSEUDO_COUNT, 5.0, 4000.0):
        monkeypatch.setattr(posteriors, "PSEUDO_COUNT", count)
        posterior = posteriors.magnetisation_posterior(table_of(TEMPERATURES, n=4000), spins)
        loss[count], error = posteriors.cross_entropy(posterior, label)
    chosen = loss[1.0]
    assert abs(loss[0.1] - chosen) < error
    assert abs(loss[5.0] - chosen) < error
    assert loss[4000.0] - chosen > 4 * error


# --- T_E --------------------------------------------------------------------------------------------------------------

FIVE = [1.5, 2.0, exact.TC, 3.0, 5.0]


@pytest.mark.parametrize("T", FIVE)
def test_energy_temperature_is_unbiased(T):
    E = energy(sampling.sample(10, T, 100_000, rng=4))
    reading, error = posteriors.energy_temperature(E, 10)
    assert abs(reading - T) < 4 * error
    assert error == pytest.approx(T / np.sqrt(exact.specific_heat(10, T) * 100 * len(E)), rel=0.02)
    assert abs(1.03 * T - reading) > 10 * error  # negative control


def test_errors_of_the_energy_temperature_cover_the_truth():
    """z of 5 × 100 sets of 1000 configurations: ⟨z⟩ = 0 and ⟨z²⟩ = 1, and the errors are not halved or doubled."""
    z = []
    for T in FIVE:
        sets = energy(sampling.sample(10, T, 100_000, rng=5)).reshape(100, 1000)
        readings, errors = np.array([posteriors.energy_temperature(E, 10) for E in sets]).T
        z.extend((readings - T) / errors)
    assert abs(np.mean(z)) < 4 / np.sqrt(len(z))
    assert abs(np.mean(np.square(z)) - 1) < 4 * np.sqrt(2 / len(z))


@pytest.mark.parametrize(("E", "T"), [([-200] * 5, 0.0), ([0] * 5, np.inf), ([8, 12, -4], np.inf)])
def test_energies_at_and_beyond_the_ends_have_no_error(E, T):
    reading, error = posteriors.energy_temperature(E, 10)
    assert reading == T
    assert np.isnan(error)


def test_energy_temperature_at_zero_temperature_samples():
    assert posteriors.energy_temperature(energy(sampling.sample(10, 0.0, 50, rng=1)), 10)[0] == 0.0


# --- readings ---------------------------------------------------------------------------------------------------------


def test_cross_entropy_is_the_mean_of_minus_the_logarithm():
    posterior = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]])
    mean, error = posteriors.cross_entropy(posterior, [0, 1, 1])
    terms = -np.log([0.5, 0.8, 0.3])
    assert (mean, error) == pytest.approx((terms.mean(), terms.std(ddof=1) / np.sqrt(3)))


def test_a_certain_error_is_large_but_finite():
    mean, _ = posteriors.cross_entropy(np.array([[1.0, 0.0], [1.0, 0.0]]), [1, 1])
    assert 700 < mean < 800


def test_the_most_probable_temperature():
    posterior = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    assert posteriors.most_probable(posterior, [1.0, 2.0, 4.0]).tolist() == [1.0, 4.0]


# --- the network ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def network():
    spins = np.stack([sampling.sample(L, T, TRAINED, rng=100 + k) for k, T in enumerate(TEMPERATURES)])
    losses = []
    trained = posteriors.train_network(spins, TEMPERATURES, 20, 12, 1, progress=lambda *loss: losses.append(loss))
    assert [epoch for epoch, _ in losses] == list(range(1, 13))
    assert losses[-1][1] < losses[0][1]
    return trained


def test_the_forward_pass_is_that_of_scikit_learn(network, held_out):
    from sklearn.neural_network import MLPClassifier

    spins = held_out[0][:, :50].reshape(-1, L, L)
    visible = spins.reshape(len(spins), -1).astype(float)
    reference = MLPClassifier((20,), activation="tanh", random_state=0)
    reference.partial_fit(visible, np.arange(len(visible)) % 6, classes=np.arange(6))
    reference.coefs_ = [network.W1.values.astype(float), network.W2.values.astype(float)]
    reference.intercepts_ = [network.b1.values.astype(float), network.b2.values.astype(float)]
    found = posteriors.network_posterior(network, spins)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, reference.predict_proba(visible), rtol=0, atol=1e-5)  # layers are float32
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-14)


def test_improbable_classes_keep_their_logarithm(network):
    """Softmax in double precision: e^(−200) is not 0, as it would be in the precision of the layers."""
    steep = network.assign(W2=0 * network.W2, b2=("class", [0.0, -200, -200, -200, -200, -200]))
    posterior = posteriors.network_posterior(steep, np.ones((2, L, L), np.int8))
    assert posteriors.cross_entropy(posterior, [1, 2])[0] == pytest.approx(200)


def test_a_network_is_described_and_follows_from_its_seed():
    spins = np.stack([sampling.sample(4, T, 50, rng=1) for T in (1.0, 2.0, 3.0)])
    first, again, other = (posteriors.train_network(spins, [1.0, 2.0, 3.0], 5, 4, rng) for rng in (1, 1, 2))
    assert first.identical(again)
    assert not first.equals(other)
    assert first.sizes == {"visible": 16, "hidden": 5, "class": 3}
    assert first["class"].values.tolist() == [1.0, 2.0, 3.0]
    assert all({"long_name", "units"} <= set(first[name].attrs) for name in first.variables)


def test_two_temperatures_make_no_thermometer():
    with pytest.raises(ValueError, match="2 temperatures: at least 3"):
        posteriors.train_network(np.ones((2, 10, 4, 4), np.int8), [1.0, 2.0], 5, 1, 1)


def excess_score(posterior, label, E):
    """Cross-entropy less Bayes', in σ of the paired difference; not negative but for noise: energy is sufficient."""
    chosen = np.arange(len(label)), label
    excess = -np.log(posterior[chosen]) + np.log(posteriors.bayes_posterior(E, L, TEMPERATURES)[chosen])
    return excess.mean() / excess.std() * np.sqrt(len(excess))


def test_the_network_is_not_better_than_bayes(network, held_out):
    spins, label = held_out
    E, posterior = energy(spins).ravel(), posteriors.network_posterior(network, spins.reshape(-1, L, L))
    assert excess_score(posterior, label, E) > -4
    chance, reached = np.log(6), posteriors.cross_entropy(posterior, label)[0]
    bayes = posteriors.cross_entropy(posteriors.bayes_posterior(E, L, TEMPERATURES), label)[0]
    assert reached - bayes < 0.3 * (chance - bayes)  # it did learn


def test_the_magnetisation_is_worse_than_bayes(levels, held_out):
    """It is not sufficient: more than 10 σ worse, yet far better than chance."""
    spins, label = held_out
    E, posterior = energy(spins).ravel(), posteriors.magnetisation_posterior(levels, spins.reshape(-1, L, L))
    assert excess_score(posterior, label, E) > 10
    assert posteriors.cross_entropy(posterior, label)[0] < 0.8 * np.log(6)


def test_a_thermometer_that_knows_the_answer_is_noticed(held_out):
    """Negative control: one per cent of the posterior moved to the true class violates the bound."""
    spins, label = held_out
    E = energy(spins).ravel()
    leaky = 0.99 * posteriors.bayes_posterior(E, L, TEMPERATURES) + 0.01 * np.eye(6)[label]
    assert excess_score(leaky, label, E) < -20


# --- calibration and reading of flows ---------------------------------------------------------------------------------


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


def test_a_flow_is_read_by_every_thermometer_at_every_step(network, held_out, levels):
    spins = {T: np.stack([held_out[0][k][:200], held_out[0][-1][:200]]) for k, T in enumerate(TEMPERATURES[:2])}
    readings, histograms = reading.read_flow(gibbs.dataset(spins, [0, 1]), [network, network], levels)
    assert list(readings) == ["start", "step", "thermometer", "temperature", "error"]
    assert list(histograms) == ["start", "step", "thermometer", "class", "count"]
    names = ["network 0", "network 1", "bayes", "magnetisation", "energy"]
    assert readings.thermometer.tolist() == 2 * 2 * names
    assert set(histograms.thermometer) == set(names[:-1])
    assert (histograms.groupby(["start", "step", "thermometer"])["count"].sum() == 200).all()
    mean = histograms.assign(T=histograms["class"] * histograms["count"]).groupby(["start", "step", "thermometer"])
    means = (mean["T"].sum() / 200).rename("mean").reset_index()
    merged = pd.merge(readings, means)
    assert len(merged) == 2 * 2 * 4
    np.testing.assert_allclose(merged.temperature, merged["mean"])
    by_energy = readings[(readings.thermometer == "energy") & (readings.step == 1)]
    expected = posteriors.energy_temperature(energy(held_out[0][-1][:200]), L)
    for row in by_energy.itertuples():
        assert (row.temperature, row.error) == pytest.approx(expected)


def test_thermometers_of_other_classes_are_refused(network, held_out, levels):
    other = levels.assign_coords({"class": levels["class"] + 0.1})
    with pytest.raises(ValueError, match="the same temperatures as classes"):
        posteriors.read(held_out[0][0], [network], other)
    with pytest.raises(ValueError, match="5 temperatures for thermometers of 6 classes"):
        calibration.calibrate(held_out[0][:5], [network], levels)


def test_frozen_and_hot_configurations_are_read_without_a_warning(network, levels):
    frozen, antiferromagnetic = np.ones((5, L, L), np.int8), np.indices((L, L)).sum(axis=0) % 2 * 2 - 1
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


def test_networks_and_levels_are_plain_datasets(network, levels, tmp_path):
    for dataset in (network, levels):
        dataset.to_netcdf(tmp_path / "file.nc")
        with xr.open_dataset(tmp_path / "file.nc") as loaded:
            assert loaded.equals(dataset)
