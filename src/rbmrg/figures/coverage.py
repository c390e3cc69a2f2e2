"""How often 68 % and 95 % intervals hold the truth, for every quantity, beside what is wanted."""

import numpy as np

from rbmrg.coverage import LEVELS, WANTED
from rbmrg.figures import style

LOOKS = {  # marker and colour of each level
    "coverage68": {"marker": "o", "color": style.COLOURS[0], "label": "68 % intervals"},
    "coverage95": {"marker": "s", "color": style.COLOURS[1], "label": "95 % intervals"},
}
ROWS = 40  # quantities one below the other, at most
ROW = 0.15  # inches
LOWEST = 0.4  # the share at the left edge: triangles lie below


def draw(coverage):
    """`coverage`: the table of that name.  Numbers: the same table.

    A row for each quantity, with a binomial bar of one standard error for each level; a quantity whose coverage does
    not hold has a cross at the right edge.
    """
    columns = -(-len(coverage) // ROWS)
    parts = np.array_split(np.arange(len(coverage)), columns)
    figure, axes = style.panels(1, columns, 0.5 + 3.3 * columns, 0.8 + ROW * max(map(len, parts)))
    for axis, part in zip(axes[0], parts, strict=True):
        _panel(axis, coverage.iloc[part])
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))
    return figure, coverage


def _panel(axis, rows):
    """Both shares of some of the quantities."""
    style.named_rows(axis, list(rows.quantity))
    axis.tick_params(axis="y", labelsize=6)
    place = np.arange(len(rows))
    for level, look in LOOKS.items():
        axis.axvspan(*WANTED[level], color=look["color"], alpha=0.15, linewidth=0, zorder=0)
        share = rows[level].to_numpy()
        error = np.sqrt(LEVELS[level] * (1 - LEVELS[level]) / np.maximum(rows.replicas, 1))
        seen = share >= LOWEST
        axis.errorbar(share[seen], place[seen], xerr=error[seen], **style.DATA | look | {"markersize": 3})
        style.at_edges(axis, share[share < LOWEST], place[share < LOWEST], (LOWEST, 1.02), look["color"])
    failed = place[~rows.holds.to_numpy(bool)]
    if len(failed):  # the layout would make room for an empty line at the origin of the page
        axis.plot(np.full(len(failed), 1.035), failed, "x", color="black", markersize=4, clip_on=False)
    axis.set(xlim=(LOWEST, 1.02), xlabel="share that holds the truth")
