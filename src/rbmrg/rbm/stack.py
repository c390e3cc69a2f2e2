"""Stacks of machines, trained greedily: each layer is trained on the hidden units of the layer below.

Hinton, Osindero & Teh, Neural Comput. 18, 1527 (2006).
"""

from itertools import pairwise

import numpy as np

from rbmrg import arguments
from rbmrg.rbm.training import train

STATES = ("sampled", "means")  # of hidden units that the next layer sees


def upwards(layers, spins, rng, states="sampled"):
    """The hidden units of the top layer given `spins`, ±1 [n, ...]: [n, hidden], int8 ±1 or float32 means.

    `layers`: RBMs, bottom first.  Raises ValueError if a layer does not fit on the one below, or for unknown `states`.
    """
    _check(layers, states)
    rng = arguments.generator(rng)
    for machine in layers:
        spins = machine.sample_hidden(spins, rng) if states == "sampled" else machine.hidden_mean(spins)
    return spins


def downwards(layers, hidden, rng):
    """Visible units of the lowest layer, int8 [n, visible], drawn down from hidden units of the top layer."""
    _check(layers, "sampled")
    rng = arguments.generator(rng)
    for machine in reversed(layers):
        hidden = machine.sample_visible(hidden, rng)
    return hidden


def train_stack(spins, recipe="paper", hidden=(256, 64), rng=1, states="sampled", **options):
    """A list of RBMs, one for each number in `hidden`: the first is trained on `spins`, the next on its hidden units, …

    Arguments, options and errors are those of `rbm.train`.  ValueError also for an empty `hidden` or unknown `states`.
    """
    _check([], states)
    if np.ndim(hidden) != 1 or len(hidden) == 0:
        raise ValueError(f"hidden = {hidden!r}: must be a list of the sizes of the layers, such as [256, 64]")
    rng = arguments.generator(rng)
    layers = []
    units = spins
    for size in hidden:
        layers.append(train(units, recipe, size, rng, means=bool(layers) and states == "means", **options))
        units = upwards(layers[-1:], units, rng, states)
    return layers


def _check(layers, states):
    if states not in STATES:
        raise ValueError(f"states = {states!r}: must be one of {', '.join(STATES)}")
    for (_, hidden), (visible, _) in pairwise(machine.W.shape for machine in layers):
        if visible != hidden:
            raise ValueError(f"a layer with {visible} visible units does not fit on one with {hidden} hidden units")
