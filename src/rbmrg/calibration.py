"""Thermometers held against data of known temperature, and read along flows."""

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg import thermometers
from rbmrg.lattice import energy

THERMOMETERS = ("network", "bayes", "energy")


def calibrate(spins, networks):
    """Every thermometer on equilibrium data: `spins` [classes, n, L, L], `networks` trained on other configurations.

    Returns a Dataset with, for each thermometer (`network 0`, …, `bayes`) and true temperature, the mean posterior of
    every class, the mean reading and the cross-entropy in nats, with errors.
    """
    temperatures, L = networks[0]["class"].values, spins.shape[-1]
    posteriors = {
        f"network {seed}": [thermometers.network_posterior(network, s) for s in spins]
        for seed, network in enumerate(networks)
    }
    posteriors["bayes"] = [thermometers.bayes_posterior(energy(s), L, temperatures) for s in spins]
    rows = {name: [_row(p, label, temperatures) for label, p in enumerate(ps)] for name, ps in posteriors.items()}
    table = {key: [[row[key] for row in group] for group in rows.values()] for key in rows["bayes"][0]}
    nat, kelvin = {"units": "nat"}, {"units": "J/k_B"}
    attributes = {
        "posterior": {"long_name": "mean posterior of the class", "units": "1"},
        "reading": {"long_name": "mean most probable temperature", **kelvin},
        "reading_error": {"long_name": "standard error of reading", **kelvin},
        "cross_entropy": {"long_name": "mean of -ln p(true class)", **nat},
        "cross_entropy_error": {"long_name": "standard error of cross_entropy", **nat},
    }
    dims = {key: ("thermometer", "T", "class") if key == "posterior" else ("thermometer", "T") for key in attributes}
    coordinates = {
        "thermometer": list(rows),
        "T": ("T", temperatures, {"long_name": "true temperature", "units": "J/k_B"}),
        "class": ("class", temperatures, {"long_name": "temperature of the class", "units": "J/k_B"}),
    }
    return xr.Dataset({key: (dims[key], np.array(table[key]), attributes[key]) for key in attributes}, coordinates)


def _row(posterior, label, temperatures):
    reading, reading_error = thermometers.mean_error(thermometers.most_probable(posterior, temperatures))
    loss, loss_error = thermometers.cross_entropy(posterior, np.full(len(posterior), label))
    values = (posterior.mean(axis=0), reading, reading_error, loss, loss_error)
    return dict(
        zip(("posterior", "reading", "reading_error", "cross_entropy", "cross_entropy_error"), values, strict=True)
    )


def summary(calibrated):
    """Cross-entropy of each thermometer over all temperatures: DataFrame thermometer, cross_entropy, error, excess.

    `excess` is the distance to Bayes' in nats.  None may be negative beyond noise: energy is a sufficient statistic.
    """
    mean = calibrated.cross_entropy.mean("T")
    error = np.sqrt((calibrated.cross_entropy_error**2).sum("T")) / calibrated.sizes["T"]
    excess = mean - mean.sel(thermometer="bayes")
    columns = {"thermometer": calibrated.thermometer, "cross_entropy": mean, "error": error, "excess": excess}
    return pd.DataFrame({name: np.asarray(values) for name, values in columns.items()})


def read_flow(flow, network):
    """Read every thermometer at every step of a flow Dataset.

    Returns (readings, histograms): tidy DataFrames `start, step, thermometer, temperature, error` and
    `start, step, thermometer, class, count`.
    """
    readings, histograms = [], []
    for start in flow.start.values:
        for step in flow.step.values:
            spins = flow.spin.sel(start=start, step=step).values
            read, counts = thermometers.read(spins, network)
            readings += [(start, step, name, *read[name]) for name in THERMOMETERS]
            for name, count in counts.items():
                used = np.flatnonzero(count)
                histograms += [(start, step, name, network["class"].values[k], count[k]) for k in used]
    return (
        pd.DataFrame(readings, columns=["start", "step", "thermometer", "temperature", "error"]),
        pd.DataFrame(histograms, columns=["start", "step", "thermometer", "class", "count"]),
    )
