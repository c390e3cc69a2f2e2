"""Thermometers of ensembles: each reads the temperature at which equilibrium has the mean that was measured.

Such a thermometer is an observable O whose mean is known at every temperature of the L × L torus; it reads
T_O = O_L⁻¹(⟨O⟩):

- `magnetisation`: ⟨|m|⟩;
- `overlap`: ⟨q²⟩ = Σ_ij cov(s_i, s_j)² / N² with q = Σ_i s_i s'_i / N, the overlap of two independent configurations;
- `energy`: Σ ss' over nearest neighbours per site, with Kaufman's exact curve.

The first does not change if units exchange their labels, the second neither then nor if units change their signs: both
can be read from hidden units, which have no places.  The energy knows who is whose neighbour, so it is for lattices.
All agree on equilibrium configurations.  Where they do not, there is no equilibrium at any temperature; where only the
first two are known and agree, there may be none: up to Tc both read little but the order of the whole.
"""

from typing import NamedTuple

import numpy as np

from rbmrg import arguments
from rbmrg.lattice import bonds
from rbmrg.stats import block_means, leave_one_out, mean_error
from rbmrg.thermometers import posteriors

PARTS = 20  # of the configurations: whose overlaps are computed at once, which saves memory, and for the jackknife
RANGE = (1.0, 10.0)  # of the temperatures that lattices are calibrated for


class Reading(NamedTuple):
    """What a thermometer reads, in J/k_B.

    `without` [PARTS]: to first order, the temperature without one of PARTS consecutive parts of the configurations and
    of those of the calibration, for the jackknife of functions of several readings: of the same configurations, by the
    same calibrations.
    """

    temperature: float
    error: float
    without: np.ndarray


def energies(spins):
    """−Σ ss' over nearest neighbours of each configuration, also of real-valued block spins: [n, L, L] → [n]."""
    return -bonds(spins).sum(axis=(0, -2, -1))


def overlap(units):
    """[n] numbers of which the mean is ⟨q²⟩ = Σ_ij cov(s_i, s_j)² / N² of configurations `units` [n, …] of N units.

    Configurations are independent.  Their means ⟨s_i⟩ are subtracted: these are 0 in an Ising model; a unit that is
    always on has a bias, and no order.  The sum of squares is unbiased for any distribution (Himeno & Yamada, J.
    Multivar. Anal. 130, 27 (2014)): it is made of products c_a·c_b of different configurations a ≠ b, and the two other
    terms undo that the sample's means were subtracted.  The scatter of the numbers gives the error: they differ by
    twice the differences of ⟨(c_a·c_b)²⟩_b, as each pair has two configurations (Hoeffding, Ann. Math. Stat. 19, 293
    (1948)).  Raises ValueError for fewer than four configurations, and for units that are neither ±1 nor real-valued.
    """
    units = arguments.field(units, "[n, ...]", "units")
    n = len(units)
    if n < 4:
        raise ValueError(f"{n} configurations: must be at least 4 for an overlap")
    centred = units.reshape(n, -1).astype(np.float32)
    centred -= centred.mean(axis=0, dtype=np.float64).astype(np.float32)
    lengths = np.einsum("ai,ai->a", centred, centred, dtype=np.float64)
    gram = centred.T @ centred
    squares = [np.einsum("ai,ai->a", part @ gram, part, dtype=np.float64) for part in np.array_split(centred, PARTS)]
    products = np.concatenate(squares) - lengths**2
    total = (n - 2) * products.sum() - 2 * np.sum(lengths**2) + lengths.sum() ** 2 / (n - 1)
    pairs = n * (n - 2) * (n - 3)
    N = centred.shape[1]
    return (total / pairs + 2 * (products - products.mean()) / (n - 1)) / N**2


def read(units, calibration):
    """{thermometer: Reading} of `magnetisation` and `overlap` from `units` [n, …], n ≥ PARTS, by a `calibration`.

    The N = L² units are read as if they were the spins of the L × L torus that was calibrated.  They are ±1 or real
    numbers, used as they are.  Real-valued blocks have no temperature: each thermometer reads that of those ±1
    configurations that look the same to it.

    A temperature is 0 or inf where ⟨O⟩ lies beyond the calibrated range.  There, and where a curve is flat, the error
    is NaN.  The error is √(σ² + (error of the curve)²) / |dO/dT| with σ the error of ⟨O⟩.  Raises ValueError if the
    number of units is not that of the calibration, or for fewer configurations.
    """
    units = arguments.field(units, "[n, ...]", "units")
    n = len(units)
    N = units[0].size
    if calibration.attrs["L"] ** 2 != N:
        raise ValueError(f"{N} units: must fit the calibration, which is for L = {calibration.attrs['L']}")
    measured = {"magnetisation": np.abs(units.reshape(n, N).mean(axis=1, dtype=np.float64)), "overlap": overlap(units)}
    return {name: _reading(values, calibration, name) for name, values in measured.items()}


def read_energy(spins):
    """The Reading of the mean energy of `spins` [n, L, L], ±1 or real-valued; T is 0 or inf where none > 0 fits."""
    spins = arguments.field(spins)
    E = energies(spins)
    T, error = posteriors.energy_temperature(E, spins.shape[-1])
    scatter = mean_error(E)[1]
    return Reading(T, error, T + _left_out(E) * (error / scatter if scatter else 0.0))


def _reading(values, calibration, observable):
    """The Reading at which the falling curve of `observable` has the mean of `values` [n]."""
    mean, error = mean_error(values)
    T, O, O_error = (calibration[name].values for name in ("T", observable, f"{observable}_error"))
    if not O[-1] <= mean <= O[0]:
        temperature = 0.0 if mean > O[0] else np.inf
        return Reading(temperature, np.nan, np.full(PARTS, temperature))
    temperature = float(np.interp(-mean, -O, T))
    slope = float(np.interp(temperature, T, -np.gradient(O, T)))
    per_slope = 1 / slope if slope > 0 else np.nan
    total = float(np.hypot(error, np.interp(temperature, T, O_error)))
    curves = np.array([np.interp(temperature, T, curve) for curve in calibration[f"{observable}_without"].values])
    shifts = curves - curves.mean() - _left_out(values)
    return Reading(temperature, total * per_slope, temperature + shifts * per_slope)


def _left_out(values):
    """How the mean of `values` [n] changes without each of PARTS consecutive parts, [PARTS]."""
    means = leave_one_out(block_means(values, PARTS))
    return means - means.mean()
