"""A row of the table of claims: an interval of one quantity of one source, its region, and the verdict."""

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from rbmrg.report.verdicts import verdict
from rbmrg.stats import CONFIDENCE, SEVERAL, Interval, interval

COLUMNS = [
    "claim", "quantity", "source", "scope", "machines", "estimate", "error", "low", "high", "region_low", "region_high",
    "verdict", "reason",
]  # fmt: skip
UNKNOWN = Interval(np.nan, np.nan, np.nan, np.nan)


class Scope(NamedTuple):
    """What an interval speaks of, in words, and the number of machines over whose scatter it is taken."""

    text: str
    machines: int


METHOD = Scope("the method", 0)
RULE = Scope("this rule", 0)


def row(claim, quantity, source, scope, tests, fault="", rival=""):
    """{column: value} for one `quantity` of a claim.

    `source`: the machine, RG rule or data; `scope`: a Scope; `tests`: {name: (Interval, Region)},
    of which the row shows the first; `fault`, `rival`: as in `verdict`.  The `reason` is the fault, or the rival that
    the verdict is due to, or the other test that decides it, or that there is no estimate.
    """
    (found, region), *others = tests.values()
    decided = verdict([*tests.values()], fault, rival)
    reason = fault or (rival if decided == "not diagnostic" else "")
    if not reason and decided != verdict([(found, region)]):
        names = list(tests)[1:]
        shown = zip(names, others, strict=True)
        reason = "; ".join(said(name, *test) for name, test in shown if verdict([test]) == decided)
    if not reason and (np.isnan(found.low) or np.isnan(found.high)):
        reason = "no estimate"
    values = (claim, quantity, source, *scope, *found, *region, decided, reason)
    return dict(zip(COLUMNS, values, strict=True))


def said(name, found, region):
    """`Δσ = 0.15 (0.148 to 0.152), region 0.1125 to 0.1375`: a test in words."""
    if np.isnan(found.low):
        return f"{name}: no estimate"
    interval_text = f"{found.estimate:.3g} ({found.low:.3g} to {found.high:.3g})"
    return f"{name} = {interval_text}, region {region.low:.4g} to {region.high:.4g}"


def scopes(seeds):
    """Yield (Scope, rows) for a table of the `seeds` of one machine.

    SEVERAL seeds or more speak together, fewer each for itself: no seed is left out.  An RG rule has one.
    """
    count = seeds.seed.nunique()
    if "kind" in seeds and (seeds.kind == "rule").all():
        yield RULE, seeds
    elif count >= SEVERAL:
        yield Scope(f"{count} machines", count), seeds
    else:
        for seed, alone in seeds.groupby("seed", sort=False):
            yield Scope(f"this machine, seed {seed}", 1), alone


def of_column(rows, column="value", error="error", confidence=CONFIDENCE, common=False):
    """`stats.interval` of a `column` of `rows` with its `error`; UNKNOWN if a value is NaN or there is none.

    If a value is infinite, so are both ends: it lies outside of every region.  `common`: as in `with_common_error`.
    """
    values = rows[column].to_numpy(float)
    if len(values) == 0 or np.isnan(values).any():
        return UNKNOWN
    if np.isinf(values).any():
        infinite = values[np.isinf(values)][0]
        return Interval(infinite, np.nan, infinite, infinite)
    errors = rows[error].to_numpy(float)
    found = interval(values, errors, confidence)
    return with_common_error(found, errors, confidence) if common and len(values) > 1 else found


def with_common_error(found, errors, confidence=CONFIDENCE):
    """The Interval `found` of machines that read the same configurations, whose `errors` are not in their scatter.

    The two are added in quadrature, as if all of the errors were common: what machines do not share counts twice.
    """
    common = np.sqrt(np.mean(np.square(errors)))
    reach = np.hypot(found.high - found.estimate, ndtri((1 + confidence) / 2) * common)
    return Interval(
        found.estimate, float(np.hypot(found.error, common)), found.estimate - reach, found.estimate + reach
    )
