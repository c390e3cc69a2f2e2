"""Thermometers of whole lattices: each reads the temperature whose equilibrium has the mean that was found.

A thermometer of a set of configurations is an observable O whose mean is known at each temperature of the L × L torus;
it reads the temperature at which equilibrium has the mean that was found, T_O = O_L⁻¹(⟨O⟩):

- `energy`: the nearest neighbours' Σ ss' per site, with Kaufman's exact curve;
- `magnetisation`: ⟨|m|⟩;
- `network`: the mean of Σ_k p_k T_k, the posterior mean temperature of the paper's classifier, by the classifier's own
  curve and not as it stands: so the network, too, is unbiased on equilibrium data.

All agree on equilibrium configurations.  Where they do not, the lattice is none of equilibrium at any temperature.
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

    `spins` are ±1 or real-valued blocks, taken as they are: |m|, Σ ss' and the network's input are those of the real
    numbers.  A lattice of those has no temperature, and what each thermometer reads is only the temperature of the ±1
    configurations that look alike to it: the thermometers differ, and that is what they are for.

    A temperature is 0 or inf where ⟨O⟩ lies beyond the calibrated range (for the energy: where no T > 0 fits); there,
    and where a curve is level, the error is NaN.  So it is for what a network reads that has learned nothing.

    The error is √(σ_O²/n + (error of the curve)²) / |dO/dT|: the second part is common to all that is read by one
    calibration.  Raises ValueError for lattices of another size.
    """
    L = spins.shape[-1]
    if calibration.sizes["visible"] != L**2:
        raise ValueError(f"a calibration for {calibration.sizes['visible']} spins cannot read lattices of {L} × {L}")
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
        O, mean = -O, -mean
    if not O[0] <= mean <= O[-1]:
        return (0.0 if mean < O[0] else np.inf), np.nan
    temperature = np.interp(mean, O, T)
    slope = np.interp(temperature, T, np.gradient(O, T))
    total = np.hypot(error, np.interp(temperature, T, O_error))
    return float(temperature), float(total / slope) if slope > 0 else np.nan
