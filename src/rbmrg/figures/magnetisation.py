"""|m| of configurations grouped by the temperature a thermometer gives them, over the exact one: machines and data."""

import numpy as np

from rbmrg import exact
from rbmrg.exponents.magnetisation import WINDOW
from rbmrg.figures import sources, style
from rbmrg.lattice import TC

AMPLITUDE = (8 * np.sqrt(2) / TC**2) ** 0.125  # of Yang's magnetisation at Tc: 1 − sinh⁻⁴(2/T) → 8√2 (Tc − T)/Tc²
FARTHEST = 1.3  # Tc − T′ of the coldest class shown: below it all spins are alike
LOW_HIGH = (0.9, 1.22)  # of the ratio
DATA = (style.COLOURS[0], "black", *style.COLOURS[2:5])  # of Monte Carlo data
MARKERS = ("o", "s", "D", "P", "X")


def draw(groups):
    """Two panels, Monte Carlo data and machines: ⟨|m|⟩ of classes over Yang's magnetisation of the infinite lattice.

    `groups`: tables of `magnetisation.grouped`, one below the other, with the columns machine (or the name of Monte
    Carlo data), kind, control.  Shown are all data, and of machines those of `sources.representatives`.  Numbers: the
    rows below Tc, with their `ratio` and `ratio_error`, and whether they are `shown`.
    """
    below = groups[groups["T"] < TC].reset_index(drop=True)
    yang = exact.yang_magnetisation(below["T"].to_numpy())
    numbers = below.assign(ratio=below.abs_magnetisation / yang, ratio_error=below.error / yang)
    machines = numbers[numbers.kind == "machine"]
    lines = sources.representatives(machines)
    data = numbers.kind == "monte carlo"
    numbers["shown"] = data | ((numbers.kind == "machine") & numbers.machine.isin(lines.machine))
    near = numbers[numbers.shown & (TC - numbers["T"] < FARTHEST)]
    of_data = near[near.kind == "monte carlo"]
    names = list(of_data.machine.unique())
    looks = {name: {"color": DATA[place % 5], "marker": MARKERS[place % 5], "linestyle": style.LINES[place % 4]}
             for place, name in enumerate(names)}  # fmt: skip
    of_machines = sources.looks(machines)
    figure, axes = style.panels(2, 1, style.COLUMN, 4.4, sharex=True, sharey=True)
    _panel(axes[0, 0], of_data, {name: name for name in names}, looks)
    _panel(axes[1, 0], near.drop(of_data.index), dict(zip(lines.machine, lines.family, strict=True)), of_machines)
    axes[0, 0].set_title("equilibrium data", loc="left")
    axes[1, 0].set_title("ends of flows, by network", loc="left")
    axes[1, 0].set_xlabel(f"$T_c-T'$ of the class / {style.T_UNIT}")
    figure.supylabel(r"$\langle|m|\rangle$ of the class / exact $m$", fontsize=8)
    return figure, numbers


def _panel(axis, rows, names, looks):
    """The sources `names` {machine: label} of one panel: symbols of all seeds, and lines of their medians."""
    distance = np.geomspace(0.05, FARTHEST, 100)
    axis.axhline(1, **style.EXACT)
    axis.plot(distance, AMPLITUDE * distance**0.125 / exact.yang_magnetisation(TC - distance), ":", color="black")
    axis.axvspan(TC - WINDOW[1] - 0.005, TC - WINDOW[0] + 0.05, color="0.93", zorder=0)
    axis.set(xscale="log", xlim=(0.06, FARTHEST), ylim=LOW_HIGH)
    axis.set_xticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    axis.minorticks_off()
    ends = []
    for name, label in names.items():
        mine = rows[rows.machine == name].assign(x=lambda table: TC - table["T"])
        if len(mine):
            axis.errorbar(mine.x, mine.ratio, mine.ratio_error, **style.DATA | style.seed(looks[name]))
            median = mine.groupby("x").ratio.median()
            axis.plot(median, color=looks[name]["color"], linestyle=looks[name]["linestyle"])
            ends.append((FARTHEST, median.iloc[0], label, looks[name]["color"]))
    style.end_labels(axis, ends)
