"""How often 68 % and 95 % intervals hold the truth, for every quantity, beside what is wanted."""

import numpy as np

from rbmrg.coverage import LEVELS, WANTED
from rbmrg.figures import style

LOOKS = {  # marker and colour of each level
    "coverage68": {"marker": "o", "color": style.COLOURS[0], "label": "68 % intervals"},
    "coverage95": {"marker": "s", "color": style.COLOURS[1], "label": "95 % intervals"},
}
ROW = 0.095  # inches
LOWEST = 0.4  # the share at the left edge: triangles lie below


def draw(coverage):
    """`coverage`: the table of that name.  Numbers: the same table.

    A row for each quantity, with a binomial bar of one standard error for each level; a quantity whose coverage does
    not hold has a cross at the right edge.
    """
    figure, axes = style.panels(1, 1, style.COLUMN, 0.7 + ROW * len(coverage))
    axis = axes[0, 0]
    style.named_rows(axis, list(coverage.quantity))
    axis.tick_params(axis="y", labelsize=5.8)
    axis.tick_params(axis="x", labeltop=True)  # both ends of a tall figure
    place = np.arange(len(coverage))
    for level, look in LOOKS.items():
        axis.axvspan(*WANTED[level], color=look["color"], alpha=0.15, linewidth=0, zorder=0)
        share = coverage[level].to_numpy()
        error = np.sqrt(LEVELS[level] * (1 - LEVELS[level]) / np.maximum(coverage.replicas, 1))
        seen = share >= LOWEST
        axis.errorbar(share[seen], place[seen], xerr=error[seen], **style.DATA | look)
        style.at_edges(axis, share[share < LOWEST], place[share < LOWEST], (LOWEST, 1.02), look["color"])
    failed = place[~coverage.holds.to_numpy(bool)]
    if len(failed):  # the layout would make room for an empty line at the origin of the page
        axis.plot(np.full(len(failed), 1.035), failed, "x", color="black", markersize=4, clip_on=False)
    axis.set(xlim=(LOWEST, 1.02), xlabel="share that holds the truth")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=len(LOOKS))
    return figure, coverage
