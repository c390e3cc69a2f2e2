"""Random convolutional machines, and the spins that their filters cover, found by rolling the lattice."""

import numpy as np

from rbmrg.rbm.convolutional import ConvolutionalRBM


def random_machine(L, filters, size, scale=0.4, seed=3):
    rng = np.random.default_rng(seed)
    parts = (rng.normal(scale=scale, size=shape) for shape in ((filters, size, size), (), filters))
    return ConvolutionalRBM(*parts, L)


def flat(machine):
    return np.concatenate([machine.filters.ravel(), [machine.visible_bias], machine.hidden_bias])


def seen(v, size):
    """The spin at element (dy, dx) of the filter at every place: [size, size, n, L/2, L/2], by rolling the lattice."""
    before = (size - 1) // 2
    rolled = [
        [np.roll(v, (before - dy, before - dx), axis=(1, 2))[:, ::2, ::2] for dx in range(size)] for dy in range(size)
    ]
    return np.array(rolled, np.float64)
