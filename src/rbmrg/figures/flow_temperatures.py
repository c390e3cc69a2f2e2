"""Temperature along flows of every machine from every start, and where thermometers disagree at the end."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import style
from rbmrg.lattice import TC

ZERO = 0.5  # where step 0 stands on the logarithmic axis
RIVALS = {  # thermometers shown at the end only, beside the energy: their look
    "network 0": {"marker": "s", "label": "network", "color": style.COLOURS[1]},
    "bayes": {"marker": "D", "label": "Bayes", "color": style.COLOURS[2]},
    "magnetisation": {"marker": "^", "label": "$|m|$", "color": style.COLOURS[5]},
}


def draw(readings):
    """One panel for each machine of `readings` (see `flows.reading.read_all`).

    Lines: T_E from each start, one for each seed.  Markers: other thermometers at the last step, the mean over starts
    of each seed.  Numbers: the rows of `readings` that are shown.
    """
    last = readings.step == readings.step.max()
    course = readings[readings.thermometer == "energy"]
    ends = readings[last & readings.thermometer.isin(RIVALS)]
    colours = style.temperature_colours(readings.start)
    top = 1.08 * max(*colours, 1.5 * TC)
    machines = readings.machine.unique()
    figure, axes = style.grid(machines, height=1.15, margin=1.0)
    for machine, axis in zip(machines, axes, strict=True):
        for (start, _), line in course[course.machine == machine].groupby(["start", "seed"]):
            _line(axis, line, top, color=colours[start])
        _ends(axis, ends[ends.machine == machine], top)
        _axis(axis, readings.step.max(), top)
    figure.legend(handles=_handles(colours), loc="outside upper center", ncols=9, columnspacing=1.2)
    figure.supxlabel("flow length / steps", fontsize=8)
    figure.supylabel("$T$", fontsize=8)
    return figure, readings[readings.index.isin(course.index) | readings.index.isin(ends.index)]


def _handles(colours):
    line = mpl.lines.Line2D
    starts = [line([], [], color=colour, label=style.start_label(T)) for T, colour in colours.items()]
    rivals = [line([], [], markersize=3, linestyle="none", **look) for look in RIVALS.values()]
    return [*starts, *rivals, line([], [], color="0.6", linewidth=0.7, label="$T_c$")]


def _line(axis, line, top, color):
    """T_E along one flow; a temperature above the panel, an infinite one too, is a triangle at its upper edge."""
    x = np.maximum(line.step.to_numpy(), ZERO)
    T = line.temperature.to_numpy()
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


def _axis(axis, length, top):
    """Limits and ticks of one panel, with Tc."""
    decades = 10 ** np.arange(1 + int(np.log10(max(length, 1))))
    style.mark_tc(axis, horizontal=True, label=False)
    axis.set(xscale="log", xlim=(0.7 * ZERO, 16 * max(length, 1)), ylim=(0, top))
    axis.set_xticks([ZERO, *decades], ["0", *map(str, decades)], minor=False)
    axis.set_xticks([], minor=True)
    axis.tick_params(labelsize=6)
    if length:
        axis.axvline(1.4 * length, color="0.8", linewidth=0.5, zorder=0)  # markers are not in time
