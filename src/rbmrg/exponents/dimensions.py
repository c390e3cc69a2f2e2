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
    """Least-squares slope of y [..., n] against x [n]; NaN where a value is not finite: a negative correlation has no
    logarithm.
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
    r, inside = _window(np.shape(G)[-1], f"{operator} plain")
    return power_law(G, r[inside][0], r[inside][-1])


def torus_fit(G, operator):
    """Δ [...] = Δ₀ × slope of ln G against ln of the torus function of `operator`; `G` [..., L, L]."""
    dimension, shape = TORUS[operator]
    L = np.shape(G)[-1]
    _, inside = _window(L, f"{operator} torus")
    shapes = correlators.by_distance(shape(L))[1][inside]
    return dimension * slope(np.log(shapes), _log(correlators.by_distance(G)[1][..., inside]))


def _window(L, name):
    """Distances on the torus and which of them are in the window called `name`."""
    r, _ = correlators.by_distance(np.zeros((L, L)))
    shortest, longest = WINDOWS[name]
    return r, (r >= shortest) & (r < longest * L)


def _log(values):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values)


def windows(L):
    """All ranges (lowest, highest) of distances that a reader could choose for a power law: lowest from 1 to 2, highest
    up to L/2, at least three distances.
    """
    r, _ = correlators.by_distance(np.zeros((L, L)))
    r = r[(r > 0) & (r <= L / 2)]
    return [(r[i], r[j]) for i in range(len(r)) if r[i] <= 2 for j in range(i + 2, len(r))]


def fits(measured):
    """All fits to one Dataset of `correlators.measure`: two DataFrames, the fits and the scan of windows.

    The fits have operator, fit, dimension, error; the scan has operator, lowest, highest, dimension, error, of plain
    power laws in all `windows`.  A correlation that is not positive has no logarithm: NaN.
    """
    rows, scan = [], []
    for operator, (centre, replicas) in correlators.estimates(measured).items():
        G = np.concatenate([centre[None], replicas])
        rows += [(operator, "plain", *_estimated(plain_fit(G, operator)))]
        rows += [(operator, "torus", *_estimated(torus_fit(G, operator)))]
        scan += [(operator, *window, *_estimated(power_law(G, *window))) for window in windows(len(centre))]
    columns = ["dimension", "error"]
    return (
        pd.DataFrame(rows, columns=["operator", "fit", *columns]),
        pd.DataFrame(scan, columns=["operator", "lowest", "highest", *columns]),
    )


def _estimated(values):
    """(estimate, jackknife error) of `values`, the estimate and its leave-one-out replicas."""
    return values[0], jackknife_error(values[1:])
