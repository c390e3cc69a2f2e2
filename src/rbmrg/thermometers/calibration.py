"""How well thermometers read single configurations of known temperature."""

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg.lattice import energy
from rbmrg.stats import mean_error
from rbmrg.thermometers import posteriors

EACH = ("thermometer", "T")
VARIABLES = {  # dimensions, long name
    "posterior": ((*EACH, "class"), "mean posterior of the class"),
    "reading": (EACH, "mean most probable temperature in J/k_B"),
    "reading_error": (EACH, "standard error of reading"),
    "cross_entropy": (EACH, "mean of -ln p(true class) in nats"),
    "cross_entropy_error": (EACH, "standard error of cross_entropy"),
    "energy_reading": ("T", "temperature of the mean energy in J/k_B"),
    "energy_reading_error": ("T", "standard error of energy_reading"),
}


def calibrate(spins, networks, levels):
    """Every thermometer on equilibrium data `spins` [classes, n, L, L], in the order of the thermometers' classes.

    `networks` (a list of Datasets) and `levels` (a `magnetisation_table`) were learned from other configurations.
    Returns a Dataset.  For each thermometer of single configurations (`network 0`, …, `bayes`, `magnetisation`) and
    each true temperature `T` it holds the mean posterior of every class, the mean reading and the cross-entropy in
    nats, with errors; for each `T` also `energy_reading` ± `energy_reading_error`, T_E of all n configurations.
    Raises ValueError if the numbers of classes differ.
    """
    temperatures = levels["class"].values
    L = spins.shape[-1]
    if len(spins) != len(temperatures):
        raise ValueError(f"spins of {len(spins)} temperatures: must be of {len(temperatures)}, one for each class")
    rows = [
        {name: _row(p, label, temperatures) for name, p in posteriors.posteriors(s, networks, levels).items()}
        for label, s in enumerate(spins)
    ]
    names = list(rows[0])
    table = {key: np.array([[row[name][key] for row in rows] for name in names]) for key in rows[0]["bayes"]}
    E = energy(spins)
    energy_reading, energy_error = np.array([posteriors.energy_temperature(e, L) for e in E]).T
    table |= {"energy_reading": energy_reading, "energy_reading_error": energy_error}
    coordinates = {
        "thermometer": ("thermometer", names, {"long_name": "thermometer"}),
        "T": ("T", temperatures, {"long_name": "true temperature in J/k_B", "units": "1"}),
        "class": ("class", temperatures, {"long_name": "temperature of the class in J/k_B", "units": "1"}),
    }
    variables = {
        key: (dims, table[key], {"long_name": long_name, "units": "1"}) for key, (dims, long_name) in VARIABLES.items()
    }
    return xr.Dataset(variables, coordinates)


def _row(posterior, label, temperatures):
    """What one thermometer does on configurations of class `label`, from its `posterior` [n, classes]."""
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
    """The readings of a calibration as a tidy DataFrame.

    Columns: thermometer, T, reading, reading_error, cross_entropy, cross_entropy_error.  The last rows are those of
    `energy`, T_E of all configurations, which has no cross-entropy.
    """
    single = calibrated.drop_dims("class").drop_vars(["energy_reading", "energy_reading_error"])
    of_energy = calibrated[["energy_reading", "energy_reading_error"]].to_dataframe().reset_index()
    of_energy.columns = of_energy.columns.str.removeprefix("energy_")
    return pd.concat([single.to_dataframe().reset_index(), of_energy.assign(thermometer="energy")], ignore_index=True)


def summary(calibrated):
    """Each thermometer over all temperatures: DataFrame thermometer, cross_entropy, error, excess, bias, bias_error.

    `excess` is the cross-entropy minus that of Bayes in nats: none is negative beyond noise, because energy is a
    sufficient statistic.  `energy` is T_E, which has no cross-entropy (NaN).  `bias` is the `root_mean_square` of the
    readings minus the true temperatures.  It leaves out, for every thermometer, the temperatures at which all
    configurations are ground states (T_E = 0): nothing can be read there.
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
    """(b, its error): root mean square of true deviations measured, independently, as `deviation` ± `error` [n].

    b² = ⟨d² − σ²⟩, from which the noise is subtracted, or 0 if that is negative.  For Gaussian noise about a true δ,
    var(d²) = 4 δ² σ² + 2 σ⁴; here δ² is estimated by max(d² − σ², 0), which on average is not too small.  b plus its
    error is the root of b² plus the error of b², so it is finite, and an upper bound, even without any deviation.
    """
    square = deviation**2 - error**2
    mean = max(square.mean(), 0)
    uncertainty = np.sqrt(np.sum(4 * np.maximum(square, 0) * error**2 + 2 * error**4)) / len(square)
    return np.sqrt(mean), np.sqrt(mean + uncertainty) - np.sqrt(mean)
