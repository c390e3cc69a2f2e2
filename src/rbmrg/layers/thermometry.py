"""Layer temperatures: the signs of hidden units, and what each thermometer reads along a stack of layers."""

import math

import numpy as np
import pandas as pd

from rbmrg.lattice import magnetisation
from rbmrg.thermometers import curves


def gauge(hidden, spins):
    """The sign of each hidden unit that makes its covariance with the magnetisation of the bottom `spins` positive.

    `hidden` [n, …], `spins` [n, L, L] → int8 ±1 […]; +1 if the covariance is 0.  An RBM stays the same if a hidden
    unit, its weights and its bias change sign, so signs must be fixed before a thermometer is read.  Raises ValueError
    if the numbers of samples differ.
    """
    if len(hidden) != len(spins):
        raise ValueError(f"{len(hidden)} hidden samples of {len(spins)} configurations: must be equally many")
    m = magnetisation(spins)
    covariance = np.tensordot(m - m.mean(), hidden - hidden.mean(axis=0, dtype=np.float64), axes=1)
    return np.where(covariance < 0, np.int8(-1), np.int8(1))


WITHOUT = [f"without_{part}" for part in range(curves.PARTS)]  # columns
COLUMNS = ["layer", "L", "thermometer", "temperature", "error", *WITHOUT]


def follow(layers, calibrations, places=True):
    """Every thermometer along a stack, a DataFrame of COLUMNS: `curves.Reading`s of each layer (0: the bottom).

    `layers`: a list of [n, l, l], the bottom first; `calibrations`: {L: Dataset}, for `thermometers.curves.read`.
    Without `places`, units of the layers above the bottom stand in an order that means nothing: the energy, which reads
    neighbours, is left out, and a layer of N units is read as the lattice with L = √N.  Temperatures and errors are in
    J/k_B.  Raises ValueError if a lattice size has no calibration.
    """
    sizes = [math.isqrt(units[0].size) for units in layers]
    missing = set(sizes) - set(calibrations)
    if missing:
        raise ValueError(f"no calibration for L = {', '.join(map(str, sorted(missing)))}")
    rows = []
    for layer, (L, units) in enumerate(zip(sizes, layers, strict=True)):
        found = curves.read(units, calibrations[L])
        if places:
            found["energy"] = curves.read_energy(units)
        rows += [
            (layer, L, thermometer, reading.temperature, reading.error, *reading.without)
            for thermometer, reading in found.items()
        ]
    return pd.DataFrame(rows, columns=COLUMNS)
