"""Singular values of the weights of every machine, coloured by the momentum of their left singular vectors."""

import numpy as np

from rbmrg.figures import style

COLUMNS = 5
LOWEST = 0.03  # a singular value that is zero has no logarithm: it is drawn as a triangle on the edge


def draw(singular):
    """One panel for each machine of `singular` (singular tables with columns machine and seed).

    Numbers: means over seeds at each rank; errors are the standard deviation between seeds, NaN for a single one.
    """
    groups = singular.groupby(["machine", "rank"], sort=False)
    numbers = groups.agg(
        seeds=("seed", "size"),
        singular_value=("singular_value", "mean"),
        singular_value_error=("singular_value", "std"),
        k2=("k2", "mean"),
        participation=("participation", "mean"),
    ).reset_index()
    machines = list(numbers.machine.unique())
    columns, rows = min(COLUMNS, len(machines)), -(-len(machines) // COLUMNS)
    figure, axes = style.panels(
        rows, columns, style.PAGE * (0.25 + 0.15 * columns), 0.9 + 1.15 * rows, sharex=True, sharey=True
    )
    for axis, machine in zip(axes.flat, machines, strict=False):
        here = numbers[numbers.machine == machine]
        zero = here.singular_value < LOWEST
        look = {"cmap": "plasma", "vmin": 0, "vmax": 8, "linewidth": 0, "zorder": 3}
        axis.errorbar(
            here["rank"], here.singular_value, here.singular_value_error, fmt="none", ecolor="0.7", elinewidth=0.6
        )
        points = axis.scatter(here["rank"], here.singular_value, s=5, c=here.k2, **look)
        axis.scatter(here["rank"][zero], np.full(zero.sum(), 1.4 * LOWEST), s=12, marker="v", c=here.k2[zero], **look)
        axis.set_yscale("log", nonpositive="clip")
        axis.set_title(machine, fontsize=7, pad=3)
    axes[0, 0].set(ylim=(LOWEST, 1.3 * numbers.singular_value.max()), xlim=(0, None))
    for axis in axes.flat[len(machines) :]:
        axis.set_axis_off()
    for axis in axes.flat[max(0, len(machines) - columns) : len(machines)]:  # the lowest of each column
        axis.tick_params(labelbottom=True)
    figure.supxlabel("rank", fontsize=8)
    figure.supylabel("singular value of $W$", fontsize=8)
    label = r"mean $\hat k^2$ of the left singular vector"
    figure.colorbar(points, ax=axes, label=label, location="top", shrink=0.6, aspect=50)
    return figure, numbers
