"""Scaling dimensions from two-point functions, the paper's way and the careful way.

On the torus at Tc two-point functions are not power laws.  The plain fit is the slope of ln G against ln r (G ∝
r^(−2Δ)) for 1 ≤ r < L/2; the torus fit is the slope against the logarithm of the conformal torus function of the
known dimension Δ₀, so that Δ = Δ₀ × slope. Both are unweighted least squares, with errors from the jackknife over
samples, so that a fit of a machine and a fit of Monte Carlo data differ in nothing but the data.
"""

import numpy as np
import pandas as pd

from rbmrg import correlators, torus
from rbmrg.stats import jackknife_error

TORUS = {"spin": (0.125, torus.spin_correlation), "energy": (1.0, torus.energy_correlation)}
# Distances from, and below: chosen once, on Monte Carlo data at Tc (README, "the fits"), never by what a machine gives.
WINDOWS = {"spin plain": (1, 0.5), "spin torus": (1, 0.5), "energy plain": (1, 0.31), "energy torus": (2, 0.5)}


def slope(x, y):
    """Least-squares slope of y against x; NaN if a value is not finite (a negative correlation has no logarithm)."""
    if not np.isfinite(y).all():
        return np.nan
    x = x - x.mean()
    return float(x @ y / (x @ x))


def plain_fit(G, operator):
    """Δ from G ∝ r^(−2Δ) in the window of `operator`, "spin" or "energy"; `G` [L, L]."""
    r, inside = _window(len(G), f"{operator} plain")
    return -0.5 * slope(np.log(r[inside]), _log(correlators.by_distance(G)[1][inside]))


def torus_fit(G, operator):
    """Δ = Δ₀ × slope of ln G against ln of the torus function of `operator`, "spin" or "energy"; `G` [L, L]."""
    dimension, shape = TORUS[operator]
    _, inside = _window(len(G), f"{operator} torus")
    shapes = correlators.by_distance(shape(len(G)))[1][inside]
    return dimension * slope(np.log(shapes), _log(correlators.by_distance(G)[1][inside]))


def _window(L, name):
    """Distances on the torus and which of them are in the window called `name`."""
    r, _ = correlators.by_distance(np.zeros((L, L)))
    shortest, longest = WINDOWS[name]
    return r, (r >= shortest) & (r < longest * L)


def _log(values):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values)


def table(measured):
    """All fits to one Dataset of `correlators.measure`: DataFrame with operator, fit, dimension, error."""
    fits = {"plain": plain_fit, "torus": torus_fit}
    rows = []
    for operator, (centre, replicas) in correlators.estimates(measured).items():
        for fit, estimator in fits.items():
            error = jackknife_error(np.array([estimator(G, operator) for G in replicas]))
            rows.append((operator, fit, estimator(centre, operator), error))
    return pd.DataFrame(rows, columns=["operator", "fit", "dimension", "error"])
