"""Sources of panels, rows and lines: the one order of machines, their looks, and which of many are shown."""

import itertools

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from rbmrg.figures import style

GROUPS = ("the paper's recipe", "other recipes", "Ising models", "controls")
FAMILIES = (  # of each group, in the one order of figures and of looks; those that are not here follow
    ("paper",),
    ("pcd", "cd1-decay", "best", "cd-k", "convolutional"),
    ("exact", "checkerboard"),  # recipes: closed forms, which learn nothing
    ("permuted", "shuffled", "independent", "untrained"),
)
COLOURS = (  # of each group, so that a colour says what a machine is
    (style.COLOURS[1],),
    (*style.COLOURS[:1], *style.COLOURS[2:6]),
    ("black",),
    ("0.45",),
)
MARKERS = (("o",), ("s", "D", "P", "p", "h"), ("d",), ("X", "*", "8", "H"))  # triangles are values beyond a panel
DARKER = 0.55  # the second machine of a family
EXTENT = 0.6  # of the row of a machine, for its seeds
TOGETHER = 8  # lines that are still told apart in one panel


# --- machines ---------------------------------------------------------------------------------------------------------


def family(table):
    """How the machines of a table were made: their recipe, or their `control` if they are one."""
    return table.recipe.where(table.control == "none", table.control)


def machines(table):
    """A row for each machine of a table, in the order of all figures: by group, by FAMILIES, then as in the table.

    `table` has the columns machine, recipe, training, control; rows without a recipe (Monte Carlo data, RG rules) are
    left out.  Columns: machine, family, `group` (a place in GROUPS), training (`$T_c$`, `$T=2$` or `0–5.9`),
    `temperatures` (their number), critical (whether Tc is the only one).
    """
    one = table[table.recipe.notna()].drop_duplicates("machine")
    closed = one.recipe.isin(FAMILIES[2])
    found = pd.DataFrame({
        "machine": one.machine,
        "family": family(one),
        "group": np.select([one.control != "none", closed, one.recipe == "paper"], [3, 2, 0], 1),
        "training": one.training.map(style.mixture_labels(one.training)),
        "temperatures": one.training.map(style.temperatures_of),
        "critical": one.training.map(style.is_critical),
    })  # fmt: skip
    order = list(dict.fromkeys([*itertools.chain(*FAMILIES), *found.family]))
    found = found.assign(place=found.family.map(order.index))
    found = found.sort_values(["group", "place"], kind="stable", ignore_index=True)
    return found.drop(columns="place")


def representatives(table):
    """One machine of each family, in order: the one trained on most temperatures; of equals the first, Tc before all.

    Rows of `machines`.
    """
    found = machines(table)
    wanted = found.temperatures + 0.5 * found.critical
    chosen = wanted.groupby(found.family, sort=False).idxmax()
    return found.loc[chosen].reset_index(drop=True)


def by_training(table):
    """{title: rows of `machines`}: those trained at Tc, and those on the mixture of most temperatures.

    If there are neither, those of the first training.  At most TOGETHER machines a title: the first of each family
    before others.  A column `label` names the family, or the machine if the title has several of its family.
    """
    found = machines(table)
    at_tc = found.training[found.critical]
    mixtures = found[found.temperatures > 1].sort_values("temperatures", ascending=False, kind="stable").training
    trainings = [*at_tc[:1], *mixtures[:1]] or [*found.training[:1]]
    titles = {}
    for training in trainings:
        mine = found[found.training == training]
        again = mine.groupby("family").cumcount().sort_values(kind="stable")
        mine = mine.loc[sorted(again.index[:TOGETHER])]
        label = mine.family.where(~mine.family.duplicated(keep=False), mine.machine)
        preposition = "on" if (mine.temperatures > 1).any() else "at"
        titles[f"trained {preposition} {training}"] = mine.assign(label=label)
    return titles


def in_rows(table):
    """Rows of `machines` for figures with a row each: those of `by_training`, in the one order."""
    found = machines(table)
    names = [name for chosen in by_training(table).values() for name in chosen.machine]
    return found[found.machine.isin(names)]


def looks(table):
    """{machine: its colour, marker and line}: the colour tells its group, all three its family, in every figure.

    Of machines of one family with the same training, the second is darker and has an open marker, and so on.
    """
    found = machines(table)
    again = found.groupby(["family", "training"]).cumcount()
    made = {}
    for row in found.assign(again=again).itertuples():
        place = list(dict.fromkeys([*FAMILIES[row.group], *found.family[found.group == row.group]])).index(row.family)
        color = COLOURS[row.group][place % len(COLOURS[row.group])]
        color = tuple(DARKER**row.again * part for part in to_rgb(color))
        made[row.machine] = {
            "color": color,
            "marker": MARKERS[row.group][place % len(MARKERS[row.group])],
            "markerfacecolor": "white" if row.again else color,
            "linestyle": style.LINES[place % len(style.LINES)],
        }
    return made


def rows(axis, found, first=()):
    """{name: y} on an axis with a row for each machine of `found` (rows of `machines`), below a heading a group.

    `first`: {heading: names} of other rows above them.
    """
    groups = dict(first) | {GROUPS[group]: list(mine.machine) for group, mine in found.groupby("group")}
    return {name: y for (_, name), y in style.headed_rows(axis, groups).items()}


def seed_rows(points, places, extent=EXTENT):
    """The y position of each row of the table `points`: the row `places` of its machine, its seeds below one another.

    Seeds take `extent` of a row.
    """
    groups = points.groupby("machine")
    seeds = groups.machine.transform("size")
    return (points.machine.map(places) + extent * ((groups.cumcount() + 0.5) / seeds - 0.5)).to_numpy(float)


# --- sources ----------------------------------------------------------------------------------------------------------


def labels(table):
    """Labels of machines and Monte Carlo data: the name of each, `data, shuffled` for data that are wrong on purpose.

    `table` has the columns machine, kind, control.
    """
    wrong = (table.kind == "monte carlo") & (table.control != "none")
    return table.machine.where(~wrong, "data, " + table.machine)


def of_machines(layers):
    """The rows of a table of layers that are of machines, with these in the column `machine` as in other tables."""
    return layers[layers.kind == "machine"].rename(columns={"source": "machine"})


def in_order(layers):
    """[(kind, source)] of a table of layers (kind, source, recipe, training, control): rules, then `machines`."""
    rules = layers.source[layers.kind == "rule"].unique()
    return [("rule", name) for name in rules] + [("machine", name) for name in machines(of_machines(layers)).machine]
