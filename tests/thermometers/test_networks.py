"""The network thermometer: its forward pass, its seeds, and no thermometer better than Bayes.

Seeds are fixed; the excess of a cross-entropy over that of Bayes is a score of |z| < 4, false alarm 6e-5.
"""

import numpy as np
import pytest
import xarray as xr
from thermometer_data import TEMPERATURES, L, excess_score

from rbmrg import sampling
from rbmrg.lattice import energy
from rbmrg.thermometers import posteriors


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
    with pytest.raises(ValueError, match=r"temperatures = \[1.0, 2.0\]: must be at least 3"):
        posteriors.train_network(np.ones((2, 10, 4, 4), np.int8), [1.0, 2.0], 5, 1, 1)


def test_the_network_is_not_better_than_bayes(network, held_out):
    spins, label = held_out
    E = energy(spins).ravel()
    posterior = posteriors.network_posterior(network, spins.reshape(-1, L, L))
    assert excess_score(posterior, label, E) > -4
    chance = np.log(6)
    reached = posteriors.cross_entropy(posterior, label)[0]
    bayes = posteriors.cross_entropy(posteriors.bayes_posterior(E, L, TEMPERATURES), label)[0]
    assert reached - bayes < 0.3 * (chance - bayes)  # it did learn


def test_the_magnetisation_is_worse_than_bayes(levels, held_out):
    """It is not sufficient: more than 10 σ worse, yet far better than chance."""
    spins, label = held_out
    E = energy(spins).ravel()
    posterior = posteriors.magnetisation_posterior(levels, spins.reshape(-1, L, L))
    assert excess_score(posterior, label, E) > 10
    assert posteriors.cross_entropy(posterior, label)[0] < 0.8 * np.log(6)


def test_a_thermometer_that_knows_the_answer_is_noticed(held_out):
    """Negative control: one per cent of the posterior moved to the true class violates the bound."""
    spins, label = held_out
    E = energy(spins).ravel()
    leaky = 0.99 * posteriors.bayes_posterior(E, L, TEMPERATURES) + 0.01 * np.eye(6)[label]
    assert excess_score(leaky, label, E) < -20


def test_networks_and_levels_are_plain_datasets(network, levels, tmp_path):
    for dataset in (network, levels):
        dataset.to_netcdf(tmp_path / "file.nc")
        with xr.open_dataset(tmp_path / "file.nc") as loaded:
            assert loaded.equals(dataset)
