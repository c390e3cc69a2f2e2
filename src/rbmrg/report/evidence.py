"""A row of the table of claims: the seeds of one machine against a reference and a control, with the verdict."""

import numpy as np

from rbmrg.report.verdicts import verdict
from rbmrg.stats import over_seeds, total_error

COLUMNS = [
    "claim", "quantity", "estimate", "stat_err", "seed_err", "reference", "reference_source", "control",
    "control_estimate", "verdict",
]  # fmt: skip


def row(claim, quantity, seeds, reference, control, *, spread=np.nan, tolerance=None):
    """{column: value} for one `quantity` of a claim.

    `seeds`: (estimates, errors), one of each for every machine; `reference`, `control`, `tolerance`: as in `verdict`.
    `spread` replaces the standard error in the verdict if it is larger.
    """
    estimate, statistical, seed = known_seeds(*seeds)
    error = np.fmax(total_error(statistical, seed), spread)
    decided = verdict(estimate, error, reference, control, tolerance)
    values = (
        claim, quantity, estimate, statistical, seed, reference.value, reference.source, control.name, control.estimate,
        decided,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def known_seeds(estimates, errors):
    """`stats.over_seeds` of the seeds whose estimate is not NaN; three NaN if there is none."""
    estimates = np.asarray(estimates, float)
    errors = np.asarray(errors, float)
    known = ~np.isnan(estimates)
    return over_seeds(estimates[known], errors[known]) if known.any() else (np.nan, np.nan, np.nan)


def first(rows, column):
    """(value, error) of the first of `rows`, a table with the columns `column` and error; NaN if there is none."""
    return (rows[column].iloc[0], rows.error.iloc[0]) if len(rows) else (np.nan, np.nan)
