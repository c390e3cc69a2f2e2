"""Where the flow of every machine ends, beside the temperatures that have been said to attract flows."""

import numpy as np

from rbmrg.figures import style

COLDEST, HOTTEST = 1.0, 4.5  # the widest range shown: temperatures outside are marked at the edge
BAR = {"color": style.COLOURS[1], "linewidth": 1.2}
OPEN = {"marker": "o", "markersize": 2.5, "markerfacecolor": "white"}


def draw(points):
    """`points`: a row for each machine and seed, of `fixed_points.fixed_point` and `fixed_points.rivals`.  Numbers: the
    same.
    """
    machines = list(points.machine.unique())
    figure, axes = style.panels(1, 1, style.PAGE, 0.9 + 0.2 * len(machines))
    axis = axes[0, 0]
    low_high = limits(points)
    place = style.seed_rows(points)
    rivals = points.drop_duplicates("machine")
    axis.plot(rivals.T_mix, range(len(machines)), "|", color=style.COLOURS[3], markersize=9, markeredgewidth=1.5)
    axis.axvline(points.T_peak.iloc[0], color="0.4", linestyle=":", linewidth=0.9, zorder=0)
    style.mark_tc(axis, label=False)
    done = points.stationary.to_numpy(bool)
    _dots(axis, points["T"][done].to_numpy(), points.T_error[done].to_numpy(), place[done], low_high)
    _bars(axis, points.T_cold[~done].to_numpy(), points.T_hot[~done].to_numpy(), place[~done], low_high)
    style.named_rows(axis, machines)
    axis.set(xlabel="$T$ at the end of the flow", xlim=low_high)
    axis.plot([], [], color="0.6", linewidth=0.7, label="$T_c$")
    axis.plot([], [], color="0.4", linestyle=":", linewidth=0.9, label="maximum of the specific heat")
    axis.plot([], [], "|", color=style.COLOURS[3], markersize=9, markeredgewidth=1.5, label=r"$T_{\rm mix}$")
    axis.errorbar([], [], xerr=[], color=style.COLOURS[0], label="fixed point", **style.DATA)
    axis.plot([], [], label="not stationary: cold to hot start", **BAR | OPEN)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return figure, points


def limits(points):
    """The temperatures shown: all rivals and fixed points, and a margin, inside the widest range."""
    values = points[["Tc", "T_peak", "T_mix", "T"]].to_numpy(float)
    values = np.clip(values[np.isfinite(values)], COLDEST, HOTTEST)
    margin = 0.05 + 0.1 * np.ptp(values)
    return max(values.min() - margin, COLDEST), min(values.max() + margin, HOTTEST)


def _dots(axis, T, error, place, low_high):
    """Fixed points; one outside the range, ∞ too, is a triangle at the edge."""
    inside = np.clip(T, *low_high) == T
    axis.errorbar(T[inside], place[inside], xerr=error[inside], color=style.COLOURS[0], **style.DATA)
    style.at_edges(axis, T[~inside], place[~inside], low_high, style.COLOURS[0])


def _bars(axis, cold, hot, place, low_high):
    """From the end of the coldest start to that of the hottest; an end outside the range is a triangle at the edge."""
    axis.hlines(place, np.clip(cold, *low_high), np.clip(hot, *low_high), alpha=0.5, **BAR)
    for end in (cold, hot):
        outside = (end < low_high[0]) | (end > low_high[1])
        axis.plot(end[~outside], place[~outside], color=BAR["color"], linestyle="none", **OPEN)
        style.at_edges(axis, end[outside], place[outside], low_high, BAR["color"])
