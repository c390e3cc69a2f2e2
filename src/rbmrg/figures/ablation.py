"""What of the training decides whether hidden units look like RG blocks: one parameter at a time."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.layers.statistics import REFERENCE

STATISTICS = {  # (of, statistic): label, those that matter
    ("field", "best_four"): "$R$: mass of\nbest four sites",
    ("field", "gyration"): "$R$: radius\nof gyration",
    ("field", "overlap"): "$R$: overlap\nwith RG map",
    ("map", "average"): r"$\langle vh\rangle$: $|$mean$|$",
    ("map", "moran"): "$\\langle vh\\rangle$:\nMoran's $I$",
    ("machine", "kl"): "KL /\nnat per spin",
}
SOURCE = ["kind", "source", "control", "L", "of", "statistic"]


def draw(statistics, ablations, machines):
    """One column of panels for each parameter, with its values in the order of the table; one row for each of
    `STATISTICS`.

    `statistics`: the table of `layers.statistics`; `ablations`: machine, parameter, value, base; `machines`: the table
    of machines with their KL.  Numbers: means over units and seeds, with `error` (the larger of the jackknife error and
    the scatter between seeds) and `spread` over units; `reference` of the RG block average, `null` of the untrained
    machine of the same L.
    """
    numbers = measured(statistics, ablations, machines)
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
    figure.legend(handles=_handles(), loc="outside upper center", ncols=6)
    return figure, numbers


def measured(statistics, ablations, machines):
    """One row for each machine, parameter and statistic of `STATISTICS`, see `draw`."""
    kl = machines.rename(columns={"machine": "source", "kl": "mean", "kl_error": "error"})
    kl = kl.assign(kind="machine", of="machine", statistic="kl", spread=np.nan)
    means = _means(pd.concat([table[table.layer == 1] for table in (statistics, kl)], ignore_index=True))
    known = means.set_index(["L", "of", "statistic"])["mean"]
    reference = known[((means.kind == "rule") & (means.source == REFERENCE)).to_numpy()].rename("reference")
    null = known[(means.control == "untrained").to_numpy()].rename("null")
    null = null[~null.index.duplicated()]
    mine = means[means.kind == "machine"].drop(columns="kind").rename(columns={"source": "machine"})
    table = ablations.assign(value=ablations.value.map(_text)).merge(mine, on="machine")
    return table.join(reference, on=["L", "of", "statistic"]).join(null, on=["L", "of", "statistic"])


def _means(first):
    """kind, source, control, L, of, statistic, seeds, mean, error, spread."""
    wanted = [key in STATISTICS for key in zip(first.of, first.statistic, strict=True)]
    spread = first[wanted].groupby(SOURCE, sort=False).spread.mean()
    return style.seed_means(first[wanted], SOURCE, "mean", "error").assign(spread=spread.to_numpy())


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
    """One statistic against one parameter: thin bars for the spread, thick ones for the error; the base is open."""
    for name, look in (("reference", style.EXACT), ("null", style.EXACT | {"linestyle": ":"})):
        for value in rows[name].dropna().unique():
            axis.axhline(value, **look | {"zorder": 1})
    known = rows[np.isfinite(rows["mean"])]
    x = known.value.map(ticks.index).to_numpy(float)
    base = (known.machine == known.base).to_numpy()
    axis.errorbar(x, known["mean"], known.spread, fmt="none", ecolor="0.65", elinewidth=0.6)
    axis.errorbar(x, known["mean"], known.error, fmt="none", ecolor=style.COLOURS[0], elinewidth=1.6)
    for chosen, face in ((base, "white"), (~base, style.COLOURS[0])):
        look = {"color": style.COLOURS[0], "markerfacecolor": face, "markersize": 3, "linestyle": "none"}
        axis.plot(x[chosen], known["mean"][chosen], "o", **look)


def _handles():
    line = mpl.lines.Line2D
    look = {"color": style.COLOURS[0], "marker": "o", "markersize": 3, "linestyle": "none"}
    return [
        line([], [], label="base", markerfacecolor="white", **look),
        line([], [], label="one parameter changed", **look),
        line([], [], color=style.COLOURS[0], linewidth=1.6, label="error"),
        line([], [], color="0.65", linewidth=0.6, label="spread over units"),
        line([], [], label="RG block average", **style.EXACT),
        line([], [], label="untrained", **style.EXACT | {"linestyle": ":"}),
    ]
