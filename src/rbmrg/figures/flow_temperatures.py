"""Temperature along flows from the coldest and the hottest start, for one machine of each family."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import sources, style
from rbmrg.lattice import TC

ZERO = 0.5  # where step 0 stands on the logarithmic axis
LOOKS = {  # of the starts; the widest dashes let the other line be seen below
    "coldest": {"color": style.COLOURS[0], "linestyle": "-"},
    "hottest": {"color": style.COLOURS[1], "linestyle": (0, (4, 2))},
}


def draw(readings):
    """A panel for each of `sources.representatives`: T_E from two starts, thin for each seed, thick for the median.

    `readings`: see `flows.reading.read_all`.  Numbers: the rows of `readings` that are drawn.
    """
    machines = sources.representatives(readings)
    starts = {"coldest": readings.start.min(), "hottest": readings.start.max()}
    wanted = (readings.thermometer == "energy") & readings.start.isin(starts.values())
    numbers = readings[wanted & readings.machine.isin(machines.machine)]
    top = 1.08 * max(*starts.values(), 1.5 * TC)
    seeds = numbers.groupby("machine").seed.nunique()
    titles = [f"{row.family}, {row.training}" for row in machines.itertuples()]
    figure, axes = style.grid(titles, height=1.05, margin=0.75)
    for machine, axis in zip(machines.machine, axes, strict=True):
        for name, T in starts.items():
            _course(axis, numbers[(numbers.machine == machine) & (numbers.start == T)], top, **LOOKS[name])
        _axis(axis, numbers.step.max(), top)
        if seeds[machine] > 1:
            axis.text(0.96, 0.05, f"{seeds[machine]} seeds", transform=axis.transAxes, ha="right", fontsize=6)
    figure.legend(handles=_handles(starts), loc="outside upper center", ncols=3)
    figure.supxlabel("flow length / steps", fontsize=8)
    figure.supylabel(f"$T_E$ / {style.T_UNIT}", fontsize=8)
    return figure, numbers


def _handles(starts):
    line = mpl.lines.Line2D
    found = [line([], [], linewidth=1.4, label=style.start_label(T), **LOOKS[name]) for name, T in starts.items()]
    return [*found, line([], [], color="0.6", linewidth=0.7, label="$T_c$")]


def _course(axis, rows, top, **look):
    """T_E from one start; a temperature above the panel, an infinite one too, is a triangle at its upper edge."""
    table = rows.pivot_table(index="step", columns="seed", values="temperature", dropna=False)
    x = np.maximum(table.index.to_numpy(), ZERO)
    T = table.to_numpy()
    axis.plot(x, _below(T, top), linewidth=0.5, alpha=0.7, **look)
    median = np.median(T, axis=1)
    axis.plot(x, _below(median, top), linewidth=1.4, **look)
    above = top < median
    axis.plot(x[above], _below(median[above], top), "^", color=look["color"], markersize=2.5, markeredgewidth=0)


def _below(T, top):
    return np.minimum(T, 0.97 * top)  # NaN remains


def _axis(axis, length, top):
    """Limits and ticks of one panel, with Tc."""
    decades = 10 ** np.arange(1 + int(np.log10(max(length, 1))))
    style.mark_tc(axis, horizontal=True, label=False)
    axis.set(xscale="log", xlim=(0.7 * ZERO, 1.4 * max(length, 1)), ylim=(0, top), yticks=range(0, int(top) + 1, 2))
    axis.set_xticks([ZERO, *decades], ["0", *map(str, decades)], minor=False)
    axis.set_xticks([], minor=True)
    axis.tick_params(labelsize=6)
