"""What of the training decides whether hidden units look like RG blocks: one parameter at a time."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.layers import bands as scale

STATISTICS = {  # (of, statistic): label, those that matter
    ("field", "patch"): "mass of\nbest block",
    ("field", "gyration"): "squared\nradius",
    ("machine", "kl"): "KL / (nat\nper spin)",
}
ROW = 0.125  # inches
POINT = style.DATA | {"color": style.COLOURS[0], "markersize": 3, "elinewidth": 1.2}
SOURCE = ["kind", "source", "control", "L", "of", "statistic"]


def draw(statistics, bands, ablations, machines):
    """One panel for each of `STATISTICS`, a row for each value of a parameter, below the name of the parameter.

    `statistics`: the table of `bands.placed`, `bands` that of `bands.bands`; `ablations`: machine, parameter, value,
    base; `machines`: the table of machines with their KL.  Numbers: `estimate`, the position between the untrained
    machine (0) and RG rules (1), or KL, a mean over seeds, with `error`, the larger of the statistical error and the
    scatter between seeds; `low` and `high` are the band of RG rules on this scale; `null` is that of the untrained
    machine of the same L.
    """
    numbers = measured(statistics, bands, ablations, machines)
    groups = dict(numbers.groupby("parameter", sort=False).value.unique())
    rows = [text for name, values in groups.items() for text in (name, *(_tick(name, value) for value in values))]
    figure, axes = style.panels(1, len(STATISTICS), style.COLUMN, 1.2 + ROW * max(len(rows), 5), sharey=True)
    for axis, ((of, statistic), label) in zip(axes[0], STATISTICS.items(), strict=True):
        places = style.headed_rows(axis, groups)
        axis.set_yticklabels(rows)  # of two values they may be equal
        here = numbers[(numbers.of == of) & (numbers.statistic == statistic)]
        _points(axis, here, [places[key] for key in zip(here.parameter, here.value, strict=True)])
        axis.set_xlabel(label, fontsize=7)
        axis.tick_params(axis="x", labelsize=6)
        if statistic == "kl":
            axis.set_xscale("log")
            style.few_labels(axis.xaxis)
    figure.legend(handles=_handles(), loc="outside upper center", ncols=2, columnspacing=1)
    return figure, numbers


def measured(statistics, bands, ablations, machines):
    """One row for each machine, parameter and statistic of `STATISTICS`, see `draw`."""
    positions = statistics.drop(columns=["mean", "error"])
    positions = positions.rename(columns={"position": "estimate", "position_error": "error"})
    kl = machines.rename(columns={"machine": "source", "kl": "estimate", "kl_error": "error"})
    kl = kl.assign(kind="machine", of="machine", statistic="kl")
    first = pd.concat([table[table.layer == 1] for table in (positions, kl)], ignore_index=True)
    wanted = [key in STATISTICS for key in zip(first.of, first.statistic, strict=True)]
    means = style.seed_means(first[wanted], SOURCE, "estimate", "error")
    mine = means[means.kind == "machine"].drop(columns="kind").rename(columns={"source": "machine"})
    null = mine[mine.control == "untrained"].groupby(["L", "of", "statistic"]).estimate.mean().rename("null")
    table = ablations.assign(value=ablations.value.map(_text)).merge(mine, on="machine")
    first_bands = scale.positions(bands[bands.layer == 1]).set_index(["L", "of", "statistic"])[["low", "high"]]
    return table.join(first_bands, on=["L", "of", "statistic"]).join(null, on=["L", "of", "statistic"])


def _text(value):
    return value if isinstance(value, str) else f"{value:g}"


def _tick(parameter, value):
    """The value in few digits, Tc by its name."""
    if parameter == "training":
        return style.temperature(value)
    try:
        return f"{float(value):g}"
    except ValueError:
        return value


def _points(axis, rows, place):
    """One statistic of all machines, with error bars; the base is open."""
    for low, high in rows[["low", "high"]].dropna().drop_duplicates().to_numpy():
        axis.axvspan(low, high, **style.BAND)
    for value in rows.null.dropna().unique():
        axis.axvline(value, **style.EXACT | {"linestyle": ":", "zorder": 1})
    base = (rows.machine == rows.base).to_numpy()
    for chosen, face in ((base, "white"), (~base, POINT["color"])):
        known = chosen & np.isfinite(rows.estimate.to_numpy())
        mine = rows[known]
        axis.errorbar(mine.estimate, np.array(place)[known], xerr=mine.error, **POINT | {"markerfacecolor": face})


def _handles():
    line = mpl.lines.Line2D
    look = {"color": POINT["color"], "marker": "o", "markersize": 3, "linestyle": "none"}
    return [
        line([], [], label="base", markerfacecolor="white", **look),
        line([], [], label="one parameter changed", **look),
        line([], [], label="untrained", **style.EXACT | {"linestyle": ":"}),
        mpl.patches.Patch(label="band of RG rules", **style.BAND),
    ]
