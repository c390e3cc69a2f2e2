"""A row of the table of claims: an interval of one quantity of one source, its region, and the verdict."""

import numpy as np

from rbmrg.report.verdicts import verdict
from rbmrg.stats import SEVERAL, Interval, interval

COLUMNS = [
    "claim", "quantity", "source", "scope", "estimate", "error", "low", "high", "region_low", "region_high", "verdict",
    "reason",
]  # fmt: skip
UNKNOWN = Interval(np.nan, np.nan, np.nan, np.nan)


def row(claim, quantity, source, scope, tests, fault=""):
    """{column: value} for one `quantity` of a claim.

    `source`: the machine, RG rule or data; `scope`: what the interval speaks of; `tests`, `fault`: as in `verdict`.
    The row shows the first of the `tests`; its `reason` is the fault, or says that there is no estimate.
    """
    found, region = tests[0]
    reason = fault or ("no estimate" if np.isnan(found.low) or np.isnan(found.high) else "")
    values = (claim, quantity, source, scope, *found, *region, verdict(tests, fault), reason)
    return dict(zip(COLUMNS, values, strict=True))


def scopes(seeds):
    """Yield (what is said, rows) for a table of the `seeds` of one machine.

    SEVERAL seeds or more speak together, fewer each for itself: no seed is left out.
    """
    count = seeds.seed.nunique()
    if count >= SEVERAL:
        yield f"{count} machines", seeds
    else:
        for seed, alone in seeds.groupby("seed", sort=False):
            yield f"this machine, seed {seed}", alone


def of_column(rows, column="value", error="error"):
    """`stats.interval` of a `column` of `rows` with its `error`; UNKNOWN if a value is NaN or there is none.

    If a value is infinite, so are both ends: it lies outside of every region.
    """
    values = rows[column].to_numpy(float)
    if len(values) == 0 or np.isnan(values).any():
        return UNKNOWN
    if np.isinf(values).any():
        infinite = values[np.isinf(values)][0]
        return Interval(infinite, np.nan, infinite, infinite)
    return interval(values, rows[error].to_numpy(float))
