"""Is a set of configurations an Ising ensemble at all?  Observables beside those of equilibrium, in σ.

Energy is a sufficient statistic, so T_E = U⁻¹(⟨E⟩) is the temperature of maximum likelihood: if the configurations are
not those of T_E, they are those of no temperature.  The mean energy, and with it the nearest-neighbour correlation
averaged over both directions, then agrees by construction and tells nothing; all else does.

T_E is known from the same configurations, which correlates what is compared.  Along the line of equilibria
b = dO/dE = cov(o, E)/var(E), as dO/dT = cov(o, E)/T²; to first order in the error of T_E

    O − O_eq(T_E) = ⟨o − bE⟩ − ⟨o − bE⟩_eq,

a difference of two independent means, whose variances add.  For a sample of equilibrium it has, besides, less noise:
b(⟨E⟩ − ⟨E⟩_eq) is a control variate.  Quantities that are not means enter by their influence functions (delta method).
If the configurations vary less than those of equilibrium, the variance is that of equilibrium: a set of cold ones may
lack a rare excitation by chance, and its own variance would not know.
"""

import functools

import numpy as np
import pandas as pd

from rbmrg import sampling
from rbmrg.correlators import two_point
from rbmrg.lattice import energy, magnetisation
from rbmrg.stats import mean_error
from rbmrg.thermometers.posteriors import energy_temperature

PASSED = 4.0  # σ: a false alarm for less than one table in 1000, of 15 z each
COLUMNS = ["observable", "flow", "expected", "difference", "error", "z"]
_AT_ONCE = 2**22  # spins whose two-point functions are held in memory
_ROUNDING = 1e-12  # less than 1/(N n), the least error or difference that counting spins can give


def compare(spins, reference, fitted):
    """Observables of `spins` [n, L, L] beside those of `reference` [m, L, L], both int8 ±1 and independent.

    `fitted` tells that the reference is of T_E of the spins: `expected` is then moved along the line of equilibria to
    their ⟨E⟩ (see above); if not, `energy` (per spin) is one of the observables.  A DataFrame, one row each, with the
    columns observable, flow, expected, difference = flow − expected, error, z = difference/error; where the error is 0,
    z is 0 for equal values, else ±∞, and it is NaN for a Binder cumulant if all m = 0.  Errors are those of many
    configurations, hundreds at least.  Raises ValueError for fewer than two or for different L.
    """
    if spins.shape[1:] != reference.shape[1:] or min(len(spins), len(reference)) < 2:
        raise ValueError(f"at least two configurations each of one size are compared: {spins.shape}, {reference.shape}")
    flow, equilibrium = contributions(spins), contributions(reference)
    mean, centre = flow.mean().to_numpy(), equilibrium.mean()
    flow, equilibrium = flow - centre, equilibrium - centre  # small numbers: sums lose no digits
    slope = _slope(equilibrium) if fitted else np.zeros(len(centre))
    (moved, error), (noise, error_reference) = (
        mean_error(o.to_numpy() - np.outer(o.energy, slope)) for o in (flow, equilibrium)
    )
    error = np.maximum(error, error_reference * np.sqrt(len(reference) / len(spins)))
    difference, error = _rounded(moved - noise), _rounded(np.hypot(error, error_reference))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(difference == 0, 0.0, difference / error)
    table = pd.DataFrame(dict(zip(COLUMNS, (flow.columns, mean, mean - difference, difference, error, z), strict=True)))
    return table[table.observable != "energy"].reset_index(drop=True) if fitted else table


def at_best_temperature(spins, rng, n_reference=100_000):
    """`compare` of `spins` [n, L, L] with `n_reference` of equilibrium at T_E; columns T (= T_E) and T_error besides.

    At the ends, T_E = 0 (all are ground states) and T_E = ∞ (⟨E⟩ ≥ 0), the comparison is with that temperature, not
    fitted, and T_error is NaN.  `rng` is an int or a numpy Generator.  Raises ValueError as `compare` and `sample` do.
    """
    T, error = best_temperature(spins)
    reference = sampling.sample(spins.shape[-1], T, n_reference, rng)
    return compare(spins, reference, fitted=0 < T < np.inf).assign(T=T, T_error=error)


def best_temperature(spins):
    """(T_E, error) of `spins` [n, L, L]; ValueError for fewer than two."""
    if len(spins) < 2:
        raise ValueError(f"{len(spins)} configurations: at least two are needed")
    return energy_temperature(energy(spins), spins.shape[-1])


def as_mixture(spins, temperatures, rng, n_reference=100_000):
    """`compare` of `spins` [n, L, L], not fitted, with the mixture of equilibria at `temperatures`; T and T_error NaN.

    Each configuration of the reference is of any of them with equal probability, as it is supposed of `spins`: for
    exactly equal shares of the temperatures in `spins` the errors are too large.  Raises ValueError as `compare` and
    `sample` do, and if there are no temperatures.
    """
    reference = sampling.mixture(spins.shape[-1], temperatures, n_reference, rng)
    return compare(spins, reference, fitted=False).assign(T=np.nan, T_error=np.nan)


def assess(spins, training, rng, n_reference=10_000):
    """Both comparisons of the end of a flow, `spins` [n, L, L], of a machine trained at the temperatures `training`.

    A DataFrame as above with a column `reference`: `equilibrium` at T_E and, if there are several temperatures,
    `mixture` of them.
    """
    rng = np.random.default_rng(rng)
    tables = [at_best_temperature(spins, rng, n_reference).assign(reference="equilibrium")]
    if len(training) > 1:
        tables.append(as_mixture(spins, training, rng, n_reference).assign(reference="mixture"))
    return pd.concat(tables, ignore_index=True)


def passed(table):
    """Whether all |z| of a table from here are below PASSED; a z that is not a number is not."""
    return bool((table.z.abs() < PASSED).all())


def contributions(spins):
    """What each configuration adds to each observable: DataFrame [n, observables], their means are the estimates.

    It is estimate + influence: the standard error of the column is that of the estimate, to order 1/√n.

    energy             E/N
    energy_variance    (⟨E²⟩ − ⟨E⟩²)/N
    abs_magnetisation  ⟨|m|⟩
    magnetisation      ⟨m⟩: 0 in equilibrium, not for a machine with biases
    binder             1 − ⟨m⁴⟩/(3⟨m²⟩²)
    anisotropy         G(0,1) − G(1,0): products of neighbours in a row less those in a column
    nearest            G(0,1) alone; at fitted ⟨E⟩ this is half the anisotropy, with the same z
    G(a,b)             ⟨s(0) s(r)⟩ at r = (a, b) and those like it by the symmetries of the square
    S(a,b)             ⟨|Σ_x s(x) e^{−ikx}|²⟩/N at k = 2π/L (a, b) and those like it

    L/2 is rounded down.
    """
    N = spins[0].size
    u, m = energy(spins) / N, magnetisation(spins)
    square, fourth = np.mean(m**2), np.mean(m**4)
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
    """`values` with 0 for what is rounding only."""
    return np.where(np.abs(values) < _ROUNDING, 0.0, values)
