"""Coverage: how often intervals hold the truth, and pulls, (estimate − truth)/error, beside the standard normal."""

from typing import NamedTuple

import numpy as np
import pandas as pd

LEVELS = {"coverage68": 0.6826895, "coverage95": 0.95}
# What is wanted of the share of intervals that hold the truth.  Coverage holds if neither share lies outside its range
# by more than two of the binomial standard errors at the end of the range.  With 200 replicas these are 0.56 to 0.79
# and 0.88 to 1.00: right errors fail with probability 6e-4, errors 30 % too small in 98 %, halved errors always.
WANTED = {"coverage68": (0.63, 0.73), "coverage95": (0.92, 0.98)}
ALLOWED = 2.0  # binomial standard errors
COLUMNS = ["replica", "quantity", "estimate", "half68", "half95", "truth", "truth_error"]


class Estimate(NamedTuple):
    """An estimate, and half the widths of its 68 % and 95 % intervals."""

    value: float
    half68: float
    half95: float


def gaussian(value, error):
    """The `Estimate` of a `value` with a standard `error`."""
    return Estimate(float(value), float(error), 1.959964 * float(error))


def limits(level, replicas):
    """(lowest, highest) share of `replicas` with which the coverage called `level` holds."""
    ends = np.array(WANTED[level])
    low, high = ends + ALLOWED * np.array([-1, 1]) * np.sqrt(ends * (1 - ends) / replicas)
    return low, min(high, 1.0)


def table(estimates):
    """A row for each quantity of `estimates`, a DataFrame of COLUMNS, in their order.

    quantity; truth; replicas (with an estimate and an error); pull_mean with its standard error, pull_width, the
    standard deviation, and ks, the Kolmogorov–Smirnov probability of pulls for a standard normal distribution;
    coverage68 and coverage95; holds (True or False, see WANTED); note, the mean error in units of
    the scatter and the bias, where it does not.  The error of the truth is added in quadrature.
    """
    rows = [(quantity, *_row(of)) for quantity, of in estimates.groupby("quantity", sort=False)]
    columns = ["truth", "replicas", "pull_mean", "pull_mean_error", "pull_width", "ks", *LEVELS, "holds", "note"]
    return pd.DataFrame(rows, columns=["quantity", *columns])


def _row(of):
    from scipy import stats  # takes longer to import than a job that only needs LEVELS runs

    known = of[np.isfinite(of.estimate) & np.isfinite(of.half68)]
    n = len(known)
    if n < 2:
        return of.truth.iloc[0], n, *[np.nan] * 6, False, "no estimates"
    off = known.estimate - known.truth
    pulls = off / np.hypot(known.half68, known.truth_error)
    inside95 = np.abs(off) < np.hypot(known.half95, 1.959964 * known.truth_error)
    shares = {"coverage68": np.mean(np.abs(pulls) < 1), "coverage95": inside95.mean()}
    holds = all(low <= shares[level] <= high for level in LEVELS for low, high in [limits(level, n)])
    width = pulls.std(ddof=1)
    ks = stats.kstest(pulls, "norm").pvalue
    mean = pulls.mean()
    note = "" if holds else f"error / scatter = {1 / width:.2f}, bias = {mean:+.2f} errors"
    return known.truth.iloc[0], n, mean, width / np.sqrt(n), width, ks, *shares.values(), holds, note
