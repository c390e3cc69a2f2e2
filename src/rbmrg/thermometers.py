"""Thermometers: what temperature is a configuration, or a set of them?

Energy is a sufficient statistic for the temperature of an Ising configuration, so the Bayes posterior p(T|E) is the
best any thermometer can do on equilibrium data: none has a lower cross-entropy.  The paper's thermometer is a network
with one hidden layer that classifies configurations by temperature; T_E = U⁻¹(⟨E⟩) reads the temperature of a whole
set.
"""

import numpy as np
import xarray as xr

from rbmrg import exact
from rbmrg.lattice import energy
from rbmrg.stats import mean_error


def bayes_posterior(E, L, temperatures):
    """p(T_k|E) under equal prior weights: energies `E` [n] → float64 [n, classes].  exp(−E/T)/Z(T), normalised over T.

    Raises ValueError if a configuration is impossible at every temperature.
    """
    log_likelihood = np.stack([exact.log_probability(E, L, T) for T in temperatures], axis=-1)
    highest = log_likelihood.max(axis=-1, keepdims=True)
    if not np.isfinite(highest).all():
        raise ValueError("a configuration is impossible at every temperature of the thermometer")
    posterior = np.exp(log_likelihood - highest)
    return posterior / posterior.sum(axis=-1, keepdims=True)


def energy_temperature(E, L):
    """(T_E, error): the temperature whose exact mean energy is that of the configurations with energies `E` [n].

    The error is that of ⟨E⟩ divided by dU/dT.  T_E is 0 at the ground state and ∞ for ⟨E⟩ ≥ 0, where no T ≥ 0 fits; at
    either end the error is not defined: NaN.
    """
    u, error = mean_error(np.asarray(E) / L**2)
    T = exact.temperature_of_energy(L, u)
    slope = exact.specific_heat(L, T) if 0 < T < np.inf else 0.0
    return float(T), float(error / slope) if slope > 0 else np.nan


def train_network(spins, temperatures, hidden, epochs, rng, progress=None):
    """Train the paper's classifier: `spins` [classes, n, L, L] at `temperatures` [classes] → Dataset of weights.

    One hidden layer of tanh units, softmax, cross-entropy, Adam; batches grow fourfold twice (after 1/2 and 3/4 of the
    epochs), which averages out the noise of the gradient as a falling learning rate would (Smith et al., 1711.00489).
    `progress(epoch, loss)` is called after each epoch.  Raises ValueError for fewer than three temperatures.
    """
    if len(temperatures) < 3:  # scikit-learn gives a classifier of two classes a single output
        raise ValueError(f"{len(temperatures)} temperatures: at least 3 are needed to train a thermometer")
    from sklearn.neural_network import MLPClassifier  # takes a second to import, and only training needs it

    rng = np.random.default_rng(rng)
    classes, n, L, _ = spins.shape
    visible = spins.reshape(classes * n, L * L).astype(np.float32)
    labels = np.repeat(np.arange(classes), n)
    network = MLPClassifier((hidden,), activation="tanh", alpha=0.0, random_state=int(rng.integers(2**31)))
    network.learning_rate_init = 2e-3
    for epoch in range(epochs):
        network.batch_size = 200 * (1 + 3 * (2 * epoch >= epochs)) * (1 + 3 * (4 * epoch >= 3 * epochs))
        network.batch_size = min(network.batch_size, len(labels))
        network.partial_fit(visible, labels, classes=np.arange(classes) if epoch == 0 else None)
        if progress:
            progress(epoch + 1, network.loss_)
    (W1, W2), (b1, b2) = network.coefs_, network.intercepts_
    weights = {
        "W1": (("visible", "hidden"), W1),
        "b1": (("hidden",), b1),
        "W2": (("hidden", "class"), W2),
        "b2": (("class",), b2),
    }
    names = {"W1": "weights to hidden units", "b1": "hidden biases", "W2": "weights to classes", "b2": "class biases"}
    variables = {k: (*v, {"long_name": names[k], "units": "1"}) for k, v in weights.items()}
    coordinate = ("class", np.asarray(temperatures, float), {"long_name": "temperature of the class", "units": "J/k_B"})
    return xr.Dataset(variables, coords={"class": coordinate})


def network_posterior(network, spins):
    """Softmax output of a trained network (Dataset of weights) for `spins` [n, L, L] → float64 [n, classes]."""
    hidden = np.tanh(spins.reshape(len(spins), -1).astype(np.float64) @ network.W1.values + network.b1.values)
    logits = hidden @ network.W2.values + network.b2.values
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def cross_entropy(posterior, label):
    """(mean, error) of −ln p(true class) in nats over `posterior` [n, classes] with true classes `label` [n]."""
    chosen = np.take_along_axis(posterior, np.asarray(label)[:, None], axis=-1)[:, 0]
    return mean_error(-np.log(np.maximum(chosen, np.finfo(float).tiny)))


def most_probable(posterior, temperatures):
    """The temperature of the most probable class of each configuration: [n, classes] → [n]."""
    return np.asarray(temperatures)[posterior.argmax(axis=-1)]


def read(spins, network):
    """Every thermometer on one set of configurations `spins` [n, L, L]: {name: (temperature, error)} and class counts.

    `network` and `bayes` are the mean of the most probable class with its standard error, `energy` is T_E.
    Returns (readings, {thermometer: counts [classes]}).
    """
    L, temperatures = spins.shape[-1], network["class"].values
    E = energy(spins)
    posteriors = {"network": network_posterior(network, spins), "bayes": bayes_posterior(E, L, temperatures)}
    chosen = {name: most_probable(posterior, temperatures) for name, posterior in posteriors.items()}
    readings = {name: tuple(map(float, mean_error(T))) for name, T in chosen.items()}
    readings["energy"] = energy_temperature(E, L)
    counts = {name: np.bincount(p.argmax(axis=-1), minlength=len(temperatures)) for name, p in posteriors.items()}
    return readings, counts
