"""Ends of flows against the temperature of the mean energy of the training data: do they follow the data or Tc?"""

import numpy as np

from rbmrg.figures import sources, style
from rbmrg.figures.fixed_points import ends, limits


def draw(points):
    """A point for each machine and seed, a line through the medians of those of a family trained on mixtures.

    `points`: a row for each machine and seed, of `fixed_points.fixed_point` and `fixed_points.rivals`.  Numbers: these
    with their `family`, and with `end` and `near` (see `fixed_points.ends`).
    """
    machines = sources.machines(points).set_index("machine")
    numbers = ends(points).assign(family=points.machine.map(machines.family))
    figure, axes = style.panels(1, 1, style.COLUMN, 3.0)
    axis = axes[0, 0]
    low_high = limits(points)
    across = points.T_mix.agg(["min", "max"]).to_numpy()
    margin = 0.1 * np.ptp(across) + 0.05
    axis.set(xlim=(across[0] - margin, across[1] + margin), ylim=low_high)
    axis.axline((across[0], across[0]), slope=1, label="learned its data", **style.EXACT)
    axis.axhline(points.T_peak.iloc[0], color="0.4", linestyle=":", linewidth=0.9, label="maximum of the specific heat")
    style.mark_tc(axis, horizontal=True, label=False)
    axis.plot([], [], color="0.6", linewidth=0.7, label="$T_c$")
    looks = sources.looks(points)
    families = machines.groupby("family", sort=False)
    shifts = 0.006 * (np.arange(len(families)) - len(families) / 2) * (np.ptp(across) + margin)  # to keep them apart
    labels = []
    for (name, members), shift in zip(families, shifts, strict=True):
        mine = numbers[numbers.family == name].assign(several=numbers.machine.map(members.temperatures > 1))
        labels.append(_family(axis, mine, name, looks[members.index[0]], shift, low_high))
    style.end_labels(axis, labels)
    axis.set_xlabel(rf"$T_{{\rm mix}}$ of the training data / {style.T_UNIT}")
    axis.set_ylabel(f"$T_E$ at the end of the flow / {style.T_UNIT}")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1)
    return figure, numbers


def _family(axis, rows, name, look, shift, low_high):
    """The seeds of one family, and the line of their medians; returns the end of the line for its label."""
    inside = rows[rows.end.between(*low_high)]
    axis.errorbar(inside.T_mix + shift, inside.end, inside.T_error, **style.DATA | style.seed(look) | {"markersize": 3})
    beyond = rows[~rows.end.between(*low_high)]
    x = (beyond.T_mix + shift).to_numpy()
    style.at_edges(axis, beyond.end.to_numpy(), x, low_high, look["color"], vertical=True)
    median = rows.groupby("machine")[["T_mix", "end", "several"]].median().sort_values("T_mix")
    median["end"] = median.end.clip(*low_high)
    mixtures = median[median.several.astype(bool)]
    axis.plot(mixtures.T_mix + shift, mixtures.end, color=look["color"], linestyle=look["linestyle"])
    last = median.iloc[-1]
    return last.T_mix, last.end, name, look["color"]
