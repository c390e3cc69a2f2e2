"""The temperature-flow diagram: what each thermometer reads, layer by layer, on the way through a rule or a machine."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import sources, style

LOW_HIGH = (1.0, 6.0)  # the range shown: readings beyond it are triangles at the edge
LOOKS = {  # thermometer: marker and line; those that every layer has, so that panels can be compared
    "magnetisation": {"marker": "s", "linestyle": "--", "label": "$|m|$"},
    "overlap": {"marker": "o", "linestyle": "-", "label": "overlap $q^2$", "markerfacecolor": "white"},
}
DODGE = 0.14  # layers between the thermometers


def draw(readings):
    """One panel for each source, in the order of `sources.in_order`; `readings`: the table of `layers.readings`.

    Numbers: means over seeds; errors are the larger of the statistical error and the scatter between seeds.
    """
    numbers = average(readings)
    colours = style.temperature_colours(numbers["T"])
    layers = sources.in_order(readings)
    figure, axes = style.grid([source for _, source in layers], height=1.2, margin=1.05)
    for (kind, source), axis in zip(layers, axes, strict=True):
        here = numbers[(numbers.kind == kind) & (numbers.source == source)]
        for (T, thermometer), course in here.groupby(["T", "thermometer"], sort=False):
            _course(axis, course.sort_values("layer"), thermometer, colours[T])
        style.mark_tc(axis, horizontal=True, label=False)
    _frame(axis, numbers)
    figure.legend(handles=_handles(colours), loc="outside upper center", ncols=4, columnspacing=1.2)
    figure.supxlabel(r"layer, and the size $L = \sqrt{N}$ of its lattice", fontsize=8)
    figure.supylabel(f"temperature read / {style.T_UNIT}", fontsize=8)
    return figure, numbers


def average(readings):
    """kind, source, control, T, layer, L, thermometer, seeds, temperature, error, see `draw`."""
    columns = ["kind", "source", "control", "T", "layer", "L", "thermometer"]
    return style.seed_means(readings[readings.thermometer.isin(LOOKS)], columns, "temperature", "error")


def _course(axis, course, thermometer, colour):
    """One thermometer from one start; a reading beyond the panel, 0 and ∞ too, is a triangle at the edge."""
    low, high = LOW_HIGH
    known = course[course.temperature.notna()]
    layer, T, error = (known[name].to_numpy(float) for name in ("layer", "temperature", "error"))
    x = layer + DODGE * (list(LOOKS).index(thermometer) - 0.5)
    look = LOOKS[thermometer] | {"color": colour, "label": None}
    axis.plot(x, np.clip(T, low, high), color=colour, linestyle=look["linestyle"], linewidth=0.7, alpha=0.7)
    inside = np.clip(T, low, high) == T
    look = style.DATA | look | {"linestyle": "none", "markeredgewidth": 0.6}
    axis.errorbar(x[inside], T[inside], error[inside], **look)
    style.at_edges(axis, T[~inside], x[~inside], LOW_HIGH, colour, vertical=True)


def _frame(axis, numbers):
    """A logarithmic axis of temperature, and layers with the sizes of their lattices, for all panels."""
    sizes = numbers.groupby("layer").L.unique()
    axis.set_yscale("log")
    axis.set_yticks([1, 1.5, 2, 3, 4, 6], ["1", "1.5", "2", "3", "4", "6"])
    axis.set_yticks([], minor=True)
    axis.set_xticks(sizes.index, [f"{layer}\n{'/'.join(map(str, size))}" for layer, size in sizes.items()])
    axis.set(ylim=LOW_HIGH, xlim=(sizes.index.min() - 0.3, sizes.index.max() + 0.3))


def _handles(colours):
    line = mpl.lines.Line2D
    starts = [line([], [], color=colour, label=f"from {style.temperature(T)}") for T, colour in colours.items()]
    thermometers = [line([], [], color="0.3", markersize=3, linewidth=0.7, **look) for look in LOOKS.values()]
    return [*starts, *thermometers, line([], [], color="0.6", linewidth=0.7, label="$T_c$")]
