"""A study held against its released results: how far each row of the claims has moved, and which verdicts flipped."""

import numpy as np
import pandas as pd

KEY = ["claim", "quantity", "source", "scope"]
FAR = 3.0  # standard errors of the difference
SHOWN = 20  # rows in the summary


def compare(own, released):
    """A row for each row of either table of claims: KEY, own and released estimate, error and verdict, z, change.

    z is the difference over its standard error, as if the two runs were independent: their samples may be the same
    where a seed is, and then z is small.  The errors are those of the claims, over seeds where several speak together.
    change: `none` (the same number and verdict), `within errors`, `moved` (|z| > FAR), `one-sided` (one of the two
    has no estimate), `flipped` (another verdict), `new` or `gone`.
    """
    columns = ["estimate", "error", "verdict"]
    table = own[KEY + columns].merge(
        released[KEY + columns], on=KEY, how="outer", suffixes=("", "_released"), indicator=True, validate="1:1"
    )
    equal = table.estimate == table.estimate_released  # infinite ones, too
    error = np.hypot(table.error.fillna(0.0), table.error_released.fillna(0.0))
    table["z"] = ((table.estimate - table.estimate_released) / error).mask(equal, 0.0)
    unknown = table.estimate.isna()
    changes = {
        "gone": table["_merge"] == "right_only",
        "new": table["_merge"] == "left_only",
        "flipped": table.verdict != table.verdict_released,
        "one-sided": unknown != table.estimate_released.isna(),
        "moved": table.z.abs() > FAR,
        "none": equal | unknown,
    }
    table["change"] = np.select([*changes.values()], [*changes], "within errors")
    return table.drop(columns="_merge")


def summary(table, study):
    """What is new in words: counts, then all rows that differ by more than errors, the farthest first."""
    counts = table.change.value_counts()
    said = {
        "none": "the same to the last digit", "within errors": f"within {FAR:g} σ", "moved": f"beyond {FAR:g} σ",
        "one-sided": "with an estimate on one side only", "flipped": "with another verdict",
        "new": "not among the released", "gone": "only among the released",
    }  # fmt: skip
    parts = [f"{counts[change]} {text}" for change, text in said.items() if change in counts]
    lines = [f"{len(table)} rows of {study} against the released results: {', '.join(parts)}."]
    loud = table[table.change.isin(["flipped", "moved", "one-sided", "new", "gone"])]
    order = loud.z.abs().sort_values(ascending=False, kind="stable", na_position="last").index
    lines += [_said(row) for row in loud.loc[order[:SHOWN]].itertuples()]
    if len(loud) > SHOWN:
        lines.append(f"… and {len(loud) - SHOWN} more")
    return "\n".join(lines)


def _said(row):
    own, released = (
        f"{estimate:.4g}({error:.2g}) {verdict}" if isinstance(verdict, str) else "no row"
        for estimate, error, verdict in (
            (row.estimate, row.error, row.verdict),
            (row.estimate_released, row.error_released, row.verdict_released),
        )
    )
    z = "" if pd.isna(row.z) else f", {row.z:+.1f} σ"
    return f"  {row.claim}, {row.quantity}, {row.source}, {row.scope}: {own}; released {released}{z}"
