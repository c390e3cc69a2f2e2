"""Where flows end while machines are trained, for machines trained at Tc and for those of a mixture."""

import numpy as np

from rbmrg.figures import sources, style
from rbmrg.lattice import TC

COLDEST, HOTTEST = 1.0, 5.0  # the widest range shown: temperatures outside are triangles at the edge
DODGE = 1.06  # between the machines, which all have the same training steps


def draw(training, points):
    """A panel for machines trained at Tc and one for a mixture, see `sources.by_training`; all seeds and their medians.

    `training`: a row of `fixed_points.fixed_point` for each machine, seed and training step.  `points`: those of the
    trained machines, with `T_mix` of their training set (see `fixed_points.rivals`).  Numbers: the rows of `training`
    with `T_mix`, and whether they are `shown`.
    """
    mixtures = points.drop_duplicates("machine").set_index("machine").T_mix
    numbers = training.assign(T_mix=training.machine.map(mixtures))
    looks = sources.looks(training)
    panels = sources.by_training(training)
    numbers["shown"] = numbers.machine.isin([name for rows in panels.values() for name in rows.machine])
    low_high = limits(numbers[numbers.shown])
    figure, axes = style.panels(
        len(panels), 1, style.COLUMN, 0.6 + 2.0 * len(panels), sharex=True, sharey=True
    )  # fmt: skip
    zero, right = _frame(axes[0, 0], np.unique(training.training_step), low_high)
    for axis, (title, rows) in zip(axes[:, 0], panels.items(), strict=True):
        ends = []
        for place, row in enumerate(rows.itertuples()):
            mine = numbers[numbers.machine == row.machine]
            x = np.maximum(mine.training_step.to_numpy(), zero) * DODGE ** (place - (len(rows) - 1) / 2)
            height = _machine(axis, mine, x, low_high, looks[row.machine])
            ends.append((right, height, row.label, looks[row.machine]["color"]))
        _marks(axis, zero, mixtures[mixtures.index.isin(rows.machine)].min())
        axis.set_title(title, loc="left")
        style.end_labels(axis, ends)
    axes[-1, 0].set_xlabel("training step")
    figure.supylabel(rf"$T_E$ at the end of the flow / {style.T_UNIT}", fontsize=8)
    return figure, numbers


def limits(numbers):
    """The temperatures shown: all fixed points, ends and T_mix, and a margin, inside the widest range."""
    values = numbers[["T", "T_cold", "T_hot", "T_mix"]].to_numpy(float)
    values = np.clip(values[np.isfinite(values)], COLDEST, HOTTEST)
    low, high = np.quantile(values, [0, 1]) if len(values) else (COLDEST, HOTTEST)
    return max(low - 0.2, 0.8 * COLDEST), min(high + 0.2, HOTTEST)


def _frame(axis, steps, low_high):
    """Logarithmic training steps with 0 at the left; returns the place of 0, and the right end."""
    zero = steps[steps > 0].min(initial=steps[-1] + 2) / 2
    right = 2.0 * max(steps[-1], 1)
    axis.set(xscale="log", xlim=(0.7 * zero, right), ylim=low_high)
    decades = 10.0 ** np.arange(np.ceil(np.log10(1.5 * zero)), np.log10(right))
    axis.set_xticks([], minor=True)  # on less than a decade they would have labels of their own
    axis.set_xticks([zero, *decades], ["0", *(f"$10^{np.log10(decade):.0f}$" for decade in decades)])
    return zero, right


def _marks(axis, x, T_mix):
    """Lines at Tc and, unless it is the same, at the temperature of the mean energy of the data, with their names."""
    style.mark_tc(axis, horizontal=True, label=False)
    axis.text(x, TC, "$T_c$", fontsize=7, color="0.4", va="bottom", ha="center")
    if abs(T_mix - TC) > 0.1:
        axis.axhline(T_mix, color="0.4", linestyle=":", linewidth=0.9, zorder=0)
        axis.text(x, T_mix, r"$T_{\rm mix}$", fontsize=7, color="0.4", va="bottom", ha="center")


def _machine(axis, rows, x, low_high, look):
    """A symbol for each seed and step at `x`, and the line of the medians; returns the height of the end of the line.

    Fixed points are filled and have error bars; a flow that is not stationary is an open bar from cold to hot end.
    """
    done = rows.stationary.to_numpy(bool)
    T, error, cold, hot = rows[["T", "T_error", "T_cold", "T_hot"]].to_numpy(float).T
    inside = done & (np.clip(T, *low_high) == T)
    axis.errorbar(x[inside], T[inside], error[inside], **style.DATA | style.seed(look))
    axis.vlines(x[~done], *(np.clip(end[~done], *low_high) for end in (cold, hot)), color=look["color"], alpha=0.5)
    for end in (cold, hot):
        shown = ~done & (np.clip(end, *low_high) == end)
        open_look = {"color": look["color"], "marker": look["marker"], "markersize": 3, "markerfacecolor": "white"}
        axis.plot(x[shown], end[shown], linestyle="none", markeredgewidth=0.7, **open_look)
    for values, chosen in ((T, done), (cold, ~done), (hot, ~done)):
        beyond = chosen & ((values < low_high[0]) | (values > low_high[1]))
        style.at_edges(axis, values[beyond], x[beyond], low_high, look["color"], vertical=True, size=2.5)
    middle = rows.assign(x=x, middle=np.clip(np.where(done, T, _between(cold, hot)), *low_high)).groupby("x").middle
    axis.plot(middle.median(), color=look["color"], linestyle=look["linestyle"], linewidth=1.1)
    return middle.median().iloc[-1]


def _between(cold, hot):
    return np.where(np.isfinite(cold + hot), (cold + hot) / 2, np.fmax(cold, hot))
