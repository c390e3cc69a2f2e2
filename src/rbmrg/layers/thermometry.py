"""Layer temperatures: what three thermometers read along a stack of lattices, and how much they disagree."""

import numpy as np
import pandas as pd

from rbmrg.lattice import magnetisation
from rbmrg.thermometers import curves

KEYS = ["kind", "source", "seed", "T", "layer"]


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


def follow(layers, calibrations):
    """Every thermometer along a stack: DataFrame layer (0: the bottom), L, thermometer, temperature, error.

    `layers`: a list of [n, l, l], the bottom first; `calibrations`: {L: Dataset}, for `thermometers.curves.read`.
    Temperatures and errors are in J/k_B.  Raises ValueError if a lattice size has no calibration.
    """
    missing = {spins.shape[-1] for spins in layers} - set(calibrations)
    if missing:
        raise ValueError(f"no calibration for L = {', '.join(map(str, sorted(missing)))}")
    rows = [
        (layer, spins.shape[-1], thermometer, *reading)
        for layer, spins in enumerate(layers)
        for thermometer, reading in curves.read(spins, calibrations[spins.shape[-1]]).items()
    ]
    return pd.DataFrame(rows, columns=["layer", "L", "thermometer", "temperature", "error"])


def disagreement(table):
    """The largest difference between thermometers in each layer: DataFrame of KEYS, disagreement, error.

    `table` has the columns KEYS, thermometer, temperature, error, with a row for each thermometer.  The error is
    √(Σ error²) of the highest and the lowest temperature, as if these were independent.  They are read from the same
    configurations: where they err alike, the true error is smaller.  Even in equilibrium the difference is positive, of
    the order of its error.  It is inf where only some thermometers find a temperature, NaN where fewer than two do.
    """
    rows = [(*key, *_widest(layer)) for key, layer in table.groupby(KEYS, sort=False)]
    return pd.DataFrame(rows, columns=[*KEYS, "disagreement", "error"])


def _widest(layer):
    """(highest − lowest temperature, error) of the thermometers of one layer."""
    known = layer.dropna(subset="temperature").sort_values("temperature")
    if len(known) < 2 or np.isinf(known.temperature.iloc[0]):
        return np.nan, np.nan
    lowest = known.iloc[0]
    highest = known.iloc[-1]
    return highest.temperature - lowest.temperature, np.hypot(highest.error, lowest.error)
