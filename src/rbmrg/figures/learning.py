"""Learning curves: exact distance of every machine from its data, against training step."""

import json
from collections import Counter

import numpy as np
import pandas as pd

from rbmrg.figures import style

COLUMNS = 3
LOWEST = 1e-4  # a distance of zero within its error has no logarithm: it is a triangle at the edge


def draw(machines):
    """One panel for each family of machines, and a line for each seed.

    `machines`: Datasets of all machines and seeds (see `training.learn`), whose attribute `entry` says what they are.
    Step 0, and the machines that have no other, are in the numbers only.
    """
    numbers = pd.concat([_course(machine) for machine in machines], ignore_index=True)
    curves = numbers[(numbers.step > 0) & numbers.kl.notna()]
    entries = {machine.attrs["machine"]: json.loads(machine.attrs["entry"]) for machine in machines}
    shown, usual = described([entries[name] for name in curves.machine.unique()])
    groups = style.families(shown)
    looks = style.looks_of(shown)
    rows, columns = style.shape(len(groups), COLUMNS)
    width = style.COLUMN if columns == 1 else style.PAGE
    figure, axes = style.panels(rows, columns, width, 0.9 + 1.9 * rows, sharex=True, sharey=True)
    _frame(axes[0, 0], curves)
    for axis, (title, names) in zip(style.used_panels(axes, len(groups)), groups.items(), strict=True):
        for name in names:
            for _, curve in curves[curves.machine == name].groupby("seed"):
                _line(axis, curve, looks[name])
        axis.set_title(title)
    figure.supxlabel("training step", fontsize=8)
    figure.supylabel("KL(data‖machine) / nat per spin", fontsize=8)
    style.legend_of(figure, axes, len(groups), looks, title=f"training temperatures; $L={usual}$ unless given")
    return figure, numbers


def described(entries):
    """The machines that `entries` (mappings, one for each name) describe as a table for `style.looks_of`, and the most
    frequent size L.

    The column `details` tells L where it is another one, and settings in which a machine differs from others of the
    same family, training and L.
    """
    kinds = [(entry["recipe"], entry["sites"], entry["training"], entry["L"]) for entry in entries]
    [(usual, _)] = Counter(entry["L"] for entry in entries).most_common(1) or [(None, 0)]
    rows = []
    for entry, kind in zip(entries, kinds, strict=True):
        details = [] if entry["L"] == usual else [f"$L={entry['L']}$"]
        alike = [_settings(other) for other, its_kind in zip(entries, kinds, strict=True) if its_kind == kind]
        for name, value in _settings(entry).items():
            if any(other.get(name) != value for other in alike):
                details.append(f"{name} = {value}")
        control = "none" if entry["sites"] == "lattice" else entry["sites"]
        rows.append((entry["name"], entry["recipe"], _mixture(entry["training"]), control, ", ".join(details)))
    return pd.DataFrame(rows, columns=["machine", "recipe", "training", "control", "details"]), usual


def _settings(entry):
    return {name: entry[name] for name in ("hidden", "states") if entry[name] is not None} | entry["options"]


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
    if len(curves):
        inside = curves.kl.clip(LOWEST, 1e3).replace(np.inf, 1e3)
        axis.set(ylim=(0.6 * inside.min(), 1.6 * inside.max()))
        axis.set(xlim=(0.7 * curves.step.min(), 1.4 * curves.step.max()))


def _line(axis, curve, look):
    """One seed; a distance below the range is a triangle pointing there."""
    low = curve.kl < LOWEST
    shown = {"markersize": 2.2, "linewidth": 0.6, "elinewidth": 0.6, "alpha": 0.7}
    axis.errorbar(curve.step, curve.kl.mask(low), curve.kl_error, **look | shown)
    axis.plot(curve.step[low], np.full(low.sum(), LOWEST), "v", color=look["color"], markersize=3)
