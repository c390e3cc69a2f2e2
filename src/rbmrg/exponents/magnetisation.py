"""The exponent Δm of claim C2: ⟨|m|⟩ of configurations in one temperature class, as a power of Tc − T.

arXiv:1906.05212 averages |m| over all configurations that its network puts into one temperature class and fits the
averages of the classes below Tc by |m| ∝ (Tc − T)^Δm; for the infinite lattice Δm = 1/8 (Yang 1952).  The fit depends
on the range of classes, so all ranges a reader might choose are fitted; the quoted one was chosen on Monte Carlo data.

A class is a choice among configurations and changes ⟨|m|⟩ by itself.  At a given energy all Ising configurations are
equally likely, whatever their temperature: under a thermometer that reads the energy, every equilibrium ensemble, even
one of a single temperature, has the same ⟨|m|⟩ in a class, and therefore the same Δm.  Only the same treatment of Monte
Carlo data and of controls can show what a machine contributes.
"""

import numpy as np
import pandas as pd

from rbmrg import exact
from rbmrg.exponents.dimensions import slope
from rbmrg.lattice import TC
from rbmrg.stats import jackknife_error

MINIMUM = 30  # configurations in a class: with fewer, the mean and its standard error say little
BLOCKS = 20

# What a window of the fit must have:
CLASSES = 4  # at least: three points on a line do not make a power law
HIGHEST_FROM = 1.9  # a fit that stops below says nothing about Tc
LOWEST_FROM = 0.5  # below, all configurations are ground states and |m| = 1
# The quoted window was chosen once, on Monte Carlo data of L = 10 grouped by their true temperatures (200 000 a class):
# up to the last class below Tc, down to 1.6; a lower end up to 1.9 moves Δm by 2 %.  It gives 0.0856(2), all windows
# give 0.037 to 0.093, and Yang's magnetisation of the infinite lattice itself gives 0.098: none gives 1/8.
WINDOW = (1.6, 2.2)
_ROUNDING = 1e-9  # of temperatures: 1.9 may be 19 × 0.1


def grouped(magnetisation, classes):
    """Mean |m| of every class: `magnetisation` [...] (m or |m| of configurations), `classes` [...] their temperatures.

    Returns a DataFrame by increasing T: T, count, abs_magnetisation and error, the standard error of the mean of
    independent configurations.  Classes with fewer than MINIMUM configurations are left out.
    """
    m = pd.Series(np.abs(np.ravel(magnetisation)))
    groups = m.groupby(np.ravel(classes)).agg(["count", "mean", "sem"]).rename_axis("T").reset_index()
    groups.columns = ["T", "count", "abs_magnetisation", "error"]
    return groups[groups["count"] >= MINIMUM].reset_index(drop=True)


def windows(temperatures):
    """All ranges (lowest, highest) of the classes `temperatures` [classes] that a reader could choose for the fit.

    They lie below Tc and have CLASSES classes or more; the highest is ≥ HIGHEST_FROM and the lowest ≥ LOWEST_FROM.
    """
    T = np.unique(temperatures)
    T = T[(T >= LOWEST_FROM - _ROUNDING) & (T < TC)]
    last = range(CLASSES - 1, len(T))
    return [(T[i], T[j]) for j in last if T[j] >= HIGHEST_FROM - _ROUNDING for i in range(j - CLASSES + 2)]


def exponent(groups, window):
    """Δm: unweighted least-squares slope of ln⟨|m|⟩ against ln(Tc − T) of `groups` (a table of `grouped`).

    `window` = (lowest, highest), both included.  NaN for fewer than two classes, or if a class is at or above Tc or
    without magnetisation.
    """
    chosen = groups[_inside(groups["T"], window)]
    return _slope(chosen["T"].to_numpy(), chosen.abs_magnetisation.to_numpy())


def scan(magnetisation, classes, temperatures, blocks=BLOCKS):
    """Δm of every window: `magnetisation` and `classes` [..., n], `temperatures` of all classes of the thermometer.

    Returns a DataFrame of lowest, highest, exponent and error, one row for each of `windows` in which every class has
    MINIMUM configurations.  The error is by jackknife: the configurations i ≡ b mod `blocks` of the last axis are left
    out and the others grouped anew.  So configurations that share an index there (the steps of one flow) stay together,
    and the blocks of a mixture ordered by temperature are alike.  The error is NaN if a class is empty without one of
    the blocks.  Raises ValueError for fewer than two blocks or fewer configurations than blocks.
    """
    m = np.abs(magnetisation)
    if not 2 <= blocks <= m.shape[-1]:
        raise ValueError(f"blocks = {blocks}: must be from 2 to the number of configurations, {m.shape[-1]}")
    T, populated, mean, replicas = _means(m, np.asarray(classes), blocks)
    rows = []
    for window in windows(temperatures):
        if _inside(populated, window).sum() == _inside(np.unique(temperatures), window).sum():
            inside = _inside(T, window)
            estimates = np.array([_slope(T[inside], values[inside]) for values in (mean, *replicas)])
            rows.append((*window, estimates[0], jackknife_error(estimates[1:])))
    return pd.DataFrame(rows, columns=["lowest", "highest", "exponent", "error"])


def _means(m, classes, blocks):
    """(T, those with MINIMUM configurations, mean [T], replicas [blocks, T]): `m` in each class, jackknifed."""
    T, index = np.unique(classes, return_inverse=True)
    cell = index.reshape(m.shape) * blocks + np.arange(m.shape[-1]) % blocks
    sums, counts = (
        np.bincount(cell.ravel(), weights, len(T) * blocks).reshape(len(T), blocks) for weights in (m.ravel(), None)
    )
    with np.errstate(invalid="ignore"):
        mean = sums.sum(axis=1) / counts.sum(axis=1)
        replicas = (sums.sum(axis=1) - sums.T) / (counts.sum(axis=1) - counts.T)
    replicas[counts.sum(axis=1) == counts.T] = np.nan  # not a rounding error divided by zero
    return T, T[counts.sum(axis=1) >= MINIMUM], mean, replicas


def central(scan):
    """(Δm, its jackknife error, half the 16–84 % range of Δm over windows, window) from a table of `scan`.

    The window is WINDOW.  If that is not in the table or has no exponent, it is the window with the median exponent
    (the lower of two).  All NaN if no window has an exponent.
    """
    fitted = scan[scan.exponent.notna()].sort_values("exponent")
    if fitted.empty:
        return np.nan, np.nan, np.nan, (np.nan, np.nan)
    chosen = fitted[np.isclose(fitted.lowest, WINDOW[0]) & np.isclose(fitted.highest, WINDOW[1])]
    row = chosen.iloc[0] if len(chosen) else fitted.iloc[(len(fitted) - 1) // 2]
    low, high = np.quantile(fitted.exponent, [0.16, 0.84])
    return float(row.exponent), float(row.error), float(high - low) / 2, (float(row.lowest), float(row.highest))


def yang_exponent():
    """Δm that the fit finds in WINDOW on Yang's exact curve of the infinite lattice, at classes of 0.1 in T."""
    T = np.arange(WINDOW[0], WINDOW[1] + _ROUNDING, 0.1)
    return _slope(T, exact.yang_magnetisation(T))


def _inside(temperatures, window):
    """Which of `temperatures` are in the `window`, both ends included."""
    lowest, highest = window
    return (temperatures >= lowest - _ROUNDING) & (temperatures <= highest + _ROUNDING)


def _slope(T, m):
    """Slope of ln m against ln(Tc − T); NaN if a value has no logarithm or there are fewer than two."""
    if len(T) < 2 or not ((T < TC) & (m > 0)).all():
        return np.nan
    return slope(np.log(TC - T), np.log(m))
