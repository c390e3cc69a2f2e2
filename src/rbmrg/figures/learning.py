"""Learning curves: exact distance of every machine from its data, against training step."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style

COLUMNS = 3


def draw(machines):
    """`machines`: Datasets of all machines and seeds (`learning.learn`); one panel for each family of names.

    A line for each seed; colours are training sets, the rest of the name.  Step 0 and the machines that have no other
    are in the numbers only.
    """
    numbers = pd.concat(
        [
            machine[["kl", "kl_error", "ess", "method"]].to_dataframe().reset_index()
            .assign(machine=machine.attrs["machine"], seed=int(machine.attrs["replica"]))
            for machine in machines
        ],
        ignore_index=True,
    )  # fmt: skip
    curves = numbers[numbers.step > 0]
    groups = families(list(curves.machine.unique()))
    looks = looks_of(groups)
    columns, rows = min(COLUMNS, max(len(groups), 1)), max(-(-len(groups) // COLUMNS), 1)
    width = style.COLUMN if columns == 1 else style.PAGE
    figure, axes = style.panels(rows, columns, width, 0.8 + 1.9 * rows, sharex=True, sharey=True)
    for axis, (title, names) in zip(axes.flat, groups.items(), strict=False):
        for name in names:
            for _, seed in curves[curves.machine == name].groupby("seed"):
                axis.errorbar(seed.step, seed.kl, seed.kl_error, linewidth=0.7, elinewidth=0.7, **looks[name])
        axis.set_title(title)
    axes[0, 0].set(xscale="log", yscale="log")
    return figure, numbers


def families(names):
    """{title: names}: those that begin alike, up to their first hyphen, and last all that are alone."""
    prefixes = [name.partition("-")[0] for name in names]
    shared = {prefix: [n for n, p in zip(names, prefixes, strict=True) if p == prefix] for prefix in prefixes}
    together = {prefix: members for prefix, members in shared.items() if len(members) > 1}
    alone = [members[0] for members in shared.values() if len(members) == 1]
    return together | ({"others" if together else "": alone} if alone else {})
