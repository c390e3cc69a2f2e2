"""Two sets of configurations compared observable by observable, their differences in standard errors.

If the reference has the temperature T_E that was fitted to the energy of the configurations, the two sets are
correlated.  Along the line of equilibria b = dO/dE = cov(o, E)/var(E), because dO/dT = cov(o, E)/T²; to first order in
the error of T_E

    O − O_eq(T_E) = ⟨o − bE⟩ − ⟨o − bE⟩_eq,

a difference of two independent means, whose variances add.  For an equilibrium sample this also reduces the noise:
b(⟨E⟩ − ⟨E⟩_eq) is a control variate.  Quantities that are not means enter through their influence functions (delta
method).  If the configurations vary less than those of equilibrium, the variance is that of equilibrium: a set of cold
configurations may lack a rare excitation by chance, and its own variance would not show it.
"""

import functools

import numpy as np
import pandas as pd

from rbmrg.correlators import two_point
from rbmrg.lattice import energy, magnetisation
from rbmrg.stats import mean_error

PASSED = 4.0  # σ: fewer than one table of 15 z in 1000 is a false alarm
COLUMNS = ["observable", "flow", "expected", "difference", "error", "z"]
_AT_ONCE = 2**22  # spins whose two-point functions are held in memory
_ROUNDING = 1e-12  # less than 1/(N n), the least error or difference that counting spins can give


def compare(spins, reference, fitted):
    """Observables of `spins` [n, L, L] beside those of `reference` [m, L, L], both int8 ±1 and independent.

    `fitted` says that the reference is equilibrium at T_E of the spins: `expected` is then moved along the line of
    equilibria to their ⟨E⟩ (see above), and `energy` (per spin) is left out of the observables.

    Returns a DataFrame, one row an observable: observable, flow, expected, difference = flow − expected, error, and
    z = difference/error.  Where the error is 0, z is 0 for equal values and ±∞ for others; z of the Binder cumulant is
    NaN if all m = 0.  The errors hold for many configurations, hundreds at least.  Raises ValueError for fewer than two
    configurations or for different L.
    """
    if spins.shape[1:] != reference.shape[1:] or min(len(spins), len(reference)) < 2:
        raise ValueError(
            f"spins and reference = {spins.shape} and {reference.shape}: must be at least two configurations each, "
            "of the same size"
        )
    flow = contributions(spins)
    equilibrium = contributions(reference)
    mean = flow.mean().to_numpy()
    centre = equilibrium.mean()
    flow = flow - centre  # small numbers: sums lose no digits
    equilibrium = equilibrium - centre
    slope = _slope(equilibrium) if fitted else np.zeros(len(centre))
    moved, error = mean_error(flow.to_numpy() - np.outer(flow.energy, slope))
    noise, error_reference = mean_error(equilibrium.to_numpy() - np.outer(equilibrium.energy, slope))
    error = np.maximum(error, error_reference * np.sqrt(len(reference) / len(spins)))
    difference = _rounded(moved - noise)
    error = _rounded(np.hypot(error, error_reference))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(difference == 0, 0.0, difference / error)
    table = pd.DataFrame(dict(zip(COLUMNS, (flow.columns, mean, mean - difference, difference, error, z), strict=True)))
    return table[table.observable != "energy"].reset_index(drop=True) if fitted else table


def passed(table):
    """Whether every |z| of a table of `compare` is below PASSED; a z that is not a number fails."""
    return bool((table.z.abs() < PASSED).all())


def contributions(spins):
    """The contribution of each configuration to each observable: DataFrame [n, observables], whose means estimate them.

    A contribution is estimate + influence: the standard error of the column is that of the estimate, to order 1/√n.

    energy             E/N
    energy_variance    (⟨E²⟩ − ⟨E⟩²)/N
    abs_magnetisation  ⟨|m|⟩
    magnetisation      ⟨m⟩: 0 in equilibrium, not for a machine with biases
    binder             1 − ⟨m⁴⟩/(3⟨m²⟩²)
    anisotropy         G(0,1) − G(1,0): products of neighbours in a row minus those in a column
    nearest            G(0,1) alone; at fitted ⟨E⟩ this is half the anisotropy, with the same z
    G(a,b)             ⟨s(0) s(r)⟩ at r = (a, b) and at its images under the symmetries of the square
    S(a,b)             ⟨|Σ_x s(x) e^{−ikx}|²⟩/N at k = 2π/L (a, b) and at its images

    L/2 is rounded down.
    """
    N = spins[0].size
    u = energy(spins) / N
    m = magnetisation(spins)
    square = np.mean(m**2)
    fourth = np.mean(m**4)
    with np.errstate(divide="ignore", invalid="ignore"):  # all m = 0
        binder = 1 - (m**4 - 2 * fourth * (m**2 / square - 1)) / (3 * square**2)
    columns = {
        "energy": u,
        "energy_variance": N * (u - u.mean()) ** 2,
        "abs_magnetisation": np.abs(m),
        "magnetisation": m,
        "binder": binder,
    }
    weights = _weights(spins.shape[-1])
    matrix = np.stack([weight.ravel() for weight in weights.values()], axis=-1)
    size = max(1, _AT_ONCE // N)
    parts = (spins[start : start + size] for start in range(0, len(spins), size))
    products = np.concatenate([two_point(part).reshape(len(part), N) @ matrix for part in parts])
    return pd.DataFrame(columns | dict(zip(weights, products.T, strict=True)))


@functools.cache
def _weights(L):
    """Observables that are sums Σ_r w(r) G(r) over the two-point function: {name: w [L, L]}."""
    y, x = np.indices((L, L))
    half = L // 2

    def place(a, b):
        return ((y - a) % L == 0) & ((x - b) % L == 0)

    def wave(a, b):
        return np.cos(2 * np.pi / L * (a * y + b * x))

    def symmetric(function, a, b):
        return np.mean([function(*r) for c in (b, -b) for r in ((a, c), (-a, c), (c, a), (c, -a))], axis=0)

    return {
        "anisotropy": 1.0 * place(0, 1) - place(1, 0),
        "nearest": 1.0 * place(0, 1),
        "G(1,1)": symmetric(place, 1, 1),
        "G(0,2)": symmetric(place, 0, 2),
        "G(0,L/2)": symmetric(place, 0, half),
        "G(L/2,L/2)": symmetric(place, half, half),
        "S(0,1)": symmetric(wave, 0, 1),
        "S(1,1)": symmetric(wave, 1, 1),
        "S(0,2)": symmetric(wave, 0, 2),
        "S(L/2,L/2)": symmetric(wave, half, half),
    }


def _slope(deviation):
    """b = cov(o, E)/var(E) of each column, from deviations from the mean; 0 if all energies are equal."""
    with_energy = deviation.energy @ deviation
    return (with_energy / with_energy.energy if with_energy.energy > _ROUNDING else 0 * with_energy).to_numpy()


def _rounded(values):
    """`values` with rounding errors replaced by 0."""
    return np.where(np.abs(values) < _ROUNDING, 0.0, values)
