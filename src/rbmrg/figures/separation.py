"""How far the units of machines are from RG blocks, statistic by statistic: which of them decides."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.layers.statistics import STATISTICS

PANELS = {"map": r"maps $\langle v_i h_a\rangle$", "field": "receptive fields $R_a$"}
CANNOT_TELL = 2.0  # σ of units
HIGHEST = (10.0, 100.0)  # the axis ends at the largest separation, but within these
SHARE = 0.7  # of the row of a statistic, for its machines


def draw(statistics):
    """`statistics`: the table of `map_statistics`, of all sources, lattices and layers.  Shown: machines, first layers
    on the largest lattice.

    Numbers: the rows that are drawn; `separation` is the mean over seeds, its error the larger of the statistical one
    and that of the scatter between seeds.
    """
    numbers = average(statistics)
    looks = _looks(numbers.source.unique())
    names = [name for name in STATISTICS if name in set(numbers.statistic)]
    known = numbers.separation.abs()[np.isfinite(numbers.separation)]
    low_high = (0.0, float(np.clip(1.3 * known.max() if len(known) else 0.0, *HIGHEST)))
    figure, axes = style.panels(1, 2, style.PAGE, 1.1 + 0.24 * len(names), sharex=True, sharey=True)
    for axis, (of, title) in zip(axes[0], PANELS.items(), strict=True):
        style.machine_rows(axis, [STATISTICS[name][0] for name in names])
        axis.set_xscale("symlog", linthresh=CANNOT_TELL, linscale=0.6)
        axis.axvspan(-0.12, CANNOT_TELL, color=style.COLOURS[4], alpha=0.25, linewidth=0, zorder=0)
        for place, (source, look) in enumerate(looks.items()):
            rows = numbers[(numbers.source == source) & (numbers.of == of) & numbers.separation.notna()]
            shift = SHARE * ((place + 0.5) / len(looks) - 0.5)
            _points(axis, rows, rows.statistic.map(names.index).to_numpy(float) + shift, low_high, look)
        axis.set(title=title, xlim=(-0.12, low_high[1]))  # a symbol at 0 is seen as a whole
        ticks = [tick for tick in (0, 1, 2, 5, 10, 20, 50, 100) if tick <= low_high[1]]
        axis.set_xticks(ticks, map(str, ticks))
        axis.set_xticks([], minor=True)
    figure.supxlabel(r"separation from the RG block average / $\sigma$ of units", fontsize=8)
    handles = [mpl.lines.Line2D([], [], linestyle="none", label=name, **look) for name, look in looks.items()]
    handles.append(mpl.patches.Patch(color=style.COLOURS[4], alpha=0.25, linewidth=0, label="cannot tell"))
    figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 6), columnspacing=1.2)
    return figure, numbers


def average(statistics):
    """kind, source, L, layer, of, statistic, seeds, separation, separation_error of machines, see `draw`."""
    machines = statistics[(statistics.kind == "machine") & (statistics.layer == 1)]
    machines = machines[(machines.L.max() == machines.L) & machines.statistic.isin(STATISTICS)]
    columns = ["kind", "source", "L", "layer", "of", "statistic"]
    rows = [
        (*key, len(seeds), *map(float, style.over_seeds(seeds.separation, seeds.separation_error)))
        for key, seeds in machines.groupby(columns, sort=False)
    ]
    table = pd.DataFrame(rows, columns=[*columns, "seeds", "separation", "separation_error"])
    return table.astype({"separation": float, "separation_error": float})  # also where there is no machine


def _looks(sources):
    """{source: look}, the untrained last and black."""
    looks = {}
    for place, name in enumerate(sorted(sources, key=lambda name: name.startswith("untrained"))):
        null = name.startswith("untrained")
        colour = "black" if null else style.COLOURS[place % 6]
        looks[name] = {"color": colour, "marker": "o" if null else style.ALONE[place % 5], "markersize": 3.5}
    return looks


def _points(axis, rows, place, low_high, look):
    """The statistics of one machine; what is beyond the panel, ∞ too, is a triangle at the edge."""
    value, error = rows.separation.abs().to_numpy(), rows.separation_error.to_numpy()
    inside = value <= low_high[1]
    axis.errorbar(value[inside], place[inside], xerr=error[inside], **style.DATA | look)
    style.at_edges(axis, value[~inside], place[~inside], low_high, look["color"])
