"""The league table of RG rules: y_t and y_h of every rule and filter, step by step, beside the exact values."""

import pandas as pd

from rbmrg.exponents.settling import EXACT, WITHIN, settled
from rbmrg.figures import style

SHOWN = {"y_t": (0.82, 1.22), "y_h": (1.845, 1.955)}  # the range of each panel
SYMBOLS = {"y_t": "$y_t$", "y_h": "$y_h$"}
ROW = 0.145  # inches
GROUPS = {"rule": "RG rules", "dial": "RG rules", "machine": "filters", "placed": "dense, units placed"}
SPREAD = 0.5  # of a row, for its levels
LOOKS = {  # of a step, by whether the exponent has settled there
    False: {"color": style.COLOURS[7], "markersize": 2, "label": "each step, the first one above"},
    True: {"color": style.COLOURS[0], "markersize": 4, "label": "where it has settled"},
}


def draw(exponents):
    """A row for each rule and each seed of a machine, the best of a group at the top; `exponents`: the table.

    Small marks are steps, the first one above; the large one is where the exponent has settled.  Bars are one standard
    error; triangles lie beyond the panel.  Numbers: these rows with all operators, `y_t_settled` and `y_h_settled`.
    """
    numbers = league(exponents)
    groups = numbers.kind.map(GROUPS)
    names = {group: list(rows.label.unique()) for group, rows in numbers.groupby(groups, sort=False)}
    count = len(names) + sum(map(len, names.values()))
    figure, axes = style.panels(1, 2, style.COLUMN, 0.9 + ROW * max(count, 4), sharey=True)
    for axis, exponent in zip(axes[0], EXACT, strict=True):
        places = style.headed_rows(axis, names)
        axis.axvline(EXACT[exponent], label="exact", **style.EXACT)
        axis.axvspan(EXACT[exponent] - WITHIN[exponent], EXACT[exponent] + WITHIN[exponent], **style.BAND)
        row = pd.Series([places[key] for key in zip(groups, numbers.label, strict=True)], numbers.index)
        place = row + SPREAD * ((numbers.level - 0.5) / numbers.level.max() - 0.5)
        for chosen, look in LOOKS.items():
            here = numbers[f"{exponent}_settled"] == chosen
            _points(axis, numbers[here], place[here].to_numpy(), exponent, look)
        axis.set(xlim=SHOWN[exponent], xlabel=SYMBOLS[exponent])
        axis.locator_params(axis="x", nbins=4)
        axis.tick_params(labelsize=6)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure, numbers


def league(exponents):
    """The rows with all operators, a `label` for each rule and seed, settled levels marked, in the order of the league.

    That is by group, and then by the larger distance from the exact values, in units of WITHIN, where exponents have
    settled.
    """
    full = exponents[exponents.operators == exponents.operators.max()]
    order = list(GROUPS.values())
    rows = []
    for (kind, source, seed), of in full.groupby(["kind", "source", "seed"], sort=False):
        levels = {exponent: settled(of, exponent).level for exponent in EXACT}
        away = max(
            abs(of[of.level == levels[name]][name].iloc[0] - exact) / WITHIN[name] for name, exact in EXACT.items()
        )
        label = f"{source}, seed {seed}" if kind in ("machine", "placed") else source
        label += f", {of.quality.iloc[0]:.0%}" if kind == "placed" else ""
        marks = {f"{exponent}_settled": of.level == level for exponent, level in levels.items()}
        rows.append(((order.index(GROUPS[kind]), away), of.assign(label=label, **marks)))
    rows.sort(key=lambda row: row[0])
    return pd.concat([table for _, table in rows], ignore_index=True)


def _points(axis, rows, place, exponent, look):
    """Marks of some levels, or triangles at the edge."""
    values = rows[exponent].to_numpy()
    low, high = SHOWN[exponent]
    seen = (values >= low) & (values <= high)
    axis.errorbar(values[seen], place[seen], xerr=rows[f"{exponent}_error"].to_numpy()[seen], **style.DATA | look)
    size = 0.6 * look["markersize"] + 1
    style.at_edges(axis, values[~seen], place[~seen], (low, high), look["color"], size=size)
