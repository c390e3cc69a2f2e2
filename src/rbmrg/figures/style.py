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
SMALL = 3  # small panels in a row
# Okabe & Ito's palette, distinguishable under every common colour blindness; grey replaces yellow, too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", ":", "-.")
VARIANTS = ("s", "D", "P", "X", "*", "p", "d", "h")  # beside "o" in panels where triangles mean something else
T_UNIT = r"($J/k_\mathrm{B}$)"

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
    width = COLUMN * (0.4 + 0.2 * columns)
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


def few_labels(axis):
    """1, 0.3, 0.1 and so on along a logarithmic x or y axis: powers of ten alone may be none, all digits too many."""
    axis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 3)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(mpl.ticker.NullFormatter())


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


def seed(look):
    """The symbols of single seeds around the line of their median, which has the same `look`."""
    return look | {"linestyle": "none", "markersize": 1.8, "elinewidth": 0.5, "alpha": 0.5}


def end_labels(axis, ends, gap=0.07):
    """Names at the right of a panel, each as high as the end of its line, pushed apart to `gap` of the panel's height.

    `ends`: (x, y, name, colour) of the line; limits and scales of the axis must have been set.
    """
    points = axis.transLimits.transform(axis.transScale.transform([end[:2] for end in ends])) if ends else []
    order = np.argsort([point[1] for point in points], kind="stable")
    heights = np.clip([points[which][1] for which in order], 0, 1)
    rank = gap * np.arange(len(order))
    heights = np.maximum.accumulate(heights - rank) + rank  # upwards where two are too close …
    heights = np.minimum(heights, 1 - rank[::-1])  # … and below the upper edge
    for which, height in zip(order, heights, strict=True):
        _, _, name, color = ends[which]
        axis.text(1.03, height, name, transform=axis.transAxes, va="center", fontsize=6.5, color=color)


def named_rows(axis, names):
    """A row for each of `names` from the top, every second one shaded."""
    axis.set(yticks=range(len(names)), ylim=(max(len(names), 1) - 0.5, -0.5))
    axis.set_yticklabels(names)
    axis.tick_params(axis="y", length=0)
    for row in range(1, len(names), 2):
        axis.axhspan(row - 0.5, row + 0.5, color="0.95", zorder=-1)


def headed_rows(axis, groups):
    """{(heading, name): y} of rows from the top: the names of each of `groups` {heading: names} below their heading."""
    rows = [(heading, name) for heading, names in groups.items() for name in (None, *names)]
    named_rows(axis, [name or heading for heading, name in rows])
    axis.tick_params(axis="y", labelsize=6.5)
    for tick, (_, name) in zip(axis.yaxis.get_major_ticks(), rows, strict=False):
        if name is None:
            tick.label1.set(fontstyle="italic", color="0.35")
    return {row: y for y, row in enumerate(rows) if row[1]}


def right_of_rows(axis, texts, heading):
    """`texts` {y: text} at the right of rows, below a heading."""
    for y, text in texts.items():
        axis.text(1.02, y, text, transform=axis.get_yaxis_transform(), va="center", fontsize=6.5)
    axis.text(1.02, 1.0, heading, transform=axis.transAxes, va="bottom", fontsize=6.5)


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


def temperatures_of(training):
    """The number of temperatures of a `training` as tables have it: a number, or `0 to 5.9, 60 temperatures`."""
    return 1 if _number(training) is not None else int(training.split()[-2])


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


# --- files ------------------------------------------------------------------------------------------------------------


def save(figure, path):
    """Write a figure as PNG or PDF without dates or versions, so that the same numbers give the same bytes."""
    metadata = {"Software": None} if str(path).endswith("png") else {"CreationDate": None, "Producer": None}
    figure.savefig(path, metadata=metadata)
    figure.set_layout_engine("none")  # what is laid out stays where it is: a second format need not pay for it again
