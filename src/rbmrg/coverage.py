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
COLUMNS = ["replica", "quantity", "estimate", "low68", "high68", "low95", "high95", "bound", "truth", "truth_error"]
BOUND = "extended by a bound of a systematic error: holds the truth more often than it says"


class Estimate(NamedTuple):
    """An estimate, and the ends of its 68 % and 95 % intervals.

    `bound`: whether these are extended by a bound of a systematic error, so that they may hold the truth too often.
    """

    value: float
    low68: float
    high68: float
    low95: float
    high95: float
    bound: bool = False

    @property
    def truth(self):
        """(value, error): a truth for replicas with less data."""
        return self.value, self.high68 - self.value


def gaussian(value, error):
    """The `Estimate` of a `value` with a standard `error`."""
    half = 1.959964 * error
    return Estimate(*map(float, (value, value - error, value + error, value - half, value + half)))


def limits(level, replicas):
    """(lowest, highest) share of `replicas` with which the coverage called `level` holds."""
    ends = np.array(WANTED[level])
    low, high = ends + ALLOWED * np.array([-1, 1]) * np.sqrt(ends * (1 - ends) / replicas)
    return low, min(high, 1.0)


def table(estimates):
    """A row for each quantity of `estimates`, a DataFrame of COLUMNS, in their order.

    quantity; truth; replicas (with an estimate and an error); pull_mean with its standard error, pull_width, the
    standard deviation, and ks, the Kolmogorov–Smirnov probability of pulls for a standard normal distribution;
    coverage68 and coverage95; holds (True or False, see WANTED; where intervals are bounds, only too few count); note,
    the mean error in units of the scatter and the bias, where it does not, or BOUND.  A pull is in units of the
    68 % interval on the side of the truth.  The error of the truth is added in quadrature.
    """
    rows = [(quantity, *_row(of)) for quantity, of in estimates.groupby("quantity", sort=False)]
    columns = ["truth", "replicas", "pull_mean", "pull_mean_error", "pull_width", "ks", *LEVELS, "holds", "note"]
    return pd.DataFrame(rows, columns=["quantity", *columns])


def _row(of):
    from scipy import stats  # takes longer to import than a job that only needs LEVELS runs

    known = of[np.isfinite(of.estimate) & np.isfinite(of.low68) & np.isfinite(of.high68)]
    n = len(known)
    if n < 2:
        return of.truth.iloc[0], n, *[np.nan] * 6, False, "no estimates"
    off = known.estimate - known.truth
    pulls = off / _reach(known, off, "68")
    bound = bool(known.bound.any())
    found = {"coverage68": np.abs(pulls) < 1, "coverage95": np.abs(off) < _reach(known, off, "95", 1.959964)}
    shares = {level: inside.mean() for level, inside in found.items()}
    ends = {level: limits(level, n) for level in LEVELS}
    holds = all(low <= shares[level] and (bound or shares[level] <= high) for level, (low, high) in ends.items())
    width = pulls.std(ddof=1)
    ks = stats.kstest(pulls, "norm").pvalue
    mean = pulls.mean()
    note = BOUND if bound else ""
    if not holds:
        note = f"error / scatter = {1 / width:.2f}, bias = {mean:+.2f} errors"
    return known.truth.iloc[0], n, mean, width / np.sqrt(n), width, ks, *shares.values(), holds, note


def _reach(known, off, level, errors=1.0):
    """From each estimate to the end of its interval on the side of the truth, with `errors` of the truth."""
    reach = np.where(off > 0, known.estimate - known[f"low{level}"], known[f"high{level}"] - known.estimate)
    return np.hypot(reach, errors * known.truth_error)
