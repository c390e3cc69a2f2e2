"""Configurations for the classes of a thermometer: equally many of every temperature."""

import numpy as np

from rbmrg import splits


def training_data(files):
    """(spins [classes, n, L, L], temperatures [classes]): the training parts of `files`, Datasets of samples."""
    files = list(files)
    return stacked([splits.training_part(file.spin) for file in files]), [file.attrs["T"] for file in files]


def held_out_data(files):
    """The held-out parts of `files`, Datasets of samples: spins [classes, n, L, L], in the order of the files."""
    return stacked([splits.held_out_part(file.spin) for file in files])


def stacked(parts):
    """The first min n_k configurations of each of `parts`, a list of [n_k, L, L], as one array [parts, n, L, L]."""
    n = min(map(len, parts))
    return np.stack([part[:n] for part in parts])
