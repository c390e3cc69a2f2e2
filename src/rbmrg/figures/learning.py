"""Learning curves: the distance of machines from their data against training step, for two sets of data."""

import json
from collections import Counter

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import sources, style

LOWEST = 1e-4  # a distance of zero within its error has no logarithm: it is a triangle at the edge


def draw(machines):
    """A panel for machines trained at Tc and one for a mixture, see `sources.by_training`; all seeds and their medians.

    `machines`: Datasets of all machines and seeds (see `training.learn`), whose attribute `entry` says what they are.
    Shown are those of the most frequent lattice that have learned something.  Numbers: step, kl, kl_error, ess, method,
    machine, seed of all machines, and whether they are `shown`.
    """
    numbers = pd.concat([_course(machine) for machine in machines], ignore_index=True)
    entries = {machine.attrs["machine"]: json.loads(machine.attrs["entry"]) for machine in machines}
    [(L, _)] = Counter(entry["L"] for entry in entries.values()).most_common(1)
    table = described([entry for entry in entries.values() if entry["L"] == L])
    looks = sources.looks(table)
    curves = numbers[(numbers.step > 0) & numbers.kl.notna()]
    panels = sources.by_training(table[table.machine.isin(curves.machine)])
    shown = {name for rows in panels.values() for name in rows.machine}
    curves = curves[curves.machine.isin(shown)]
    count = max(len(panels), 1)
    figure, axes = style.panels(count, 1, style.COLUMN, 0.6 + 1.9 * count, sharex=True, sharey=True)
    _frame(axes[0, 0], curves)
    for axis, (title, rows) in zip(axes[:, 0], panels.items(), strict=False):
        ends = [_machine(axis, curves[curves.machine == row.machine], row.label, looks[row.machine])
                for row in rows.itertuples()]  # fmt: skip
        axis.set_title(f"{title}, $L={L}$", loc="left")
        style.end_labels(axis, ends)
    axes[-1, 0].set_xlabel("training step")
    figure.supylabel("KL(data‖machine) / (nat per spin)", fontsize=8)
    return figure, numbers.assign(shown=numbers.index.isin(curves.index))


def described(entries):
    """machine, recipe, training, control of `entries` (mappings), as tables have them.

    Controls that are not trained have no curve; they are not told from others here.
    """
    rows = [
        (entry["name"], entry["recipe"], _mixture(entry["training"]),
         "none" if entry["sites"] == "lattice" else entry["sites"])
        for entry in entries
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["machine", "recipe", "training", "control"])


def _mixture(temperatures):
    """The training temperatures in words, as `Entry.mixture` has them; entries themselves would bring the RBM code."""
    first = float(temperatures[0])
    last = float(temperatures[-1])
    count = len(temperatures)
    return temperatures[0] if count == 1 else f"{first:g} to {last:g}, {count} temperatures"


def _course(machine):
    """step, kl, kl_error, ess, method, machine, seed of one Dataset."""
    course = machine[["kl", "kl_error", "ess", "method"]].to_dataframe().reset_index()
    return course.assign(machine=machine.attrs["machine"], seed=int(machine.attrs["replica"]))


def _frame(axis, curves):
    """Logarithmic axes for all panels, wide enough for all curves."""
    axis.set(xscale="log", yscale="log")
    style.few_labels(axis.yaxis)
    axis.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
    if len(curves):
        inside = curves.kl.clip(LOWEST, 1e3).replace(np.inf, 1e3)
        axis.set(ylim=(0.6 * inside.min(), 1.6 * inside.max()))
        axis.set(xlim=(0.7 * curves.step.min(), 1.4 * curves.step.max()))


def _machine(axis, rows, label, look):
    """A symbol for each seed and step, and the line of the median of the seeds; returns the end of the line.

    A distance below the range is a triangle pointing there.
    """
    low = rows.kl < LOWEST
    axis.errorbar(rows.step, rows.kl.mask(low), rows.kl_error, **style.DATA | style.seed(look))
    axis.plot(rows.step[low], np.full(low.sum(), LOWEST), "v", color=look["color"], markersize=3)
    median = rows.groupby("step").kl.median().clip(lower=LOWEST)
    axis.plot(median.index, median, color=look["color"], linestyle=look["linestyle"], linewidth=1.1)
    return axis.get_xlim()[1], median.iloc[-1], label, look["color"]
