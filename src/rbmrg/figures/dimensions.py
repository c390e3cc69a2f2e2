"""Scaling dimensions of every machine, the paper's way and the careful way, beside Monte Carlo data treated alike."""

import numpy as np
import pandas as pd

from rbmrg.figures import style

OPERATORS = {  # symbol, exact value, the range shown: what is beyond is marked at the edge
    "spin": (r"$\Delta_\sigma$", 0.125, (-0.05, 0.4)),
    "energy": (r"$\Delta_\epsilon$", 1.0, (0.0, 2.0)),
}
WAYS = {  # the paper's, the careful one: fit, ensemble, the ensemble that is shown beside it
    "class nearest $T_c$, power law": ("plain", "grouped", None),
    "end of the flow, torus function": ("torus", "end", "equilibrium"),
}
REFERENCE = "Monte Carlo"
ROW = 0.135  # inches


def draw(dimensions):
    """`dimensions`: tables of `dimensions.fits` with the columns machine, seed, ensemble; a point for each seed.

    Columns of panels: operators; rows: the paper's way and the careful way.
    """
    ways = {title: way for title, way in WAYS.items() if (dimensions.ensemble == way[1]).any()}
    parts = [
        dimensions[(dimensions.fit == fit) & dimensions.ensemble.isin([ensemble, beside])]
        for fit, ensemble, beside in ways.values()
    ]
    rows = [max(part.machine.nunique(), 4) for part in parts]
    figure, axes = style.panels(
        len(ways), len(OPERATORS), style.PAGE, 1.3 + ROW * sum(rows), sharey="row", height_ratios=rows
    )  # fmt: skip
    for line, part, (title, (_, ensemble, beside)) in zip(axes, parts, ways.items(), strict=True):
        for axis, (operator, (symbol, exact, low_high)) in zip(line, OPERATORS.items(), strict=True):
            style.machine_rows(axis, list(part.machine.unique()))
            axis.tick_params(axis="y", labelsize=6)
            axis.axvline(exact, label="exact", **style.EXACT | {"zorder": 1.5})
            here = part[part.operator == operator].assign(row=part.machine.factorize()[0][part.operator == operator])
            _band(axis, here[(here.machine == REFERENCE) & (here.ensemble == ensemble)])
            _points(axis, here[here.ensemble == beside], low_high, "0.55", "equilibrium at the same $T_E$")
            _points(axis, here[here.ensemble == ensemble], low_high, style.COLOURS[0], "machines and controls")
            axis.set(xlabel=f"{symbol}, {title}", xlim=low_high)
    handles, labels = axes[-1, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure, pd.concat(parts, ignore_index=True)


def _band(axis, rows):
    """What Monte Carlo data give, with its error."""
    known = rows[["dimension", "error"]].dropna().to_numpy()
    if not len(known):
        axis.set_title("no estimate from Monte Carlo in the same way", fontsize=6.5, color="0.4", pad=3)
    for value, error in known:
        axis.axvspan(value - error, value + error, color=style.COLOURS[4], alpha=0.35, linewidth=0, zorder=1)
        axis.axvline(value, color=style.COLOURS[4], linewidth=0.7, zorder=1, label="Monte Carlo in the same way")


def _points(axis, rows, low_high, colour, label):
    """One ensemble, the seeds of a machine one below the other; a correlation without logarithm has no point."""
    if rows.empty:
        return
    place = style.seed_rows(rows) - rows.machine.factorize()[0] + rows.row.to_numpy()
    known = rows.dimension.notna().to_numpy()
    value, error, place = rows.dimension.to_numpy()[known], rows.error.to_numpy()[known], place[known]
    inside = np.clip(value, *low_high) == value
    look = style.DATA | {"markersize": 2.2, "markerfacecolor": "white" if colour.startswith("0.") else colour}
    axis.errorbar(value[inside], place[inside], xerr=error[inside], color=colour, label=label, **look)
    style.at_edges(axis, value[~inside], place[~inside], low_high, colour)
