"""Histograms of the most probable temperature at the end of flows of the paper's length, as the paper reads them."""

import numpy as np
import pandas as pd

from rbmrg.figures import sources, style
from rbmrg.flows.snapshots import PAPER_LENGTH

THERMOMETER = "network 0"  # the paper's
HIGHEST = 0.3  # a larger share is cut, and written beside its bar


def draw(histograms):
    """A panel for each of `sources.representatives`, all seeds of a machine together.

    `histograms`: see `flows.reading.read_all`.  Share of every class of the paper's network at the last step up to
    PAPER_LENGTH: filled from all starts; lines from the coldest and the hottest, which coincide once the start is
    forgotten.  Numbers: machine, step, start (a temperature, or "all"), class, count, share.
    """
    step = histograms.step[histograms.step <= PAPER_LENGTH].max()
    classes = np.sort(histograms["class"].unique())
    machines = sources.representatives(histograms)
    looks = _looks(histograms.start)
    titles = [f"{row.family}, {row.training}" for row in machines.itertuples()]
    figure, axes = style.grid(titles, height=0.95, margin=0.8)
    axes[0].set(ylim=(0, HIGHEST), xlim=edges_of(classes)[[0, -1]] + [-0.1, 0.1])
    axes[0].locator_params(axis="x", nbins=4, integer=True)
    chosen = histograms[(histograms.step == step) & (histograms.thermometer == THERMOMETER)]
    numbers = []
    for machine, axis in zip(machines.machine, axes, strict=True):
        here = chosen[chosen.machine == machine]
        for start, look in looks.items():
            counts = here[(start == "all") | (here.start == start)].groupby("class")["count"].sum()
            counts = counts.reindex(classes, fill_value=0)
            share = counts / max(counts.sum(), 1)
            axis.stairs(*bars(share), **look)
            if look.get("fill"):
                _cut(axis, share)
            which = {"machine": machine, "step": step, "start": start}
            numbers.append(pd.DataFrame(which | {"class": classes, "count": counts.values, "share": share.values}))
        style.mark_tc(axis, label=False)
        axis.tick_params(labelsize=6)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=len(looks))
    steps = f"{step} {'step' if step == 1 else 'steps'}"
    figure.supxlabel(f"class of the network after {steps}, $T$ / {style.T_UNIT}", fontsize=8)
    figure.supylabel("share of configurations", fontsize=8)
    return figure, pd.concat(numbers, ignore_index=True)


def _looks(starts):
    """{start: look} of the outlines of every panel."""
    looks = {"all": {"fill": True, "color": "0.82", "label": "all starts", "zorder": -1}}
    for start, colour, dash in ((starts.min(), style.COLOURS[0], "-"), (starts.max(), style.COLOURS[1], (0, (4, 1)))):
        looks[start] = {"color": colour, "linestyle": dash, "linewidth": 0.8, "label": style.start_label(start)}
    return looks


def edges_of(classes):
    """The edges of bars around the rising temperatures `classes`, all as wide as the closest two are apart."""
    width = np.diff(np.asarray(classes, float)).min(initial=np.inf)
    half = width / 2 if np.isfinite(width) else 0.5
    return np.unique(np.round([classes - half, classes + half], 9))


def bars(share):
    """(heights, edges) of the Series `share` over classes; between bars that do not touch the height is 0."""
    classes = share.index.to_numpy()
    edges = edges_of(classes)
    heights = np.zeros(len(edges) - 1)
    heights[np.searchsorted(edges, classes) - 1] = share
    return heights, edges


def _cut(axis, share):
    """The values of the Series `share` that are higher than the panel, beside their bars."""
    low, high = axis.get_xlim()
    for T, value in share[share > HIGHEST].items():
        left = (T - low) / (high - low) > 0.5
        axis.annotate(
            f"{value:.2f}", (T, 0.94 * HIGHEST), xytext=(-4 if left else 4, 0), textcoords="offset points",
            ha="right" if left else "left", va="top", fontsize=6, color="0.3",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
