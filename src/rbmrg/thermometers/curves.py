"""Thermometers of ensembles: each reads the temperature at which equilibrium has the mean that was measured.

Such a thermometer is an observable O whose mean is known at every temperature of the L × L torus; it reads
T_O = O_L⁻¹(⟨O⟩):

- `energy`: Σ ss' over nearest neighbours per site, with Kaufman's exact curve;
- `magnetisation`: ⟨|m|⟩;
- `network`: the mean of Σ_k p_k T_k, the posterior mean temperature of the paper's classifier.  It is read through the
  classifier's own calibration curve, so that the network is unbiased on equilibrium data, too.

All agree on equilibrium configurations.  Where they do not, the lattice is not in equilibrium at any temperature.
"""

import numpy as np

from rbmrg.lattice import bonds, magnetisation
from rbmrg.stats import mean_error
from rbmrg.thermometers import posteriors


def energies(spins):
    """−Σ ss' over nearest neighbours of each configuration, also of real-valued block spins: [n, L, L] → [n]."""
    return -bonds(spins).sum(axis=(0, -2, -1))


def observables(spins, network):
    """|m| and the posterior mean temperature of each configuration, float64 [n, 2]."""
    posterior = posteriors.network_posterior(network, spins)
    return np.column_stack([np.abs(magnetisation(spins)), posterior @ network["class"].values])


def read(spins, calibration):
    """{thermometer: (temperature, error)} of the configurations `spins` [n, L, L], by a `calibration` of that L.

    `spins` are ±1 or real-valued blocks, used as they are: |m|, Σ ss' and the network's input are computed from the
    real numbers.  A lattice of real-valued blocks has no temperature: each thermometer reads the temperature of those
    ±1 configurations that look the same to it.  The thermometers then differ, and this difference is the test.

    A temperature is 0 or inf where ⟨O⟩ lies beyond the calibrated range (for the energy: where no T > 0 fits).  There,
    and where a curve is flat, the error is NaN; a network that has learned nothing always reads with error NaN.

    The error is √(σ_O²/n + (error of the curve)²) / |dO/dT|: the second part is common to all readings of one
    calibration.  Raises ValueError for lattices of another size.
    """
    L = spins.shape[-1]
    if calibration.sizes["visible"] != L**2:
        sites = calibration.sizes["visible"]
        raise ValueError(f"L = {L}: must fit the calibration, which is for lattices of {sites} spins")
    means, errors = mean_error(observables(spins, calibration))
    return {
        "energy": posteriors.energy_temperature(energies(spins), L),
        "magnetisation": _temperature(means[0], errors[0], calibration, "magnetisation"),
        "network": _temperature(means[1], errors[1], calibration, "reading"),
    }


def _temperature(mean, error, calibration, observable):
    """(temperature, error) at which the curve of `observable` has the value `mean` ± `error`."""
    T, O, O_error = (calibration[name].values for name in ("T", observable, f"{observable}_error"))
    if O[0] > O[-1]:
        O = -O
        mean = -mean
    if not O[0] <= mean <= O[-1]:
        return (0.0 if mean < O[0] else np.inf), np.nan
    temperature = np.interp(mean, O, T)
    slope = np.interp(temperature, T, np.gradient(O, T))
    total = np.hypot(error, np.interp(temperature, T, O_error))
    return float(temperature), float(total / slope) if slope > 0 else np.nan
