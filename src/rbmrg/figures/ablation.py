"""What of the training decides whether hidden units look like RG blocks: one parameter at a time."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.layers import statistics as map_statistics

STATISTICS = {  # (of, statistic): label, those that matter
    ("field", "best_four"): "$R$: mass of\nbest four sites",
    ("field", "gyration"): "$R$: radius\nof gyration",
    ("field", "overlap"): "$R$: overlap\nwith RG map",
    ("map", "average"): r"$\langle vh\rangle$: $|$mean$|$",
    ("map", "moran"): "$\\langle vh\\rangle$:\nMoran's $I$",
    ("machine", "kl"): "KL /\nnat per spin",
}


def draw(statistics, ablations, machines):
    """`statistics`: the table of `map_statistics`; `ablations`: machine, parameter, value, base; `machines`: the table
    of machines with their KL.  One column of panels for each parameter, its values in the order of the table; one row
    for each of `STATISTICS`.

    Numbers: means over units and seeds, with `error` (the larger of the jackknife one and that of the scatter between
    seeds) and `spread` over units; `reference` of the RG block average, `null` of the untrained machine of this L.
    """
    numbers = measured(statistics, ablations, machines)
    values = numbers.groupby("parameter", sort=False).value.unique()
    widths = [len(each) + 0.8 for each in values]
    figure, axes = style.panels(
        len(STATISTICS), len(values), style.PAGE, 1.3 + 0.95 * len(STATISTICS), sharex="col", sharey="row",
        width_ratios=widths,
    )  # fmt: skip
    for row, ((of, statistic), label) in zip(axes, STATISTICS.items(), strict=True):
        for axis, (parameter, ticks) in zip(row, values.items(), strict=True):
            here = (numbers.of == of) & (numbers.statistic == statistic) & (numbers.parameter == parameter)
            _points(axis, numbers[here], list(ticks))
        row[0].set_ylabel(label, fontsize=7)
        if statistic == "kl":
            row[0].set_yscale("log")
            row[0].yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 3)))
            row[0].yaxis.set_major_formatter("{x:g}")
            row[0].yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    for axis, (parameter, ticks) in zip(axes[0], values.items(), strict=True):
        axis.set_title(parameter.replace("_", "\n"), fontsize=7, pad=3)
        axis.set(xticks=range(len(ticks)), xlim=(-0.6, len(ticks) - 0.4))
    for axis, ticks in zip(axes[-1], values, strict=True):
        axis.set_xticklabels(ticks, rotation=90, fontsize=6.5)
    figure.align_ylabels()
    figure.legend(handles=_handles(), loc="outside upper center", ncols=6)
    return figure, numbers


def measured(statistics, ablations, machines):
    """One row for each machine, parameter and statistic of `STATISTICS`, see `draw`."""
    kl = machines.rename(columns={"machine": "source", "kl": "mean", "kl_error": "error"})
    kl = kl.assign(of="machine", statistic="kl", spread=np.nan)
    together = pd.concat([table[table.layer == 1] for table in (statistics, kl)], ignore_index=True)
    means = _means(together)
    table = ablations.assign(value=ablations.value.map(_text)).merge(means, left_on="machine", right_on="source")
    known = means.set_index(["L", "of", "statistic"])["mean"]
    reference = known[(means.source == map_statistics.REFERENCE).to_numpy()].rename("reference")
    null = known[means.source.str.startswith("untrained").to_numpy()].rename("null")
    null = null[~null.index.duplicated()]
    table = table.join(reference, on=["L", "of", "statistic"]).join(null, on=["L", "of", "statistic"])
    return table.drop(columns=["source"])


def _means(first):
    """source, L, of, statistic, seeds, mean, error, spread."""
    columns = ["source", "L", "of", "statistic"]
    wanted = [key in STATISTICS for key in zip(first.of, first.statistic, strict=True)]
    rows = [
        (*key, len(seeds), *map(float, style.over_seeds(seeds["mean"], seeds.error)), seeds.spread.mean())
        for key, seeds in first[wanted].groupby(columns, sort=False)
    ]
    return pd.DataFrame(rows, columns=[*columns, "seeds", "mean", "error", "spread"])


def _text(value):
    return value if isinstance(value, str) else f"{value:g}"


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
    line, look = mpl.lines.Line2D, {"color": style.COLOURS[0], "marker": "o", "markersize": 3, "linestyle": "none"}
    return [
        line([], [], label="base", markerfacecolor="white", **look),
        line([], [], label="one parameter changed", **look),
        line([], [], color=style.COLOURS[0], linewidth=1.6, label="error"),
        line([], [], color="0.65", linewidth=0.6, label="spread over units"),
        line([], [], label="RG block average", **style.EXACT),
        line([], [], label="untrained", **style.EXACT | {"linestyle": ":"}),
    ]
