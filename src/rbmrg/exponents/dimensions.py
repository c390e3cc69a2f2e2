"""Scaling dimensions from two-point functions, by the paper's plain power law and by the conformal torus function.

On the torus at Tc two-point functions are not power laws.  The plain fit is the slope of ln G against ln r (G ∝
r^(−2Δ)), over 1 ≤ r < L/2 for spins and 1 ≤ r < 0.31 L for energies.  The torus fit, and that with the known
amplitude, are in `torus_fit`.  Fits of a machine and of Monte Carlo data differ only in the data.
"""

import numpy as np
import pandas as pd

from rbmrg import correlators
from rbmrg.exponents.torus_fit import amplitude_fit, torus_fit, total_of
from rbmrg.stats import jackknife_error

# Of the plain fit, from the first distance up to, but not at, L times the second: chosen once, on Monte Carlo data at
# Tc ("How the fits are made" in results/reference/README.md), never by the results of a machine.
WINDOWS = {"spin": (1, 0.5), "energy": (1, 0.31)}


def slope(x, y):
    """Least-squares slope [...] of `y` [..., n] against `x` [n].

    It is NaN where a value is not finite: a negative correlation has no logarithm.
    """
    x = x - x.mean()
    y = np.where(np.isfinite(y).all(axis=-1, keepdims=True), y, np.nan)
    return y @ x / (x @ x)


def power_law(G, lowest, highest):
    """Δ [...] from G ∝ r^(−2Δ) at distances lowest ≤ r ≤ highest; `G` [..., L, L]."""
    r, values = correlators.by_distance(G)
    inside = (r >= lowest) & (r <= highest)
    return -0.5 * slope(np.log(r[inside]), _log(values[..., inside]))


def plain_fit(G, operator):
    """Δ [...] from G ∝ r^(−2Δ) in the window of `operator`, "spin" or "energy"; `G` [..., L, L]."""
    L = np.shape(G)[-1]
    r, _ = correlators.by_distance(np.zeros((L, L)))
    shortest, longest = WINDOWS[operator]
    inside = r[(r >= shortest) & (r < longest * L)]
    return power_law(G, inside[0], inside[-1])


def _log(values):
    """ln of `values`, without a warning where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values)


def windows(L):
    """All ranges (lowest, highest) of distances that a reader could choose for a power law.

    The lowest is from 1 to 2, the highest L/2 at most, and there are at least three distances.
    """
    r, _ = correlators.by_distance(np.zeros((L, L)))
    r = r[(r > 0) & (r <= L / 2)]
    return [(r[i], r[j]) for i in range(len(r)) if r[i] <= 2 for j in range(i + 2, len(r))]


def fits(measured):
    """Every fit to one Dataset of `correlators.measure`: DataFrame operator, fit, dimension, error, total, total_error.

    A correlation that is not positive has no plain power law: NaN.  The fit with the known amplitude has the sum over G
    that its dimension follows from, `torus_fit.total_of`; of others it is NaN.
    """
    rows = []
    none = (np.nan, np.nan)
    for operator, (centre, replicas) in correlators.estimates(measured).items():
        plain = _estimated(plain_fit(np.concatenate([centre[None], replicas]), operator))
        rows += [(operator, "plain", *plain, *none)]
        rows += [(operator, "torus", *torus_fit(centre, replicas, operator), *none)]
        with_amplitude = amplitude_fit(centre, replicas, operator)
        rows += [(operator, "amplitude", *with_amplitude, *total_of(centre, replicas, operator))]
    return pd.DataFrame(rows, columns=["operator", "fit", "dimension", "error", "total", "total_error"])


def scan(measured):
    """Plain power laws in all `windows`, as in `fits`: DataFrame operator, lowest, highest, dimension, error."""
    rows = []
    for operator, (centre, replicas) in correlators.estimates(measured).items():
        G = np.concatenate([centre[None], replicas])
        rows += [(operator, *window, *_estimated(power_law(G, *window))) for window in windows(len(centre))]
    return pd.DataFrame(rows, columns=["operator", "lowest", "highest", "dimension", "error"])


def fit_all(sources, progress=None):
    """(`fits`, `scan`) of all `sources`, a list of (columns for the rows, Dataset): two tables, source by source.

    `progress(done)` is called after each source.
    """
    tables = []
    for done, (columns, measured) in enumerate(sources, start=1):
        tables.append([table.assign(**columns) for table in (fits(measured), scan(measured))])
        if progress:
            progress(done)
    return tuple(pd.concat(column, ignore_index=True) for column in zip(*tables, strict=True))


def _estimated(values):
    """(estimate, jackknife error) of `values`, the estimate and its leave-one-out replicas."""
    return values[0], jackknife_error(values[1:])
