"""Training of the thermometer of the paper, a network with one hidden layer that classifies configurations."""

import numpy as np
import xarray as xr

from rbmrg.rbm.kernels import BETA_1, BETA_2, adam, mean_units

RATE = 2e-3  # the learning rate of Adam, and its ε
EPSILON = np.float32(1e-8)
BATCH = 200  # configurations in a step of the first epochs


def train(spins, temperatures, hidden, epochs, rng, progress=None):
    """Train the network on `spins` [classes, n, L, L] at `temperatures` [classes] → Dataset of weights, float32.

    One hidden layer of tanh units, softmax, cross-entropy, Adam; batches grow fourfold twice (after 1/2 and 3/4 of the
    epochs), which averages out the noise of the gradient like a falling learning rate (Smith et al., 1711.00489).
    The initial weights are uniform (Glorot & Bengio, AISTATS 2010).  `progress(epoch, loss)` is called after each
    epoch.
    """
    rng = np.random.default_rng(rng)
    count, n, L, _ = spins.shape
    visible = spins.reshape(count * n, L * L)
    sizes = L * L, hidden, count
    parameters = np.concatenate([_uniform(sizes[:2], rng), _uniform(sizes[1:], rng)])
    moments = np.zeros((2, parameters.size), np.float32)
    step = 0
    for epoch in range(epochs):
        batch = min(BATCH * (1 + 3 * (2 * epoch >= epochs)) * (1 + 3 * (4 * epoch >= 3 * epochs)), len(visible))
        order = rng.permutation(len(visible))
        loss = 0.0
        for first in range(0, len(order), batch):
            chosen = order[first : first + batch]
            uphill, surprise = gradient(parameters, sizes, visible[chosen].astype(np.float32), chosen // n)
            loss += surprise
            step += 1
            rate = RATE * np.sqrt(1 - float(BETA_2) ** step) / (1 - float(BETA_1) ** step)
            adam(parameters, uphill, *moments, np.float32(rate), EPSILON)
        if progress:
            progress(epoch + 1, loss / len(order))
    return _dataset(layers(parameters, sizes), temperatures)


def gradient(parameters, sizes, visible, labels):
    """(gradient of the mean of ln p(label), −Σ ln p(label)) for float32 `visible` [n, sites] with `labels` [n]."""
    W1, b1, W2, b2 = layers(parameters, sizes)
    units = visible @ W1
    mean_units(units, b1, units)  # tanh, four times as fast as numpy's
    p = units @ W2 + b2
    p -= p.max(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    log_p = p[rows, labels]
    np.exp(p, out=p)
    total = p.sum(axis=1, keepdims=True)
    surprise = float(np.log(total).sum() - log_p.sum())
    p /= -len(labels) * total
    p[rows, labels] += np.float32(1 / len(labels))
    below = (p @ W2.T) * (1 - units**2)
    parts = visible.T @ below, below.sum(axis=0), units.T @ p, p.sum(axis=0)
    return np.concatenate([part.ravel() for part in parts]), surprise


def layers(parameters, sizes):
    """Views of a flat vector: W1 [visible, hidden], b1 [hidden], W2 [hidden, classes], b2 [classes]."""
    visible, hidden, count = sizes
    shapes = (visible, hidden), (hidden,), (hidden, count), (count,)
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(parameters, ends[:-1]), shapes, strict=True)]


def _uniform(sizes, rng):
    """Initial weights and biases of the layer from sizes[0] to sizes[1] units, flat float32."""
    below, above = sizes
    bound = np.sqrt(6 / (below + above))
    return rng.uniform(-bound, bound, (below + 1) * above).astype(np.float32)


def _dataset(layers, temperatures):
    """The Dataset of W1, b1, W2 and b2."""
    W1, b1, W2, b2 = layers
    variables = {
        "W1": (("visible", "hidden"), W1, {"long_name": "weights to hidden units", "units": "1"}),
        "b1": (("hidden",), b1, {"long_name": "hidden biases", "units": "1"}),
        "W2": (("hidden", "class"), W2, {"long_name": "weights to classes", "units": "1"}),
        "b2": (("class",), b2, {"long_name": "class biases", "units": "1"}),
    }
    return xr.Dataset(variables, coords={"class": classes(temperatures)})


def classes(temperatures):
    """The coordinate `class` of a Dataset of any thermometer."""
    return "class", np.asarray(temperatures, float), {"long_name": "temperature of the class in J/k_B", "units": "1"}
