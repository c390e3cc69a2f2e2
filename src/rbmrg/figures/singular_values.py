"""Singular values of the weights of every machine, coloured by the momentum of their left singular vectors."""

import numpy as np

from rbmrg.figures import sources, style

LOWEST = 0.03  # a singular value that is zero has no logarithm: it is drawn as a triangle on the edge


def draw(singular):
    """A panel for each of `sources.representatives`; `singular`: singular tables of all machines and seeds.

    Numbers: means over seeds at each rank; errors are the standard deviation between seeds, NaN for a single one.
    """
    chosen = sources.representatives(singular)
    numbers = average(singular[singular.machine.isin(chosen.machine)])
    titles = [f"{row.family}, {row.training}" for row in chosen.itertuples()]
    figure, axes = style.grid(titles, height=1.0, margin=0.8)
    for machine, axis in zip(chosen.machine, axes, strict=True):
        points = _panel(axis, numbers[numbers.machine == machine])
    axis.set(ylim=(LOWEST, 1.3 * numbers.singular_value.max()), xlim=(0, None))
    figure.supxlabel("rank", fontsize=8)
    figure.supylabel("singular value of $W$", fontsize=8)
    label = r"mean $\hat k^2$ of the left singular vector"
    figure.colorbar(points, ax=figure.axes, label=label, location="top", shrink=0.6, aspect=50)
    return figure, numbers


def average(singular):
    """Means over seeds for each machine and rank, `seeds` their number."""
    groups = singular.groupby(["machine", "rank"], sort=False)
    return groups.agg(
        seeds=("seed", "size"),
        singular_value=("singular_value", "mean"),
        singular_value_error=("singular_value", "std"),
        k2=("k2", "mean"),
        participation=("participation", "mean"),
    ).reset_index()


def _panel(axis, rows):
    """One machine; returns the points, for the colour bar."""
    zero = rows.singular_value < LOWEST
    rank = rows["rank"]
    value = rows.singular_value
    look = {"cmap": "plasma", "vmin": 0, "vmax": 8, "linewidth": 0, "zorder": 3}
    axis.errorbar(rank, value, rows.singular_value_error, fmt="none", ecolor="0.7", elinewidth=0.6)
    points = axis.scatter(rank, value, s=5, c=rows.k2, **look)
    axis.scatter(rank[zero], np.full(zero.sum(), LOWEST), s=12, marker="v", c=rows.k2[zero], clip_on=False, **look)
    axis.set_yscale("log", nonpositive="clip")
    axis.minorticks_off()  # those of thirty panels take longer than all else
    return points
