"""Where machines lie between the untrained machine and RG rules, statistic by statistic: which of them decides."""

import matplotlib as mpl
import numpy as np

from rbmrg.figures import sources, style
from rbmrg.layers import bands as scale
from rbmrg.layers.statistics import STATISTICS

HEADINGS = {"field": "receptive fields $R_a$", "map": r"maps $\langle v_i h_a\rangle$"}
LOW_HIGH = (-0.4, 1.5)  # of the axis; symbols beyond are triangles at its ends
SHARE = 0.8  # of the row of a statistic, for its machines
ROW = 0.21  # inches


def draw(statistics, bands):
    """A row for each statistic that can tell untrained machines from RG rules, a symbol for each machine.

    `statistics`: the table of `bands.placed`, `bands` that of `bands.bands`, of all sources, lattices and layers.
    Shown: machines, first layers on the largest lattice.  Numbers: all statistics of these, also those that are not
    valid and have no row; `position` is the mean over seeds, its error the larger of the statistical error and the
    scatter between seeds; `low` and `high` are the band on the same scale.
    """
    shown = statistics[(statistics.kind == "machine") & (statistics.layer == 1)]
    shown = shown[(shown.L.max() == shown.L) & shown.statistic.isin(STATISTICS)]
    numbers = average(shown, bands)
    looks = sources.looks(sources.of_machines(shown))
    valid = numbers[numbers.valid.astype(bool)]
    groups = {of: [name for name in STATISTICS if name in set(valid.statistic[valid.of == of])] for of in HEADINGS}
    labels = {HEADINGS[of]: [STATISTICS[name][0] for name in names] for of, names in groups.items() if names}
    rows = sum(1 + len(names) for names in labels.values())
    figure, axes = style.panels(1, 1, style.COLUMN, 1.0 + ROW * max(rows, 3))
    axis = axes[0, 0]
    places = style.headed_rows(axis, labels)
    for (of, name), mine in valid.groupby(["of", "statistic"], sort=False):
        y = places[HEADINGS[of], STATISTICS[name][0]]
        axis.barh(y, mine.high.iloc[0] - mine.low.iloc[0], left=mine.low.iloc[0], height=0.9, **style.BAND)
    for place, (source, look) in enumerate(looks.items()):
        look |= {"linestyle": "none", "markersize": 3.5}
        mine = valid[(valid.source == source) & valid.position.notna()]
        shift = SHARE * ((place + 0.5) / len(looks) - 0.5)
        y = [
            places[HEADINGS[of], STATISTICS[name][0]] + shift for of, name in zip(mine.of, mine.statistic, strict=True)
        ]
        _points(axis, mine, np.array(y), look)
    axis.set(xlim=LOW_HIGH, xticks=[0, 0.5, 1], xticklabels=["0\nuntrained", "0.5", "1\nRG rules"])
    handles = [mpl.lines.Line2D([], [], label=name, **look) for name, look in looks.items()]
    handles.append(mpl.patches.Patch(label="band of RG rules", **style.BAND))
    figure.legend(handles=handles, loc="outside upper center", ncols=3, columnspacing=1)
    return figure, numbers


def average(statistics, bands):
    """A row for each machine and statistic, with seeds, position, position_error, low, high, valid; see `draw`."""
    means = style.seed_means(statistics, ["kind", "source", "control", *scale.KEYS], "position", "position_error")
    band = scale.positions(bands)[[*scale.KEYS, "low", "high", "valid"]]
    return means.merge(band, how="left", on=scale.KEYS)


def _points(axis, rows, place, look):
    """The statistics of one machine; triangles at the ends are beyond the axis."""
    value, error = rows[["position", "position_error"]].to_numpy(float).T
    inside = np.clip(value, *LOW_HIGH) == value
    axis.errorbar(value[inside], place[inside], xerr=error[inside], **style.DATA | look)
    style.at_edges(axis, value[~inside], place[~inside], LOW_HIGH, look["color"])
