"""Scaling dimensions at the ends of flows, the careful way and the paper's, beside Monte Carlo data treated alike."""

import numpy as np
import pandas as pd

from rbmrg.figures import sources, style

OPERATORS = {  # symbol, exact value, the range shown: values beyond it are marked at the edge
    "spin": (r"$\Delta_\sigma$", 0.125, (-0.03, 0.28)),
    "energy": (r"$\Delta_\epsilon$", 1.0, (0.0, 2.0)),
}
REFERENCE = "Monte Carlo"  # the data that both ways are tried on
WAYS = {  # (fit, ensemble): label, look, place in the row
    ("torus", "end"): ("end of the flow, torus function", {"color": style.COLOURS[0], "marker": "o"}, -0.2),
    ("plain", "grouped"): ("the paper's: class nearest $T_c$", {"color": style.COLOURS[1], "marker": "s"}, 0.2),
}
ROW = 0.17  # inches
SEEDS = 0.3  # of a row, for the seeds of a machine


def draw(dimensions):
    """A panel for each operator, a row for each machine, and a point for each seed in each of two ways.

    `dimensions`: a row for each operator, fit, source (machine, or Monte Carlo data treated in the same way), seed and
    ensemble.  Shown are the machines of `sources.in_rows` and Monte Carlo data.  Numbers: all rows of these two
    ways, and whether they are `shown`.
    """
    ways = pd.MultiIndex.from_frame(dimensions[["fit", "ensemble"]])
    numbers = dimensions[ways.isin(list(WAYS))].reset_index(drop=True)
    found = sources.in_rows(numbers[numbers.kind == "machine"])
    reference = (numbers.kind == "monte carlo") & (numbers.machine == REFERENCE)
    shown = reference | ((numbers.kind == "machine") & numbers.machine.isin(found.machine))
    numbers = numbers.assign(shown=shown)
    rows = 2 + len(found) + found.group.nunique()
    figure, axes = style.panels(1, len(OPERATORS), style.COLUMN, 0.95 + ROW * rows, sharey=True)
    for axis, (operator, (symbol, exact, low_high)) in zip(axes[0], OPERATORS.items(), strict=True):
        places = sources.rows(axis, found, {"data at $T_c$": [REFERENCE]})
        here = numbers[shown & (numbers.operator == operator)]
        for way, (label, look, shift) in WAYS.items():
            mine = here[(here.fit == way[0]) & (here.ensemble == way[1])]
            _points(axis, mine, sources.seed_rows(mine, places, SEEDS) + shift, low_high, look | {"label": label})
        axis.axvline(exact, label="exact", **style.EXACT | {"zorder": 1.5})
        axis.set(xlim=low_high, xlabel=symbol)
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2, columnspacing=1)
    return figure, numbers


def _points(axis, rows, place, low_high, look):
    """Estimates with their errors, triangles at the edge where they lie beyond it; NaN has no point."""
    value, error = rows[["dimension", "error"]].to_numpy(float).T
    inside = np.clip(value, *low_high) == value
    axis.errorbar(value[inside], place[inside], xerr=error[inside], **style.DATA | look | {"markersize": 2.2})
    beyond = np.isfinite(value) & ~inside
    style.at_edges(axis, value[beyond], place[beyond], low_high, look["color"], size=2.5)
