"""Where flows end along the training of every machine."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import style

COLUMNS = 3
COLDEST, HOTTEST = 1.0, 5.0  # the widest range shown: temperatures outside are triangles at the edge
DODGE = 1.05  # between the training sets, which all have the same training steps


def draw(training, points):
    """One panel for each family of machines, a line for each seed.

    `training`: a row of `fixed_points.fixed_point` for each machine, seed and training step.  `points`: those of the
    trained machines, with `T_mix` of their training set (see `fixed_points.rivals`).  Numbers: the rows of `training`
    with `T_mix`.
    """
    mixtures = points.drop_duplicates("machine").set_index("machine").T_mix
    numbers = training.assign(T_mix=training.machine.map(mixtures))
    machines = training.drop_duplicates("machine")
    groups = style.families(machines)
    looks = style.looks_of(machines)
    rows, columns = style.shape(len(groups), COLUMNS)
    width = style.COLUMN if columns == 1 else style.PAGE
    figure, axes = style.panels(rows, columns, width, 0.9 + 2.0 * rows, sharex=True, sharey=True)
    low_high = limits(numbers)
    zero, right = _frame(axes[0, 0], np.unique(training.training_step), low_high)
    for axis, (title, names) in zip(style.used_panels(axes, len(groups)), groups.items(), strict=True):
        for place, name in enumerate(names):
            shift = DODGE ** (place - (len(names) - 1) / 2)
            for _, course in numbers[numbers.machine == name].groupby("seed"):
                _course(axis, course, np.maximum(course.training_step.to_numpy(), zero) * shift, low_high, looks[name])
            axis.plot(right, mixtures.get(name, np.nan), "_", color=looks[name]["color"], markersize=12)
        style.mark_tc(axis, horizontal=True, label=False)
        axis.set_title(title)
    figure.supxlabel("training step", fontsize=8)
    figure.supylabel("$T$ at the end of the flow", fontsize=8)
    style.legend_of(figure, axes, len(groups), looks, _handles(), "training temperatures")
    return figure, numbers


def _handles():
    line = mpl.lines.Line2D
    bar = {"linewidth": 1.2, "alpha": 0.5, "marker": "o", "markerfacecolor": "white", "markersize": 3}
    return [
        line([], [], color="0.3", label="not stationary: cold to hot start", **bar),
        line([], [], color="0.3", linestyle="none", marker="_", markersize=9, label=r"$T_{\rm mix}$"),
        line([], [], color="0.6", linewidth=0.7, label="$T_c$"),
    ]


def limits(numbers):
    """The temperatures shown: all fixed points, ends and T_mix, and a margin, inside the widest range."""
    values = numbers[["T", "T_cold", "T_hot", "T_mix"]].to_numpy(float)
    values = np.clip(values[np.isfinite(values)], COLDEST, HOTTEST)
    low, high = np.quantile(values, [0, 1]) if len(values) else (COLDEST, HOTTEST)
    return max(low - 0.2, 0.8 * COLDEST), min(high + 0.2, HOTTEST)


def _frame(axis, steps, low_high):
    """Logarithmic training steps with 0 at the left; returns the place of 0, and the right end."""
    zero = steps[steps > 0].min(initial=steps[-1] + 2) / 2
    right = 2.5 * max(steps[-1], 1)
    axis.set(xscale="log", xlim=(0.7 * zero, right), ylim=low_high)
    decades = 10.0 ** np.arange(np.ceil(np.log10(1.5 * zero)), np.log10(right))
    axis.set_xticks([], minor=True)  # on less than a decade they would have labels of their own
    axis.set_xticks([zero, *decades], ["0", *(f"$10^{np.log10(decade):.0f}$" for decade in decades)])
    return zero, right


def _course(axis, course, x, low_high, look):
    """One seed: fixed points filled, with errors, on a line; where there is none an open bar from cold to hot end."""
    low, high = low_high
    colour = look["color"]
    marker = look["marker"]
    done = course.stationary.to_numpy(bool)
    T, error, cold, hot = course[["T", "T_error", "T_cold", "T_hot"]].to_numpy(float).T
    middle = np.clip(np.where(done, T, (np.clip(cold, *low_high) + np.clip(hot, *low_high)) / 2), low, high)
    axis.plot(x, middle, color=colour, linewidth=0.5, alpha=0.6)
    inside = done & (low <= T) & (high >= T)
    axis.errorbar(x[inside], T[inside], error[inside], color=colour, **style.DATA | {"marker": marker})
    axis.vlines(x[~done], np.clip(cold[~done], low, high), np.clip(hot[~done], low, high), color=colour, alpha=0.5)
    for end in (cold, hot):
        shown = ~done & (low <= end) & (high >= end)
        look = {"color": colour, "marker": marker, "markersize": 3, "linestyle": "none"}
        axis.plot(x[shown], end[shown], markerfacecolor="white", markeredgewidth=0.7, **look)
    for values, chosen in ((T, done), (cold, ~done), (hot, ~done)):
        beyond = chosen & ((values < low) | (values > high))
        style.at_edges(axis, values[beyond], x[beyond], low_high, colour, vertical=True, size=3)
