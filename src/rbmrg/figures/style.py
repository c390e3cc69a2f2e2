"""One look for all figures: readable at column width, colour-blind-safe, exact curves dashed, Tc marked."""

import logging
from collections import Counter

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from rbmrg import stats
from rbmrg.lattice import TC

COLUMN, PAGE = 3.4, 7.0  # inches
SMALL = 5  # small panels in a row
EXTENT = 0.6  # of the row of a machine, for its seeds
# Okabe & Ito's palette, distinguishable under every common colour blindness; grey replaces yellow, too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", ":", "-.")
VARIANTS = ("s", "D", "P", "X", "*", "p", "d", "h")  # beside "o" in panels where triangles mean something else

EXACT = {"color": "black", "linestyle": "--", "linewidth": 0.9, "zorder": 3}
BAND = {"color": COLOURS[4], "alpha": 0.35, "linewidth": 0, "zorder": 0.5}
DATA = {"linestyle": "none", "marker": "o", "markersize": 2.5, "elinewidth": 0.7, "capsize": 0}

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it warns of the dates of fonts in PDFs
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
        "pdf.fonttype": 3,  # outlines; to take the letters in use out of a font (42) takes 0.35 s a figure
        "savefig.dpi": 220,
        "figure.constrained_layout.use": True,
        "image.interpolation": "nearest",
        "axes.prop_cycle": mpl.cycler(color=COLOURS),
    }
)


# --- panels and rows --------------------------------------------------------------------------------------------------


def panels(rows, columns, width, height, **options):
    """A figure of `width` × `height` inches and its axes [rows, columns]."""
    return plt.subplots(rows, columns, figsize=(width, height), squeeze=False, **options)


def shape(count, most):
    """(rows, columns) for `count` panels, at least one, of which at most `most` stand side by side."""
    columns = max(min(count, most), 1)
    return max(-(-count // columns), 1), columns


def grid(titles, height, margin):
    """A figure of small panels with common axes and a list of these; rows take `height` inches, the rest `margin`."""
    rows, columns = shape(len(titles), SMALL)
    width = PAGE * (0.25 + 0.15 * columns)
    figure, axes = panels(rows, columns, width, margin + height * rows, sharex=True, sharey=True)
    used = used_panels(axes, len(titles))
    for title, axis in zip(titles, used, strict=True):
        axis.set_title(title, fontsize=7, pad=3)
    return figure, used


def used_panels(axes, count):
    """The first `count` of `axes` [rows, columns], with tick labels below the lowest of each column; others vanish."""
    for axis in axes.flat[count:]:
        axis.set_axis_off()
    for place, axis in enumerate(axes.flat[:count]):
        axis.tick_params(labelbottom=place >= count - axes.shape[1])
    return list(axes.flat[:count])


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


def seed_rows(points, column="machine"):
    """The y position of each row of the table: that of its machine, its seeds stacked below one another."""
    machine, _ = points[column].factorize()
    groups = points.groupby(column, sort=False)
    seeds = groups[column].transform("size")
    return (machine + EXTENT * ((groups.cumcount() + 0.5) / seeds - 0.5)).to_numpy()


def named_rows(axis, names):
    """A row for each of `names` from the top, every second one shaded."""
    axis.set(yticks=range(len(names)), ylim=(max(len(names), 1) - 0.5, -0.5))
    axis.set_yticklabels(names)
    axis.tick_params(axis="y", length=0)
    for row in range(1, len(names), 2):
        axis.axhspan(row - 0.5, row + 0.5, color="0.95", zorder=-1)


def at_edges(axis, values, place, low_high, colour, vertical=False, size=3.5):
    """Triangles at the edge of the panel beyond which each of `values` lies; these are heights if `vertical`."""
    above = values > low_high[1]
    for chosen, edge, marker in ((above, low_high[1], ">^"[vertical]), (~above, low_high[0], "<v"[vertical])):
        if chosen.any():  # the layout would make room for an empty line at the origin of the page
            along = np.full(chosen.sum(), edge)
            across = place[chosen]
            x, y = (across, along) if vertical else (along, across)
            axis.plot(x, y, marker, color=colour, markersize=size, clip_on=False)


# --- means over seeds -------------------------------------------------------------------------------------------------


def over_seeds(values, errors):
    """(mean, error) over seeds of `values` and `errors` [seed, …]; the error is the larger one of `stats.over_seeds`.

    The error of a mean that is not finite is NaN.
    """
    mean, *both = stats.over_seeds(values, errors)
    return mean, np.where(np.isfinite(mean), stats.total_error(*both), np.nan)


def seed_means(table, columns, value, error):
    """One row for each group of `table` with equal `columns`: these, the number of `seeds`, and `over_seeds` of the
    columns called `value` and `error`.
    """
    rows = [
        (*key, len(seeds), *map(float, over_seeds(seeds[value], seeds[error])))
        for key, seeds in table.groupby(columns, sort=False)
    ]
    found = pd.DataFrame(rows, columns=[*columns, "seeds", value, error])
    return found.astype({value: float, error: float})  # a table without rows has no numbers


# --- what a machine is ------------------------------------------------------------------------------------------------


def is_critical(training):
    """Whether `training`, as in the columns of tables, is the critical temperature alone."""
    T = _number(training)
    return T is not None and abs(T - TC) < 1e-3


def temperature(T):
    """`$T_c$` or `2.6`, from a number or its text; any other text as it is."""
    return T if _number(T) is None else "$T_c$" if is_critical(T) else f"{float(T):g}"


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


def temperature_colours(temperatures):
    """{T: colour} of rising temperatures, from dark and cold to bright and hot."""
    T = np.sort(np.unique(temperatures))
    return dict(zip(T, mpl.colormaps["plasma"](np.linspace(0, 0.85, len(T))), strict=True))


def start_label(T):
    """`$T_0=T_c$` or `$T_0=5.9$`: the start of a flow."""
    return f"$T_0={temperature(T).strip('$')}$"


def mixture_labels(trainings):
    """{training: label}: `$T_c$`, `$T=2.6$`, `0–5.9`; the whole text of the table if two would look alike."""
    labels = {}
    for training in dict.fromkeys(trainings):
        if _number(training) is None:
            labels[training] = training.partition(",")[0].replace(" to ", "–")
        else:
            labels[training] = "$T_c$" if is_critical(training) else f"$T={float(training):g}$"
    counts = Counter(labels.values())
    return {training: label if counts[label] == 1 else str(training) for training, label in labels.items()}


def family(machines):
    """How the machines of a table were made: their recipe, or their `control` if they are one."""
    return machines.recipe.where(machines.control == "none", machines.control)


def families(machines):
    """{title: names}: the machines of a table by `family`, and at the end those that are alone in theirs.

    `machines` has one row for each machine, with the columns machine, recipe, training, control.
    """
    groups = {name: list(rows.machine) for name, rows in machines.groupby(family(machines), sort=False)}
    several = {name: members for name, members in groups.items() if len(members) > 1}
    alone = [member for members in groups.values() if len(members) == 1 for member in members]
    return several | ({"others" if several else "": alone} if alone else {})


def looks_of(machines):
    """{machine: look} in the panels of `families`: the colour tells the training mixture, line and marker what else
    differs.

    What differs is a column `details` of `machines`, if there is one, and the name of a machine that would otherwise
    look like another of its family.  A machine that is alone in its family has a marker and a label of its own.  A
    label means the same in all panels.
    """
    table = machines.assign(family=family(machines), details=machines.get("details", ""))
    alike = table.duplicated(["family", "training", "details"], keep=False)
    table["details"] = [_joined(*both) for both in zip(table.details, table.machine.where(alike, ""), strict=True)]
    table["own"] = table.family.where(~table.family.duplicated(keep=False), "")
    table = table.sort_values("own", key=lambda own: own != "", kind="stable")
    mixtures = mixture_labels(table.training)
    dashes = {"": LINES[0]}
    markers = {("", "", 0): "o"}
    looks = {}
    for row in table.itertuples():
        again, place = divmod(list(mixtures).index(row.training), len(COLOURS))
        marker = markers.setdefault((row.own, row.details, again), VARIANTS[(len(markers) - 1) % len(VARIANTS)])
        dash = dashes.setdefault(row.details, LINES[1 + (len(dashes) - 1) % 3])
        label = _joined(row.own, mixtures[row.training], row.details)
        looks[row.machine] = {"color": COLOURS[place], "marker": marker, "linestyle": dash, "label": label}
    return looks


def _joined(*texts):
    return ", ".join(filter(None, texts))


def legend_of(figure, axes, used, looks, extra=(), title=None):
    """The meaning of the looks, in a panel that is not used or above all (below, it would lie on the common label)."""
    handles = {look["label"]: mpl.lines.Line2D([], [], markersize=3, linewidth=0.8, **look) for look in looks.values()}
    handles = [*handles.values(), *extra]
    options = {"handles": handles, "title": title, "title_fontsize": 6.5}
    if used < axes.size:
        axes.flat[used].legend(loc="center", ncols=1 + (len(handles) > 14), **options)
    else:
        figure.legend(loc="outside upper center", ncols=min(len(handles), 2 * axes.shape[1]), **options)


# --- sources of rows and panels ---------------------------------------------------------------------------------------


def source_labels(table):
    """Labels of machines and Monte Carlo data: the name of each, `Monte Carlo, shuffled` for data that are wrong on
    purpose; `table` has the columns machine, kind, control.
    """
    wrong = (table.kind == "monte carlo") & (table.control != "none")
    return table.machine.where(~wrong, "Monte Carlo, " + table.machine)


def monte_carlo_first(table):
    """The `source_labels` of `table`, those of Monte Carlo data first, else in the order of the table."""
    sources = table.assign(label=source_labels(table)).drop_duplicates("label")
    machines = sources.kind == "machine"
    return [*sources.label[~machines], *sources.label[machines]]


def in_order(layers):
    """A row for each source of a table of layers (kind, source, control): rules, machines, and untrained ones last."""
    place = (layers.kind != "rule").astype(int) + (layers.control == "untrained")
    return layers.iloc[place.argsort(kind="stable")].drop_duplicates(["kind", "source"])


# --- files ------------------------------------------------------------------------------------------------------------


def save(figure, path):
    """Write a figure as PNG or PDF without dates or versions, so that the same numbers give the same bytes."""
    metadata = {"Software": None} if str(path).endswith("png") else {"CreationDate": None, "Producer": None}
    figure.savefig(path, metadata=metadata)
    figure.set_layout_engine("none")  # what is laid out stays where it is: a second format need not pay for it again
