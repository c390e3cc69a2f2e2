"""Temperature along flows of every machine from every start, and where thermometers disagree at the end."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import style
from rbmrg.lattice import TC

COLUMNS = 5
ZERO = 0.5  # where step 0 stands on the logarithmic axis
RIVALS = {  # thermometers shown at the end only, beside the energy: their look
    "network 0": {"marker": "s", "label": "network", "color": style.COLOURS[1]},
    "bayes": {"marker": "D", "label": "Bayes", "color": style.COLOURS[2]},
    "magnetisation": {"marker": "^", "label": "$|m|$", "color": style.COLOURS[5]},
}


def draw(readings):
    """One panel for each machine of `readings` (see `calibration.read_flow`, with columns machine and seed).

    Lines: T_E from each start, one for each seed.  Markers: other thermometers at the last step, the mean over starts
    of each seed.  Numbers: the rows of `readings` that are shown.
    """
    last = readings.step == readings.step.max()
    course = readings[readings.thermometer == "energy"]
    ends = readings[last & readings.thermometer.isin(RIVALS)]
    machines, starts = list(readings.machine.unique()), np.sort(readings.start.unique())
    colours = mpl.colormaps["plasma"](np.linspace(0, 0.85, len(starts)))
    top = 1.08 * max(starts[-1], 1.5 * TC)
    columns, rows = min(COLUMNS, len(machines)), -(-len(machines) // COLUMNS)
    figure, axes = style.panels(
        rows, columns, style.PAGE * (0.25 + 0.15 * columns), 1.0 + 1.15 * rows, sharex=True, sharey=True
    )
    for axis, machine in zip(axes.flat, machines, strict=False):
        of_machine = course[course.machine == machine]
        for start, colour in zip(starts, colours, strict=True):
            for _, line in of_machine[of_machine.start == start].groupby("seed"):
                _line(axis, line, top, color=colour)
        _ends(axis, ends[ends.machine == machine], top)
        style.mark_tc(axis, horizontal=True, label=False)
        axis.set_title(machine, fontsize=7, pad=3)
    _axes(axes, len(machines), readings.step.max(), top)
    line = mpl.lines.Line2D
    handles = [line([], [], color=c, label=style.temperature_label(T)) for T, c in zip(starts, colours, strict=True)]
    handles += [line([], [], markersize=3, linestyle="none", **look) for look in RIVALS.values()]
    handles.append(line([], [], color="0.6", linewidth=0.7, label="$T_c$"))
    figure.legend(handles=handles, loc="outside upper center", ncols=9, columnspacing=1.2)
    figure.supxlabel("flow length / steps", fontsize=8)
    figure.supylabel("$T$", fontsize=8)
    return figure, readings[readings.index.isin(course.index) | readings.index.isin(ends.index)]


def _line(axis, line, top, color):
    """T_E along one flow; a temperature above the panel, an infinite one too, is a triangle at its upper edge."""
    x, T = np.maximum(line.step.to_numpy(), ZERO), line.temperature.to_numpy()
    above = top < T
    axis.plot(x, _below(T, top), color=color, linewidth=0.7, alpha=0.8)
    axis.plot(x[above], _below(T[above], top), "^", color=color, markersize=2.5, markeredgewidth=0)


def _ends(axis, ends, top):
    """The readings of the other thermometers right of the last step, one beside the other."""
    for place, (thermometer, look) in enumerate(RIVALS.items()):
        T = ends[ends.thermometer == thermometer].groupby("seed").temperature.mean().to_numpy()
        x = np.full(len(T), ends.step.max() * 2 * 2.0**place)
        axis.plot(x, _below(T, top), markersize=2.5, markeredgewidth=0, linestyle="none", alpha=0.8, **look)


def _below(T, top):
    return np.minimum(T, 0.97 * top)  # NaN remains


def _axes(axes, machines, length, top):
    """Limits and ticks of all panels; those without a machine are left empty."""
    decades = 10 ** np.arange(1 + int(np.log10(max(length, 1))))
    left = axes[0, 0]
    left.set(xscale="log", xlim=(0.7 * ZERO, 16 * max(length, 1)), ylim=(0, top))
    left.set_xticks([ZERO, *decades], ["0", *map(str, decades)], minor=False)
    left.set_xticks([], minor=True)
    columns = axes.shape[1]
    for place, axis in enumerate(axes.flat):
        axis.tick_params(labelsize=6, labelbottom=machines - columns <= place < machines)
        if place >= machines:
            axis.set_axis_off()
        elif length:
            axis.axvline(1.4 * length, color="0.8", linewidth=0.5, zorder=0)  # markers are not in time
