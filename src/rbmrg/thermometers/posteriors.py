"""The probability of each temperature given a single configuration: exact by its energy, from |m|, by a network.

Energy is a sufficient statistic for the temperature of an Ising configuration, so the Bayes posterior p(T|E) is the
best any thermometer can do on equilibrium data: none has a lower cross-entropy.  The paper's thermometer is a network
with one hidden layer that classifies configurations by temperature; p(T | |m|) is the best one can do knowing only the
magnetisation; T_E = U⁻¹(⟨E⟩) reads the temperature of a whole set.
"""

import numpy as np
import xarray as xr

from rbmrg import arguments, exact
from rbmrg.lattice import energy
from rbmrg.stats import mean_error

# Number of configurations added to the n counted ones of a class, so that no probability of a level is 0.  One in all
# biases a probability by 1/n at most, where its error is √(p/n).  Measured at L = 10, 60 classes, n = 16 000: anything
# from 0.01 to 25 gives the same held-out cross-entropy to 0.0005 nat, 200 adds 0.005; at n = 1000 the best, 5, gains
# 0.0015.
PSEUDO_COUNT = 1.0


def bayes_posterior(E, L, temperatures):
    """p(T_k|E) under equal prior weights: energies `E` [n] → float64 [n, classes].  exp(−E/T)/Z(T), normalised over T.

    Raises ValueError if a configuration is impossible at every temperature, or at this L.
    """
    temperatures = arguments.mixture(temperatures)
    levels, place = np.unique(E, return_inverse=True)  # there are few: each is computed once
    log_likelihood = np.stack([exact.log_probability(levels, L, T) for T in temperatures], axis=-1)
    highest = log_likelihood.max(axis=-1, keepdims=True)
    if not np.isfinite(highest).all():
        raise ValueError("a configuration is impossible at every temperature of the thermometer")
    posterior = np.exp(log_likelihood - highest)
    return (posterior / posterior.sum(axis=-1, keepdims=True))[place]


def magnetisation_table(spins, temperatures):
    """Count |M| = |Σ s| at each temperature: `spins` [classes, n, L, L] at `temperatures` [classes] → Dataset.

    It holds `p(class, level)`, float64; `level` is |M| = N mod 2 … N in steps of 2.  PSEUDO_COUNT configurations,
    spread evenly over the levels, are added to the n counted ones of a class.  Raises ValueError for spins that are not
    ±1, or not those of so many temperatures.
    """
    spins, temperatures = _labelled(spins, temperatures)
    n, L = spins.shape[1:3]
    levels = np.arange(L**2 % 2, L**2 + 1, 2)
    counts = np.array([np.bincount(_level(s), minlength=len(levels)) for s in spins])
    p = (counts + PSEUDO_COUNT / len(levels)) / (n + PSEUDO_COUNT)
    level = ("level", levels, {"long_name": "absolute magnetisation of the whole lattice", "units": "1"})
    variable = (("class", "level"), p, {"long_name": "probability of the level", "units": "1"})
    return xr.Dataset({"p": variable}, coords={"class": _classes(temperatures), "level": level})


def _labelled(spins, temperatures):
    """`spins` and `temperatures` as arrays, [classes, n, L, L] and [classes]."""
    spins = arguments.spins(spins, "[..., L, L]")
    temperatures = arguments.mixture(temperatures)
    if spins.ndim != 4 or len(spins) != len(temperatures):
        raise ValueError(
            f"spins of shape {spins.shape} at {len(temperatures)} temperatures: must be [temperatures, n, L, L]"
        )
    return spins, temperatures


def magnetisation_posterior(table, spins):
    """p(T_k | |M|) under equal prior weights, from a `magnetisation_table`: `spins` [n, L, L] → float64 [n, classes].

    Raises ValueError if the table is that of another lattice size, and for spins that are not ±1.
    """
    spins = arguments.spins(spins)
    L = spins.shape[-1]
    N = int(table.level.max())
    if L**2 != N:
        raise ValueError(f"L = {L}: must fit the table of |m|, which is for lattices of {N} spins")
    p = table.p.transpose("level", "class").values
    return (p / p.sum(axis=1, keepdims=True))[_level(spins)]


def _level(spins):
    """The place of |Σ s| among its levels, int64 [n]."""
    return np.abs(spins.sum(axis=(-2, -1), dtype=np.int64)) // 2


def energy_temperature(E, L):
    """(T_E, error): the temperature whose exact mean energy is that of configurations with energies `E` [n].

    The error is that of ⟨E⟩ divided by dU/dT.  T_E is 0 at the ground state and ∞ for ⟨E⟩ ≥ 0, where no T ≥ 0 fits; at
    both ends the error is undefined: NaN.
    """
    E = arguments.finite(E, None, "E")
    if E.ndim != 1:
        raise ValueError(f"E of shape {E.shape}: must be [n]")
    u, error = mean_error(E / arguments.integer("L", L, 2) ** 2)
    T = exact.temperature_of_energy(L, u)
    slope = exact.specific_heat(L, T) if 0 < T < np.inf else 0.0
    return float(T), float(error / slope) if slope > 0 else np.nan


def train_network(spins, temperatures, hidden, epochs, rng, progress=None):
    """Train the paper's classifier: `spins` [classes, n, L, L] at `temperatures` [classes] → Dataset of weights.

    One hidden layer of tanh units, softmax, cross-entropy, Adam; batches grow fourfold twice (after 1/2 and 3/4 of the
    epochs), which averages out the noise of the gradient like a falling learning rate (Smith et al., 1711.00489).
    `progress(epoch, loss)` is called after each epoch.  Raises ValueError for fewer than three temperatures, for spins
    that are not ±1, or not those of so many temperatures.
    """
    spins, temperatures = _labelled(spins, temperatures)
    hidden = arguments.integer("hidden", hidden)
    epochs = arguments.integer("epochs", epochs)
    if len(temperatures) < 3:  # scikit-learn gives a classifier of two classes a single output
        raise ValueError(f"temperatures = {temperatures.tolist()}: must be at least 3 to train a thermometer")
    from sklearn.neural_network import MLPClassifier  # takes a second to import, and only training needs it

    rng = arguments.generator(rng)
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
    W1, W2 = network.coefs_
    b1, b2 = network.intercepts_
    variables = {
        "W1": (("visible", "hidden"), W1, {"long_name": "weights to hidden units", "units": "1"}),
        "b1": (("hidden",), b1, {"long_name": "hidden biases", "units": "1"}),
        "W2": (("hidden", "class"), W2, {"long_name": "weights to classes", "units": "1"}),
        "b2": (("class",), b2, {"long_name": "class biases", "units": "1"}),
    }
    return xr.Dataset(variables, coords={"class": _classes(temperatures)})


def _classes(temperatures):
    """The coordinate `class` of a Dataset."""
    return "class", np.asarray(temperatures, float), {"long_name": "temperature of the class in J/k_B", "units": "1"}


def network_posterior(network, spins):
    """Softmax output of a trained network (Dataset of weights) for `spins` [n, L, L] → float64 [n, classes].

    The layers are computed in float32, like the weights, and the softmax in float64: −ln p of improbable classes must
    be finite.  Raises ValueError if the network is that of another lattice size, and for spins that are not ±1.
    """
    spins = arguments.spins(spins)
    if network.sizes["visible"] != spins[0].size:
        raise ValueError(f"L = {spins.shape[-1]}: must fit the network, which is for {network.sizes['visible']} spins")
    W1, b1, W2, b2 = (network[name].values.astype(np.float32) for name in ("W1", "b1", "W2", "b2"))
    logits = np.tanh(spins.reshape(len(spins), -1).astype(np.float32) @ W1 + b1) @ W2 + b2
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)).astype(np.float64))
    return weights / weights.sum(axis=-1, keepdims=True)


def cross_entropy(posterior, label):
    """(mean, error) of −ln p(true class) in nats over `posterior` [n, classes] with true classes `label` [n]."""
    chosen = np.take_along_axis(posterior, np.asarray(label)[:, None], axis=-1)[:, 0]
    return mean_error(-np.log(np.maximum(chosen, np.finfo(float).tiny)))


def most_probable(posterior, temperatures):
    """The temperature of the most probable class of each configuration: [n, classes] → [n]."""
    return np.asarray(temperatures)[posterior.argmax(axis=-1)]


def posteriors(spins, networks, levels):
    """{thermometer: posterior [n, classes]} of `spins` [n, L, L], for all thermometers of single configurations.

    They are `network 0`, … (Datasets of weights), `bayes` and `magnetisation` (from `levels`, a `magnetisation_table`).
    Raises ValueError if the classes of the networks and of the table are not the same temperatures, and for spins that
    are not ±1.
    """
    spins = arguments.spins(spins)
    temperatures = levels["class"].values
    if not all(np.array_equal(network["class"].values, temperatures) for network in networks):
        raise ValueError(f"classes of the networks: must be the temperatures of the table, {temperatures.tolist()}")
    read_by_networks = {f"network {k}": network_posterior(network, spins) for k, network in enumerate(networks)}
    return read_by_networks | {
        "bayes": bayes_posterior(energy(spins), spins.shape[-1], temperatures),
        "magnetisation": magnetisation_posterior(levels, spins),
    }


def read(spins, networks, levels):
    """Read one set of configurations `spins` [n, L, L] by every thermometer: (readings, counts).

    The readings are {thermometer: (temperature, error)}.  Those of `network 0`, … (one for each of the list
    `networks`), `bayes` and `magnetisation` (of the table `levels`) are the mean of the most probable class with its
    standard error; `energy` is T_E.  The counts are {thermometer: configurations in each class [classes]}, without T_E.
    """
    spins = arguments.spins(spins)
    temperatures = levels["class"].values
    chosen = {name: posterior.argmax(axis=-1) for name, posterior in posteriors(spins, networks, levels).items()}
    readings = {name: tuple(map(float, mean_error(temperatures[k]))) for name, k in chosen.items()}
    readings["energy"] = energy_temperature(energy(spins), spins.shape[-1])
    return readings, {name: np.bincount(k, minlength=len(temperatures)) for name, k in chosen.items()}
