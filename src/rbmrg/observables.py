"""Energy, specific heat and magnetisation of samples, beside their exact values."""

import numpy as np
import pandas as pd

from rbmrg import arguments, exact
from rbmrg.lattice import energy, magnetisation
from rbmrg.splits import portions
from rbmrg.stats import block_means, jackknife, mean_error


def observe(spins, T):
    """A row of the table of observables for independent configurations `spins` [n, L, L] at temperature `T`, a dict.

    `spins` may be a variable of a file, which is then read in portions.
    Energy (in J) and specific heat C = (⟨E²⟩ − ⟨E⟩²)/(N T²) (in k_B) are per spin; errors are standard errors and, for
    C, those of the jackknife.  Raises ValueError for spins that are not ±1, and for T < 0 or NaN.
    """
    spins = arguments.unread(spins)
    T = arguments.temperature(T)
    n, L, _ = spins.shape
    E, m = map(np.concatenate, zip(*((energy(some), magnetisation(some)) for some in portions(spins)), strict=True))
    u, u_error = mean_error(E / L**2)
    shifted = E - E.mean()  # keeps the variance and makes its rounding error small
    moments = block_means(np.stack([shifted, shifted**2], axis=-1), min(n, 100))
    C, C_error = jackknife(lambda mean: (mean[1] - mean[0] ** 2) / (L**2 * T**2) if T else 0.0, moments)
    abs_m, abs_m_error = mean_error(np.abs(m))
    return {
        "L": L,
        "T": T,
        "n": n,
        "energy": u,
        "energy_error": u_error,
        "energy_exact": float(exact.energy_per_spin(L, T)),
        "specific_heat": float(C),
        "specific_heat_error": float(C_error),
        "specific_heat_exact": float(exact.specific_heat(L, T)),
        "abs_magnetisation": abs_m,
        "abs_magnetisation_error": abs_m_error,
    }


def table(samples, progress=None):
    """The rows of `observe` for all `samples` (Datasets with the attribute T), by L and T.

    `samples` may be an iterator that loads one after the other; `progress(number of samples done)` follows it.
    """
    rows = []
    for sample in samples:
        rows.append(observe(sample.spin, sample.attrs["T"]))
        if progress:
            progress(len(rows))
    return pd.DataFrame(rows).sort_values(["L", "T"])


def exact_standard_error(L, T, n):
    """The exact standard error of the mean energy per spin of `n` independent configurations: √(C T² / (N n))."""
    n = arguments.integer("n", n)
    return np.sqrt(exact.specific_heat(L, T) * T**2 / (L**2 * n))
