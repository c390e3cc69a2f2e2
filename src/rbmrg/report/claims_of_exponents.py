"""Claim C10: whether a filter has the exponents of the Ising fixed point when it is used as an RG rule."""

from rbmrg.exponents.settling import EXACT, settled
from rbmrg.report.claims_of_couplings import without_places
from rbmrg.report.evidence import RULE, Scope, of_column, row
from rbmrg.report.verdicts import REGIONS, verdict

# Rules whose answers are known.
GOOD = "majority"
BAD = "decimation"
NAMES = {"y_t": "thermal exponent y_t", "y_h": "magnetic exponent y_h"}


def eigenvalues(exponents):
    """C10: y_t and y_h of each machine with one filter and of the majority rule, where they have settled.

    Dense machines whose units are placed make a single step, for which rules of known answer must be told by their
    first step, too.

    `exponents`: the table of that name.  All sources read the same configurations, so that the scatter of seeds does
    not contain their common error: each seed speaks for itself.
    """
    good = (exponents.kind == "rule") & (exponents.source == GOOD)
    mine = exponents[exponents.kind.isin(["machine", "placed"]) | good]
    for (kind, source, seed), rows in mine.groupby(["kind", "source", "seed"], sort=False):
        reason = without_places(rows.quality.iloc[0]) or fault(exponents[exponents.level <= rows.level.max()])
        scope = RULE if kind == "rule" else Scope(f"this machine, seed {seed}", 1)
        yield from judged(rows, source, scope, reason)


def judged(rows, source, scope, reason=""):
    """The row of each exponent for the `rows` of one rule; `reason`: why the method cannot tell, "" if it can."""
    for exponent, name in NAMES.items():
        tests = {exponent: (interval(rows, exponent), REGIONS[exponent])}
        yield row("C10", f"{name}, from L = {rows.L.iloc[0]}", source, scope, tests, reason)


def interval(rows, exponent):
    """The `stats.Interval` of an `exponent` of one rule where it has settled."""
    return of_column(settled(rows, exponent).to_frame().T, exponent, f"{exponent}_error")


def fault(exponents):
    """Why the method cannot tell, "" if it can: both rules whose answers are known must be seen for what they are."""
    problems = []
    for name, expected in ((GOOD, "reproduced"), (BAD, "not reproduced")):
        rows = exponents[(exponents.kind == "rule") & (exponents.source == name)]
        if rows.empty:
            problems.append(f"{name}, whose answer is known, is not there")
        elif (found := verdict([(interval(rows, exponent), REGIONS[exponent]) for exponent in EXACT])) != expected:
            problems.append(f"{name} is {found}")
    return "; ".join(problems)
