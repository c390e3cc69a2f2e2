"""Where the flow of every machine and seed ends, and in how many of them near Tc, as was claimed."""

import numpy as np

from rbmrg.figures import sources, style
from rbmrg.lattice import TC

COLDEST, HOTTEST = 1.0, 4.5  # the widest range shown: temperatures outside are marked at the edge
NEAR = 0.1  # J/k_B: the region of claim C1, the width of a class of the paper's thermometer
ROW = 0.125  # inches
T_MIX = {"marker": "D", "markersize": 3.5, "markerfacecolor": "none", "color": style.COLOURS[3], "linestyle": "none"}
MEDIAN = {"marker": "|", "markersize": 8, "markeredgewidth": 1.4, "color": "black", "linestyle": "none"}
OPEN = {"marker": "o", "markersize": 2.5, "markerfacecolor": "white", "color": style.COLOURS[0]}


def draw(points):
    """A row for each machine, a dot for each seed, a black bar at their median, and how many seeds end near Tc.

    `points`: a row for each machine and seed, of `fixed_points.fixed_point` and `fixed_points.rivals`.  Numbers: the
    same, with `end` and `near` (see `ends`).
    """
    numbers = ends(points)
    machines = sources.machines(numbers)
    rows = len(machines) + machines.group.nunique()
    figure, axes = style.panels(1, 1, style.COLUMN, 0.95 + ROW * rows)
    axis = axes[0, 0]
    low_high = limits(points)
    places = sources.rows(axis, machines)
    axis.axvspan(TC - NEAR, TC + NEAR, **style.BAND | {"label": rf"$T_c\pm{NEAR:g}$"})
    style.mark_tc(axis, label=False)
    axis.axvline(points.T_peak.iloc[0], color="0.4", linestyle=":", linewidth=0.9, zorder=0, label="max. of $C$")
    of_data = numbers.groupby("machine").T_mix.median()
    axis.plot(of_data, of_data.index.map(places), label=r"data, $T_{\rm mix}$", **T_MIX)
    _seeds(axis, numbers, sources.seed_rows(numbers, places), low_high)
    _medians(axis, numbers.groupby("machine"), places, low_high)
    axis.set(xlabel=f"$T_E$ at the end of the flow / {style.T_UNIT}", xlim=low_high)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1)
    return figure, numbers


def ends(points):
    """`points` with `end`, the fixed point or, if a flow is not stationary, the middle between the ends of its cold and
    hot start, and `near`, whether this is within NEAR of Tc.
    """
    end = points["T"].where(points.stationary.astype(bool), (points.T_cold + points.T_hot) / 2)
    return points.assign(end=end, near=(end - TC).abs() <= NEAR)


def limits(points):
    """The temperatures shown: all rivals and fixed points, and a margin, inside the widest range."""
    values = points[["Tc", "T_peak", "T_mix", "T"]].to_numpy(float)
    values = np.clip(values[np.isfinite(values)], COLDEST, HOTTEST)
    margin = 0.05 + 0.1 * np.ptp(values)
    return max(values.min() - margin, COLDEST), min(values.max() + margin, HOTTEST)


def _seeds(axis, numbers, place, low_high):
    """A dot for each stationary flow, open dots on a bar from cold to hot end for others, triangles at the edge."""
    done = numbers.stationary.to_numpy(bool)
    T, error, cold, hot = numbers[["T", "T_error", "T_cold", "T_hot"]].to_numpy(float).T
    inside = done & (np.clip(T, *low_high) == T)
    colour = style.COLOURS[0]
    axis.errorbar(T[inside], place[inside], xerr=error[inside], color=colour, label="a seed", **style.DATA)
    style.at_edges(axis, T[done & ~inside], place[done & ~inside], low_high, colour)
    if not done.all():
        axis.plot([], [], linewidth=0.8, label="not stationary", **OPEN)
    axis.hlines(place[~done], np.clip(cold[~done], *low_high), np.clip(hot[~done], *low_high), color=colour, lw=0.8)
    for end in (cold, hot):
        shown = ~done & (np.clip(end, *low_high) == end)
        axis.plot(end[shown], place[shown], linestyle="none", **OPEN)
        beyond = ~done & (np.clip(end, *low_high) != end)
        style.at_edges(axis, end[beyond], place[beyond], low_high, colour)


def _medians(axis, machines, places, low_high):
    """The median over the seeds of machines that have several, and at the right how many of all seeds end near Tc."""
    median = machines.end.median()[machines.end.size() > 1]
    inside = median[median.between(*low_high)]
    axis.plot(inside, inside.index.map(places), label="median", **MEDIAN)
    style.right_of_rows(
        axis, {places[name]: f"{near.sum()}/{len(near)}" for name, near in machines.near}, "near\n$T_c$"
    )
