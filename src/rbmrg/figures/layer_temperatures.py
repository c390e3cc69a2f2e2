"""The temperature-flow diagram: what each thermometer reads, layer by layer, on the way through a rule or a machine."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.lattice import TC

LOW_HIGH = (1.0, 6.0)  # what is beyond is drawn as a triangle at the edge
LOOKS = {  # thermometer: marker and line; up and down triangles that are filled mean something else
    "energy": {"marker": "o", "linestyle": "-", "label": "energy"},
    "magnetisation": {"marker": "s", "linestyle": "--", "label": "$|m|$"},
    "network": {"marker": "^", "linestyle": ":", "label": "network", "markerfacecolor": "white"},
}
DODGE = 0.11  # layers between the thermometers


def draw(readings):
    """`readings`: the table of `layer_temperatures`; one panel for each source, rules first, untrained machines last.

    Numbers: means over seeds, errors the larger of the statistical one and that of the scatter between seeds.
    """
    numbers = average(readings)
    order = numbers.drop_duplicates("source").sort_values("kind", key=lambda kind: kind != "rule", kind="stable").source
    sources = sorted(order, key=lambda name: name.startswith("untrained"))
    starts = np.sort(numbers["T"].unique())
    colours = dict(zip(starts, mpl.colormaps["plasma"](np.linspace(0, 0.85, len(starts))), strict=True))
    figure, panels = style.grid(sources, height=1.5, margin=1.05)
    for source, axis in panels.items():
        here = numbers[numbers.source == source]
        for (T, thermometer), course in here.groupby(["T", "thermometer"], sort=False):
            _course(axis, course.sort_values("layer"), thermometer, colours[T])
        style.mark_tc(axis, horizontal=True, label=False)
    _frame(axis, numbers)
    figure.legend(handles=_handles(colours), loc="outside upper center", ncols=8, columnspacing=1.2)
    figure.supxlabel("layer, and the size $L$ of its lattice", fontsize=8)
    figure.supylabel("temperature read", fontsize=8)
    return figure, numbers


def average(readings):
    """kind, source, T, layer, L, thermometer, seeds, temperature, error, see `draw`."""
    columns = ["kind", "source", "T", "layer", "L", "thermometer"]
    rows = [
        (*key, len(seeds), *map(float, style.over_seeds(seeds.temperature, seeds.error)))
        for key, seeds in readings[readings.thermometer.isin(LOOKS)].groupby(columns, sort=False)
    ]
    return pd.DataFrame(rows, columns=[*columns, "seeds", "temperature", "error"])


def _course(axis, course, thermometer, colour):
    """One thermometer from one start; a reading beyond the panel, 0 and ∞ too, is a triangle at the edge."""
    low, high = LOW_HIGH
    known = course[course.temperature.notna()]
    layer, T, error = (known[name].to_numpy(float) for name in ("layer", "temperature", "error"))
    x = layer + DODGE * (list(LOOKS).index(thermometer) - 1)
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
    labels = {T: "$T_c$" if abs(T - TC) < 1e-3 else f"{T:g}" for T in colours}
    starts = [line([], [], color=colour, label=f"from {labels[T]}") for T, colour in colours.items()]
    thermometers = [line([], [], color="0.3", markersize=3, linewidth=0.7, **look) for look in LOOKS.values()]
    return [*starts, *thermometers, line([], [], color="0.6", linewidth=0.7, label="$T_c$")]
