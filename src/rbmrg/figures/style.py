"""One look for all figures: readable at column width, colour-blind-safe, exact curves dashed, Tc marked."""

import logging

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

from rbmrg import stats
from rbmrg.lattice import TC

COLUMN, PAGE = 3.4, 7.0  # inches
SMALL = 5  # small panels in a row
EXTENT = 0.6  # of the row of a machine, for its seeds
ALONE = ("s", "D", "P", "X", "*")  # markers of machines without a family; triangles mean something else
# Okabe & Ito's palette: distinguishable under every common colour blindness.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

EXACT = {"color": "black", "linestyle": "--", "linewidth": 0.9, "zorder": 3}
DATA = {"linestyle": "none", "marker": "o", "markersize": 2.5, "elinewidth": 0.7, "capsize": 0}

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it finds the dates of fonts in PDFs "very low"
mpl.use("agg")  # files only: no display is needed
mpl.rcParams.update(
    {
        "font.size": 8,
        "axes.titlesize": 8,
        "axes.labelsize": 8,
        "legend.fontsize": 6.5,
        "legend.frameon": False,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "xtick.direction": "in",
        "ytick.direction": "in",
        "xtick.top": True,
        "ytick.right": True,
        "axes.linewidth": 0.6,
        "lines.linewidth": 1.0,
        "mathtext.fontset": "cm",
        "font.family": "DejaVu Sans",
        "pdf.fonttype": 42,
        "savefig.dpi": 220,
        "figure.constrained_layout.use": True,
        "image.interpolation": "nearest",
        "axes.prop_cycle": mpl.cycler(color=COLOURS),
    }
)


def panels(rows, columns, width, height, **options):
    """A figure of `width` × `height` inches and its axes [rows, columns]."""
    return plt.subplots(rows, columns, figsize=(width, height), squeeze=False, **options)


def grid(names, height, margin):
    """A figure of small panels with common axes, and {name: its axis}; rows are `height` inches, all else `margin`."""
    columns, rows = min(SMALL, len(names)), -(-len(names) // SMALL)
    width = PAGE * (0.25 + 0.15 * columns)
    figure, axes = panels(rows, columns, width, margin + height * rows, sharex=True, sharey=True)
    for axis in axes.flat[len(names) :]:
        axis.set_axis_off()
    for axis in axes.flat[max(0, len(names) - columns) : len(names)]:  # the lowest of each column
        axis.tick_params(labelbottom=True)
    named = dict(zip(names, axes.flat, strict=False))
    for name, axis in named.items():
        axis.set_title(name, fontsize=7, pad=3)
    return figure, named


def mark_tc(axis, horizontal=False, label=True):
    """A thin grey line at Tc, with its name at the end unless `label` is false."""
    line = axis.axhline if horizontal else axis.axvline
    line(TC, color="0.6", linewidth=0.7, zorder=0)
    if label and horizontal:
        axis.text(1.01, TC, "$T_c$", transform=axis.get_yaxis_transform(), va="center", fontsize=7, color="0.4")
    elif label:
        axis.text(
            TC, 1.01, "$T_c$", transform=axis.get_xaxis_transform(), ha="center", va="bottom", fontsize=7, color="0.4"
        )


def temperature_label(T):
    """`$T_0=T_c$` or `$T_0=5.9$`: the start of a flow."""
    return "$T_0=T_c$" if abs(T - TC) < 1e-3 else f"$T_0={T:g}$"


def seed_rows(points):
    """The height of each row of the table in the figure: that of its machine, its seeds one below the other."""
    machine, _ = points.machine.factorize()
    seed = points.groupby("machine", sort=False).cumcount()
    seeds = points.groupby("machine", sort=False).machine.transform("size")
    return (machine + EXTENT * ((seed + 0.5) / seeds - 0.5)).to_numpy()


def machine_rows(axis, machines):
    """A row for each machine from the top, every second one shaded."""
    axis.set(yticks=range(len(machines)), ylim=(max(len(machines), 1) - 0.5, -0.5))
    axis.set_yticklabels(machines)
    axis.tick_params(axis="y", length=0)
    for row in range(1, len(machines), 2):
        axis.axhspan(row - 0.5, row + 0.5, color="0.95", zorder=-1)


def at_edges(axis, values, place, low_high, colour, vertical=False):
    """Triangles at the edge of the panel beyond which each of `values` lies; they are heights if `vertical`."""
    above = values > low_high[1]
    for chosen, edge, marker in ((above, low_high[1], ">^"[vertical]), (~above, low_high[0], "<v"[vertical])):
        if chosen.any():  # the layout would make room for an empty line at the origin of the page
            x, y = np.full(chosen.sum(), edge), place[chosen]
            x, y = (y, x) if vertical else (x, y)
            axis.plot(x, y, marker, color=colour, markersize=3.5, clip_on=False)


def over_seeds(values, errors):
    """(mean, error) over seeds of `values` and `errors` [seed, ...]; a mean that is not finite has the error NaN."""
    mean, *both = stats.over_seeds(values, errors)
    return mean, np.where(np.isfinite(mean), stats.total_error(*both), np.nan)


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
            colour = COLOURS[sets.index(rest[name]) % len(COLOURS)]
            marker = "o" if family else ALONE[place % len(ALONE)]
            looks[name] = {"color": colour, "marker": marker, "label": rest[name] if family else name}
    return looks


def legend_of(figure, axes, used, looks, extra=()):
    """What the looks mean, in a panel that is not used or above all (below, it would lie on the common label)."""
    handles = {look["label"]: mpl.lines.Line2D([], [], markersize=3, linewidth=0.8, **look) for look in looks.values()}
    handles = [*handles.values(), *extra]
    for axis in axes.flat[used:]:
        axis.set_axis_off()
    if used < axes.size:
        axes.flat[used].legend(handles=handles, loc="center", ncols=1 + (len(handles) > 14))
    else:
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 2 * axes.shape[1]))


def save(figure, path):
    """Write a figure as PNG or PDF without dates or versions, so that the same numbers give the same bytes."""
    metadata = {"Software": None} if str(path).endswith("png") else {"CreationDate": None, "Producer": None}
    figure.savefig(path, metadata=metadata)
    figure.set_layout_engine("none")  # what is laid out stays where it is: a second format need not pay for it again
