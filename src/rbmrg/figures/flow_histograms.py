"""Histograms of the most probable temperature at the end of flows of the paper's length."""

import numpy as np
import pandas as pd

from rbmrg.figures import style
from rbmrg.flows.snapshots import PAPER_LENGTH

HIGHEST = 0.3  # a larger share is cut, and written beside its bar


def draw(histograms):
    """One panel for each machine of `histograms` (see `flows.reading.read_all`).

    Share of every class at the last step up to PAPER_LENGTH, all seeds together: Bayes filled and network 0 as a line
    from all starts, Bayes as thin lines from the coldest and the hottest, which coincide once the start is forgotten.
    Numbers: machine, step, thermometer, start (a temperature, or "all"), class, count, share.
    """
    step = histograms.step[histograms.step <= PAPER_LENGTH].max()
    classes = np.sort(histograms["class"].unique())
    machines = histograms.machine.unique()
    looks = _looks(histograms.start)
    figure, axes = style.grid(machines, height=1.0, margin=0.9)
    axes[0].set(ylim=(0, HIGHEST), xlim=edges_of(classes)[[0, -1]] + [-0.1, 0.1])
    numbers = []
    for machine, axis in zip(machines, axes, strict=True):
        here = histograms[(histograms.machine == machine) & (histograms.step == step)]
        for (thermometer, start), look in looks.items():
            chosen = here[(here.thermometer == thermometer) & ((start == "all") | (here.start == start))]
            counts = chosen.groupby("class")["count"].sum().reindex(classes, fill_value=0)
            share = counts / max(counts.sum(), 1)
            axis.stairs(*bars(share), **look)
            if look.get("fill"):
                _cut(axis, share)
            which = {"machine": machine, "step": step, "thermometer": thermometer, "start": start}
            numbers.append(pd.DataFrame(which | {"class": classes, "count": counts.values, "share": share.values}))
        style.mark_tc(axis, label=False)
        axis.tick_params(labelsize=6)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=len(looks))
    figure.supxlabel(f"most probable $T$ after {step} {'step' if step == 1 else 'steps'}", fontsize=8)
    figure.supylabel("share of configurations", fontsize=8)
    return figure, pd.concat(numbers, ignore_index=True)


def _looks(starts):
    """{(thermometer, start): look} of the lines of every panel."""
    cold = starts.min()
    hot = starts.max()
    looks = {("bayes", "all"): {"fill": True, "color": "0.82", "label": "Bayes", "zorder": -1}}
    for start, colour in ((cold, style.COLOURS[0]), (hot, style.COLOURS[1])):
        label = f"Bayes, {style.start_label(start)}"
        looks["bayes", start] = {"color": colour, "linewidth": 0.6, "label": label}
    looks["network 0", "all"] = {"color": "black", "linewidth": 0.9, "label": "network"}
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
