"""What of the training decides whether hidden units look like RG blocks: one parameter at a time."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.layers import bands as scale

STATISTICS = {  # (of, statistic): label, those that matter
    ("field", "patch"): "$R$: mass of\nbest block",
    ("field", "coverage"): "$R$: coverage",
    ("field", "gyration"): "$R$: squared\nradius",
    ("map", "average"): r"$\langle vh\rangle$: $|$mean$|$",
    ("machine", "kl"): "KL /\nnat per spin",
}
SOURCE = ["kind", "source", "control", "L", "of", "statistic"]


def draw(statistics, bands, ablations, machines):
    """One column of panels for each parameter, with its values in the order of the table; one row for each of
    `STATISTICS`.

    `statistics`: the table of `bands.placed`, `bands` that of `bands.bands`; `ablations`: machine, parameter, value,
    base; `machines`: the table of machines with their KL.  Numbers: `estimate`, the position between the untrained
    machine (0) and RG rules (1), or KL, a mean over seeds, with `error`, the larger of the statistical error and the
    scatter between seeds; `low` and `high` are the band of RG rules on this scale; `null` is that of the untrained
    machine of the same L.
    """
    numbers = measured(statistics, bands, ablations, machines)
    values = {name: list(ticks) for name, ticks in numbers.groupby("parameter", sort=False).value.unique().items()}
    figure, axes = style.panels(
        len(STATISTICS), len(values), style.PAGE, 1.3 + 0.95 * len(STATISTICS), sharex="col", sharey="row",
        width_ratios=[len(ticks) + 0.8 for ticks in values.values()],
    )  # fmt: skip
    for row, ((of, statistic), label) in zip(axes, STATISTICS.items(), strict=True):
        for axis, (parameter, ticks) in zip(row, values.items(), strict=True):
            here = (numbers.of == of) & (numbers.statistic == statistic) & (numbers.parameter == parameter)
            _points(axis, numbers[here], ticks)
        row[0].set_ylabel(label, fontsize=7)
        if statistic == "kl":
            _logarithmic(row[0])
    for column, (parameter, ticks) in zip(axes.T, values.items(), strict=True):
        column[0].set_title(parameter.replace("_", "\n"), fontsize=7, pad=3)
        column[0].set(xticks=range(len(ticks)), xlim=(-0.6, len(ticks) - 0.4))
        column[-1].set_xticklabels([_tick(parameter, value) for value in ticks], rotation=90, fontsize=6.5)
    figure.align_ylabels()
    figure.legend(handles=_handles(), loc="outside upper center", ncols=5)
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


def _logarithmic(axis):
    """Few labels, without powers of ten, on the logarithmic axis of KL."""
    axis.set_yscale("log")
    axis.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 3)))
    axis.yaxis.set_major_formatter("{x:g}")
    axis.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())


def _points(axis, rows, ticks):
    """One statistic against one parameter, with error bars; the base is open."""
    for low, high in rows[["low", "high"]].dropna().drop_duplicates().to_numpy():
        axis.axhspan(low, high, **style.BAND)
    for value in rows.null.dropna().unique():
        axis.axhline(value, **style.EXACT | {"linestyle": ":", "zorder": 1})
    known = rows[np.isfinite(rows.estimate)]
    x = known.value.map(ticks.index).to_numpy(float)
    base = (known.machine == known.base).to_numpy()
    axis.errorbar(x, known.estimate, known.error, fmt="none", ecolor=style.COLOURS[0], elinewidth=1.2)
    for chosen, face in ((base, "white"), (~base, style.COLOURS[0])):
        look = {"color": style.COLOURS[0], "markerfacecolor": face, "markersize": 3, "linestyle": "none"}
        axis.plot(x[chosen], known.estimate[chosen], "o", **look)


def _handles():
    line = mpl.lines.Line2D
    look = {"color": style.COLOURS[0], "marker": "o", "markersize": 3, "linestyle": "none"}
    return [
        line([], [], label="base", markerfacecolor="white", **look),
        line([], [], label="one parameter changed", **look),
        line([], [], color=style.COLOURS[0], linewidth=1.2, label="error"),
        line([], [], label="untrained", **style.EXACT | {"linestyle": ":"}),
        mpl.patches.Patch(label="band of RG rules", **style.BAND),
    ]
