"""Learning curves: exact distance of every machine from its data, against training step."""

import matplotlib as mpl
import numpy as np
import pandas as pd

from rbmrg.figures import style

COLUMNS = 3
ALONE = ("s", "D", "P", "X", "*")  # markers of machines without a family; triangles mean something else
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
    groups = families(list(curves.machine.unique()))
    looks = looks_of(groups)
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
    _legend(figure, axes, len(groups), looks)
    return figure, numbers


def _line(axis, curve, look):
    """One seed; a distance below the range is a triangle pointing there."""
    low = curve.kl < LOWEST
    shown = {"markersize": 2.2, "linewidth": 0.6, "elinewidth": 0.6, "alpha": 0.7}
    axis.errorbar(curve.step, curve.kl.mask(low), curve.kl_error, **look | shown)
    axis.plot(curve.step[low], np.full(low.sum(), LOWEST), "v", color=look["color"], markersize=3)


def families(names):
    """{title: names}: machines that share what is before the first hyphen of their name, and last all that do not."""
    prefixes = [name.partition("-")[0] for name in names]
    shared = {prefix: [n for n, p in zip(names, prefixes, strict=True) if p == prefix] for prefix in prefixes}
    groups = {prefix: members for prefix, members in shared.items() if len(members) > 1}
    alone = [members[0] for members in shared.values() if len(members) == 1]
    title = "others" if groups else ""
    return groups | ({title: groups.get(title, []) + alone} if alone else {})


def looks_of(groups):
    """{name: look} of the machines of `families`: a colour for each training set, the rest of the name; markers differ
    where there is no family.  A look's label is what it stands for in all panels.
    """
    rest = {name: name.partition("-")[2] or name for names in groups.values() for name in names}
    sets = list(dict.fromkeys(rest.values()))
    looks = {}
    for title, names in groups.items():
        family = title not in ("others", "")
        for place, name in enumerate(names):
            colour = style.COLOURS[sets.index(rest[name]) % len(style.COLOURS)]
            marker = "o" if family else ALONE[place % len(ALONE)]
            looks[name] = {"color": colour, "marker": marker, "label": rest[name] if family else name}
    return looks


def _legend(figure, axes, used, looks, extra=()):
    """What the looks mean, in a panel that is not used or below all."""
    handles = {look["label"]: mpl.lines.Line2D([], [], markersize=3, linewidth=0.8, **look) for look in looks.values()}
    handles = [*handles.values(), *extra]
    for axis in axes.flat[used:]:
        axis.set_axis_off()
    if used < axes.size:
        axes.flat[used].legend(handles=handles, loc="center", ncols=1 + (len(handles) > 14))
    else:
        figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 2 + 2 * axes.shape[1]))
