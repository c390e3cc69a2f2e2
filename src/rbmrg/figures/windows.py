"""Exponents from all windows a reader could choose, for every source: how much the choice of the window decides."""

import numpy as np
import pandas as pd

from rbmrg import correlators
from rbmrg.exponents import magnetisation
from rbmrg.exponents.dimensions import WINDOWS
from rbmrg.figures import sources, style

EXPONENTS = {  # symbol, exact value, the range shown
    "spin": (r"$\Delta_\sigma$", 0.125, (-0.04, 0.3)),
    "energy": (r"$\Delta_\epsilon$", 1.0, (0.0, 3.0)),
    "magnetisation": (r"$\Delta_m$", 0.125, (0.02, 0.14)),
}
ENSEMBLES = {  # label, colour, place in the row
    "grouped": ("by class", style.COLOURS[0], -0.17),
    "end": ("all", style.COLOURS[1], 0.17),
}
ROW = 0.16  # inches


def draw(windows, scans):
    """A bar for each source and ensemble, the median over seeds of what `ranges` returns, and a dot for each seed.

    `windows`: tables of plain power laws from `dimensions.scan`, `scans`: of `magnetisation.scan`, with the columns
    machine (or the name of Monte Carlo data), kind, control, seed; windows have an `ensemble` besides.  Shown are all
    data and the machines of `sources.in_rows`.
    """
    by_class = scans.rename(columns={"exponent": "dimension"}).assign(operator="magnetisation", ensemble="grouped")
    both = pd.concat([table for table in (windows, by_class) if len(table)], ignore_index=True)
    both = both.astype({"dimension": float, "error": float})  # a table without rows has no numbers
    data = sources.labels(both[both.kind == "monte carlo"]).unique()
    machines = sources.in_rows(both[both.kind == "machine"])
    numbers = ranges(both[both.ensemble.isin(list(ENSEMBLES))])
    numbers["shown"] = (numbers.kind == "monte carlo") | numbers.machine.isin(machines.machine)
    shown = numbers[numbers.shown].assign(source=sources.labels)
    height = 0.75 + ROW * (1 + len(data) + len(machines) + machines.group.nunique())
    figure, axes = style.panels(1, len(EXPONENTS), style.COLUMN, height, sharey=True)
    for axis, (operator, (symbol, exact, low_high)) in zip(axes[0], EXPONENTS.items(), strict=True):
        places = sources.rows(axis, machines, {"equilibrium data": data})
        axis.axvline(exact, label="exact", **style.EXACT | {"zorder": 1.5})
        for ensemble, (label, colour, shift) in ENSEMBLES.items():
            here = shown[(shown.operator == operator) & (shown.ensemble == ensemble)]
            _bars(axis, here.assign(place=here.source.map(places) + shift), low_high, colour, label)
        axis.set(xlabel=symbol, xlim=low_high)
        axis.tick_params(axis="x", labelsize=6)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure, numbers


def ranges(fits):
    """operator, machine, kind, control, seed, ensemble, the number of windows with an estimate, minimum, q16, q84 and
    maximum of these estimates, and the quoted value and error.

    `quoted` is NaN if the window of `dimensions.WINDOWS` or `magnetisation.WINDOW` has no estimate.
    """
    source = ["machine", "kind", "control", "seed", "ensemble"]
    rows = []
    for operator, chosen in fits.groupby("operator", sort=False):
        low, high = _quoted(operator, chosen)
        known = chosen[chosen.dimension.notna()]
        for which, windows in known.groupby(source, sort=False):
            quoted = windows[np.isclose(windows.lowest, low) & np.isclose(windows.highest, high)]
            value, error = quoted[["dimension", "error"]].iloc[0] if len(quoted) else (np.nan, np.nan)
            quantiles = np.quantile(windows.dimension, [0, 0.16, 0.84, 1])
            rows.append((operator, *which, len(windows), *quantiles, value, error))
    columns = ["windows", "minimum", "q16", "q84", "maximum", "quoted", "error"]
    return pd.DataFrame(rows, columns=["operator", *source, *columns])


def _quoted(operator, fits):
    """(lowest, highest) of the quoted window, distances or temperatures."""
    if operator == "magnetisation":
        return magnetisation.WINDOW
    L = int(np.ceil(2 * fits.highest.max()))  # the longest distance is L/2, for odd L (L/2 − 1/2, 1) at least
    lowest, longest = WINDOWS[operator]
    r, _ = correlators.by_distance(np.zeros((L, L)))
    return lowest, r[r < longest * L][-1]


def _bars(axis, rows, low_high, colour, label):
    """All windows thin, the middle 68 % of them thick, the quoted one as a dot, a triangle if beyond the panel."""
    bars = rows.groupby("place")[["minimum", "q16", "q84", "maximum"]].median()
    axis.hlines(bars.index, bars.minimum, bars.maximum, color=colour, linewidth=0.7)
    axis.hlines(bars.index, bars.q16, bars.q84, color=colour, linewidth=2.5, alpha=0.45)
    value, error, place = rows[["quoted", "error", "place"]].to_numpy(float).T
    inside = np.clip(value, *low_high) == value
    beyond = (value < low_high[0]) | (value > low_high[1])
    axis.errorbar(value[inside], place[inside], xerr=error[inside], color=colour, label=label, **style.DATA)
    style.at_edges(axis, value[beyond], place[beyond], low_high, colour)
