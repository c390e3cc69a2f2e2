"""Scaling dimensions of every machine, the paper's way and the careful way, beside Monte Carlo data treated alike."""

import numpy as np
import pandas as pd

from rbmrg.figures import style

OPERATORS = {  # symbol, exact value, the range shown: values beyond it are marked at the edge
    "spin": (r"$\Delta_\sigma$", 0.125, (-0.05, 0.4)),
    "energy": (r"$\Delta_\epsilon$", 1.0, (0.0, 2.0)),
}
WAYS = {  # the paper's, the careful one: fit, ensemble, the ensemble that is shown beside it
    "class nearest $T_c$, power law": ("plain", "grouped", None),
    "end of the flow, torus function": ("torus", "end", "equilibrium"),
}
REFERENCE = "Monte Carlo"  # the source that each panel has as a band
ROW = 0.135  # inches
SHOWN = {"color": style.COLOURS[0], "markersize": 2.2, "label": "machines and controls"}
BESIDE = {"color": "0.55", "markerfacecolor": "white", "markersize": 2.2, "label": "equilibrium at the same $T_E$"}


def draw(dimensions):
    """Columns of panels: operators; rows: the paper's way and the careful way; a point for each seed.

    `dimensions`: a row for each operator, fit, source (machine, or Monte Carlo data treated in the same way), seed and
    ensemble.  Numbers: the rows that are shown.
    """
    ways = {title: way for title, way in WAYS.items() if (dimensions.ensemble == way[1]).any()}
    table = dimensions.assign(source=style.source_labels(dimensions))
    parts = [
        table[(table.fit == fit) & table.ensemble.isin([ensemble, beside])] for fit, ensemble, beside in ways.values()
    ]
    rows = [max(part.source.nunique(), 4) for part in parts]
    figure, axes = style.panels(
        len(ways), len(OPERATORS), style.PAGE, 1.3 + ROW * sum(rows), sharey="row", height_ratios=rows
    )  # fmt: skip
    for line, part, (title, (_, ensemble, beside)) in zip(axes, parts, ways.items(), strict=True):
        for axis, (operator, (symbol, _, _)) in zip(line, OPERATORS.items(), strict=True):
            _panel(axis, part.assign(row=part.source.factorize()[0]), operator, ensemble, beside)
            axis.set_xlabel(f"{symbol}, {title}")
    handles, labels = axes[-1, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure, pd.concat(parts, ignore_index=True).drop(columns="source")


def _panel(axis, part, operator, ensemble, beside):
    """One operator, one way; `part` has a column `row`, the place of its source in the figure."""
    _, exact, low_high = OPERATORS[operator]
    style.named_rows(axis, list(part.source.unique()))
    axis.tick_params(axis="y", labelsize=6)
    axis.axvline(exact, label="exact", **style.EXACT | {"zorder": 1.5})
    here = part[part.operator == operator]
    reference = (here.kind == "monte carlo") & (here.machine == REFERENCE)
    _band(axis, here[reference & (here.ensemble == ensemble)])
    for name, look in ((beside, BESIDE), (ensemble, SHOWN)):
        _points(axis, here[here.ensemble == name], low_high, style.DATA | look)
    axis.set(xlim=low_high)


def _band(axis, rows):
    """The estimate from Monte Carlo data, with its error."""
    known = rows[["dimension", "error"]].dropna().to_numpy()
    if not len(known):
        axis.set_title("no estimate from Monte Carlo in the same way", fontsize=6.5, color="0.4", pad=3)
    for value, error in known:
        axis.axvspan(value - error, value + error, color=style.COLOURS[4], alpha=0.35, linewidth=0, zorder=1)
        axis.axvline(value, color=style.COLOURS[4], linewidth=0.7, zorder=1, label="Monte Carlo in the same way")


def _points(axis, rows, low_high, look):
    """One ensemble, the seeds of a machine one below the other; an estimate that is NaN has no point."""
    if rows.empty:
        return
    place = style.seed_rows(rows, "source") - rows.source.factorize()[0] + rows.row.to_numpy()
    known = rows.dimension.notna().to_numpy()
    value, error = rows.loc[known, ["dimension", "error"]].to_numpy().T
    place = place[known]
    inside = np.clip(value, *low_high) == value
    axis.errorbar(value[inside], place[inside], xerr=error[inside], **look)
    style.at_edges(axis, value[~inside], place[~inside], low_high, look["color"])
