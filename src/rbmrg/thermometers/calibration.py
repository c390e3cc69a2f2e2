"""How good the thermometers of single configurations are, on data of known temperature."""

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg.lattice import energy
from rbmrg.stats import mean_error
from rbmrg.thermometers import posteriors


def calibrate(spins, networks, levels):
    """Every thermometer on equilibrium data `spins` [classes, n, L, L], in the order of the thermometers' classes.

    `networks` (a list of Datasets) and `levels` (a `magnetisation_table`) were learned from other configurations.
    Returns a Dataset with, for each thermometer of single configurations (`network 0`, …, `bayes`, `magnetisation`) and
    true temperature `T`, the mean posterior of every class, the mean reading and the cross-entropy in nats, with
    errors; and `energy_reading` ± `energy_reading_error`, the T_E of all n configurations of each true temperature.
    Raises ValueError if the numbers of classes differ.
    """
    temperatures, L = levels["class"].values, spins.shape[-1]
    if len(spins) != len(temperatures):
        raise ValueError(f"configurations of {len(spins)} temperatures for thermometers of {len(temperatures)} classes")
    rows = [
        {name: _row(p, label, temperatures) for name, p in posteriors.posteriors(s, networks, levels).items()}
        for label, s in enumerate(spins)
    ]
    names = list(rows[0])
    table = {key: np.array([[row[name][key] for row in rows] for name in names]) for key in rows[0]["bayes"]}
    E = energy(spins)
    energy_reading, energy_error = np.array([posteriors.energy_temperature(e, L) for e in E]).T
    nat, kelvin = {"units": "nat"}, {"units": "J/k_B"}
    each, cell = ("thermometer", "T"), ("thermometer", "T", "class")
    variables = {
        "posterior": (cell, {"long_name": "mean posterior of the class", "units": "1"}),
        "reading": (each, {"long_name": "mean most probable temperature", **kelvin}),
        "reading_error": (each, {"long_name": "standard error of reading", **kelvin}),
        "cross_entropy": (each, {"long_name": "mean of -ln p(true class)", **nat}),
        "cross_entropy_error": (each, {"long_name": "standard error of cross_entropy", **nat}),
        "energy_reading": ("T", {"long_name": "temperature of the mean energy", **kelvin}),
        "energy_reading_error": ("T", {"long_name": "standard error of energy_reading", **kelvin}),
    }
    table |= {"energy_reading": energy_reading, "energy_reading_error": energy_error}
    coordinates = {
        "thermometer": names,
        "T": ("T", temperatures, {"long_name": "true temperature", "units": "J/k_B"}),
        "class": ("class", temperatures, {"long_name": "temperature of the class", "units": "J/k_B"}),
    }
    return xr.Dataset({key: (dims, table[key], about) for key, (dims, about) in variables.items()}, coordinates)


def _row(posterior, label, temperatures):
    reading, reading_error = mean_error(posteriors.most_probable(posterior, temperatures))
    loss, loss_error = posteriors.cross_entropy(posterior, np.full(len(posterior), label))
    return {
        "posterior": posterior.mean(axis=0),
        "reading": reading,
        "reading_error": reading_error,
        "cross_entropy": loss,
        "cross_entropy_error": loss_error,
    }


def readings(calibrated):
    """The readings of a calibration as a tidy DataFrame: thermometer, T, reading, reading_error, cross_entropy,
    cross_entropy_error; the last rows are of `energy`, the T_E of all configurations, which has no cross-entropy.
    """
    single = calibrated.drop_dims("class").drop_vars(["energy_reading", "energy_reading_error"])
    of_energy = calibrated[["energy_reading", "energy_reading_error"]].to_dataframe().reset_index()
    of_energy.columns = of_energy.columns.str.removeprefix("energy_")
    return pd.concat([single.to_dataframe().reset_index(), of_energy.assign(thermometer="energy")], ignore_index=True)


def summary(calibrated):
    """Each thermometer over all temperatures: DataFrame thermometer, cross_entropy, error, excess, bias, bias_error.

    `excess` is the distance to Bayes' cross-entropy in nats: none may be negative beyond noise, for energy is a
    sufficient statistic.  `energy` is T_E, which has no cross-entropy (NaN).  For `bias` see `root_mean_square`; it
    leaves out the temperatures, for all thermometers the same, at which all configurations are ground states (T_E = 0):
    nothing can be read there.
    """
    mean = calibrated.cross_entropy.mean("T").to_series()
    error = (np.sqrt((calibrated.cross_entropy_error**2).sum("T")) / calibrated.sizes["T"]).to_series()
    table = readings(calibrated)
    readable = table["T"].isin(calibrated["T"].values[calibrated.energy_reading.values > 0])
    rows = []
    for name, here in table[readable].groupby("thermometer", sort=False):
        loss = mean.get(name, np.nan)
        bias = root_mean_square((here.reading - here["T"]).to_numpy(), here.reading_error.to_numpy())
        rows.append((name, loss, error.get(name, np.nan), loss - mean["bayes"], *bias))
    return pd.DataFrame(rows, columns=["thermometer", "cross_entropy", "error", "excess", "bias", "bias_error"])


def root_mean_square(deviation, error):
    """(b, its error): root mean square of true deviations that are known as `deviation` ± `error` [n], independent.

    b² = ⟨d² − σ²⟩, of which noise is no part, and 0 where that is negative; var(d²) = 4 δ² σ² + 2 σ⁴ for Gaussian noise
    about a true δ, for which δ² = max(d² − σ², 0) is taken: never too small on average.  b + its error is the root of
    b² and its error, so it stays finite, and means what it says, where there is no deviation at all.
    """
    square = deviation**2 - error**2
    mean = max(square.mean(), 0)
    uncertainty = np.sqrt(np.sum(4 * np.maximum(square, 0) * error**2 + 2 * error**4)) / len(square)
    return np.sqrt(mean), np.sqrt(mean + uncertainty) - np.sqrt(mean)
