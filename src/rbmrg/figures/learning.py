"""Learning curves: exact distance of every machine from its data, against training step."""

import numpy as np
import pandas as pd

from rbmrg.figures import style

COLUMNS = 3
LOWEST = 1e-4  # a distance of zero within its error has no logarithm: it is a triangle at the edge


def draw(machines):
    """`machines`: Datasets of all machines and seeds (`learning.learn`); one panel for each family of names.

    A line for each seed.  Step 0 and the machines that have no other are in the numbers only.
    """
    numbers = pd.concat(
        [
            machine[["kl", "kl_error", "ess", "method"]].to_dataframe().reset_index()
            .assign(machine=machine.attrs["machine"], seed=int(machine.attrs["replica"]))
            for machine in machines
        ],
        ignore_index=True,
    )  # fmt: skip
    curves = numbers[(numbers.step > 0) & numbers.kl.notna()]
    groups = style.families(list(curves.machine.unique()))
    looks = style.looks_of(groups)
    columns, rows = min(COLUMNS, max(len(groups), 1)), max(-(-len(groups) // COLUMNS), 1)
    width = style.COLUMN if columns == 1 else style.PAGE
    figure, axes = style.panels(rows, columns, width, 0.9 + 1.9 * rows, sharex=True, sharey=True)
    axes[0, 0].set(xscale="log", yscale="log")
    if len(curves):
        inside = curves.kl.clip(LOWEST, 1e3).replace(np.inf, 1e3)
        axes[0, 0].set(ylim=(0.6 * inside.min(), 1.6 * inside.max()))
        axes[0, 0].set(xlim=(0.7 * curves.step.min(), 1.4 * curves.step.max()))
    for axis, (title, names) in zip(axes.flat, groups.items(), strict=False):
        for name in names:
            for _, curve in curves[curves.machine == name].groupby("seed"):
                _line(axis, curve, looks[name])
        axis.set_title(title)
    for place, axis in enumerate(axes.flat[: len(groups)]):
        axis.tick_params(labelbottom=place >= len(groups) - columns)
    figure.supxlabel("training step", fontsize=8)
    figure.supylabel("KL(data‖machine) / nat per spin", fontsize=8)
    style.legend_of(figure, axes, len(groups), looks)
    return figure, numbers


def _line(axis, curve, look):
    """One seed; a distance below the range is a triangle pointing there."""
    low = curve.kl < LOWEST
    shown = {"markersize": 2.2, "linewidth": 0.6, "elinewidth": 0.6, "alpha": 0.7}
    axis.errorbar(curve.step, curve.kl.mask(low), curve.kl_error, **look | shown)
    axis.plot(curve.step[low], np.full(low.sum(), LOWEST), "v", color=look["color"], markersize=3)
