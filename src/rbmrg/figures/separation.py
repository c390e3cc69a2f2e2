"""How far the units of machines are from RG blocks, statistic by statistic: which of them decides."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import style
from rbmrg.layers.statistics import STATISTICS

PANELS = {"map": r"maps $\langle v_i h_a\rangle$", "field": "receptive fields $R_a$"}
CANNOT_TELL = 2.0  # σ of units, as in the rule of verdicts (report.verdicts.AGREEMENT)
HIGHEST = (10.0, 100.0)  # the axis ends at the largest separation, but within these
SHARE = 0.7  # of the row of a statistic, for its machines


def draw(statistics):
    """A row for each statistic; maps at the left, receptive fields at the right.

    `statistics`: the table of `layers.statistics`, of all sources, lattices and layers.  Shown: machines, first layers
    on the largest lattice.  Numbers: the rows that are drawn; `separation` is the mean over seeds, its error the larger
    of the statistical error and the scatter between seeds.
    """
    numbers = average(statistics)
    looks = _looks(style.in_order(numbers))
    names = [name for name in STATISTICS if name in set(numbers.statistic)]
    known = numbers.separation.abs()[np.isfinite(numbers.separation)]
    low_high = (0.0, float(np.clip(1.3 * known.max() if len(known) else 0.0, *HIGHEST)))
    figure, axes = style.panels(1, 2, style.PAGE, 1.1 + 0.24 * len(names), sharex=True, sharey=True)
    for axis, (of, title) in zip(axes[0], PANELS.items(), strict=True):
        style.named_rows(axis, [STATISTICS[name][0] for name in names])
        _frame(axis, low_high)
        for place, (source, look) in enumerate(looks.items()):
            rows = numbers[(numbers.source == source) & (numbers.of == of) & numbers.separation.notna()]
            shift = SHARE * ((place + 0.5) / len(looks) - 0.5)
            _points(axis, rows, rows.statistic.map(names.index).to_numpy(float) + shift, low_high, look)
        axis.set_title(title)
    figure.supxlabel(r"separation from the RG block average / $\sigma$ of units", fontsize=8)
    handles = [mpl.lines.Line2D([], [], linestyle="none", label=name, **look) for name, look in looks.items()]
    handles.append(mpl.patches.Patch(color=style.COLOURS[4], alpha=0.25, linewidth=0, label="cannot tell"))
    figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 6), columnspacing=1.2)
    return figure, numbers


def average(statistics):
    """kind, source, control, L, layer, of, statistic, seeds, separation, separation_error of machines, see `draw`."""
    machines = statistics[(statistics.kind == "machine") & (statistics.layer == 1)]
    machines = machines[(machines.L.max() == machines.L) & machines.statistic.isin(STATISTICS)]
    columns = ["kind", "source", "control", "L", "layer", "of", "statistic"]
    return style.seed_means(machines, columns, "separation", "separation_error")


def _looks(sources):
    """{source: look}; an untrained machine is black."""
    looks = {}
    for place, which in enumerate(sources.itertuples()):
        look = {"color": style.COLOURS[place % 6], "marker": style.VARIANTS[place % 5], "markersize": 3.5}
        looks[which.source] = look | ({"color": "black", "marker": "o"} if which.control == "untrained" else {})
    return looks


def _frame(axis, low_high):
    """An axis that is linear where a unit cannot be told from a block, and logarithmic beyond."""
    axis.set_xscale("symlog", linthresh=CANNOT_TELL, linscale=0.6)
    axis.axvspan(-0.12, CANNOT_TELL, color=style.COLOURS[4], alpha=0.25, linewidth=0, zorder=0)
    axis.set_xlim(-0.12, low_high[1])  # a symbol at 0 is seen as a whole
    ticks = [tick for tick in (0, 1, 2, 5, 10, 20, 50, 100) if tick <= low_high[1]]
    axis.set_xticks(ticks, map(str, ticks))
    axis.set_xticks([], minor=True)


def _points(axis, rows, place, low_high, look):
    """The statistics of one machine; separations beyond the panel, ∞ too, are triangles at the edge."""
    value = rows.separation.abs().to_numpy()
    error = rows.separation_error.to_numpy()
    inside = value <= low_high[1]
    axis.errorbar(value[inside], place[inside], xerr=error[inside], **style.DATA | look)
    style.at_edges(axis, value[~inside], place[~inside], low_high, look["color"])
