"""Where machines lie between the untrained machine and RG rules, statistic by statistic: which of them decides."""

import matplotlib as mpl

from rbmrg.figures import sources, style
from rbmrg.layers import bands as scale
from rbmrg.layers.statistics import STATISTICS

PANELS = {"map": r"maps $\langle v_i h_a\rangle$", "field": "receptive fields $R_a$"}
LOW_HIGH = (-0.5, 1.5)  # of the axis; symbols beyond are triangles at its ends
SHARE = 0.8  # of the row of a statistic, for its machines


def draw(statistics, bands):
    """A row for each statistic; maps at the left, receptive fields at the right.

    `statistics`: the table of `bands.placed`, `bands` that of `bands.bands`, of all sources, lattices and layers.
    Shown: machines, first layers on the largest lattice; names of statistics that are not valid are grey and in
    brackets.  Numbers: the rows that are drawn; `position` is the mean over seeds, its error the larger of the
    statistical error and the scatter between seeds; `low` and `high` are the band on the same scale.
    """
    numbers = average(statistics, bands)
    looks = _looks(sources.in_order(numbers))
    names = [name for name in STATISTICS if name in set(numbers.statistic)]
    figure, axes = style.panels(1, 2, style.PAGE, 1.1 + 0.3 * len(names), sharex=True)
    for axis, (of, title) in zip(axes[0], PANELS.items(), strict=True):
        here = numbers[numbers.of == of]
        _rows(axis, names, here.drop_duplicates("statistic").set_index("statistic"))
        for place, (source, look) in enumerate(looks.items()):
            rows = here[(here.source == source) & here.position.notna()]
            shift = SHARE * ((place + 0.5) / len(looks) - 0.5)
            _points(axis, rows, rows.statistic.map(names.index).to_numpy(float) + shift, look)
        axis.set(title=title, xlim=LOW_HIGH, xticks=[0, 0.5, 1], xticklabels=["0\nuntrained", "0.5", "1\nRG rules"])
    handles = [mpl.lines.Line2D([], [], linestyle="none", label=name, **look) for name, look in looks.items()]
    handles.append(mpl.patches.Patch(label="band of RG rules", **style.BAND))
    figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 6), columnspacing=1.2)
    return figure, numbers


def average(statistics, bands):
    """A row for each machine and statistic, with seeds, position, position_error, low, high, valid; see `draw`."""
    machines = statistics[(statistics.kind == "machine") & (statistics.layer == 1)]
    machines = machines[(machines.L.max() == machines.L) & machines.statistic.isin(STATISTICS)]
    means = style.seed_means(machines, ["kind", "source", "control", *scale.KEYS], "position", "position_error")
    band = scale.positions(bands)[[*scale.KEYS, "low", "high", "valid"]]
    return means.merge(band, how="left", on=scale.KEYS)


def _looks(sources):
    """{source: look}; an untrained machine is black."""
    looks = {}
    for place, which in enumerate(sources.itertuples()):
        look = {"color": style.COLOURS[place % 6], "marker": style.VARIANTS[place % 5], "markersize": 3.5}
        looks[which.source] = look | ({"color": "black", "marker": "o"} if which.control == "untrained" else {})
    return looks


def _rows(axis, names, bands):
    """A row for each statistic, with its band; one that is not valid has none, and its name is grey and in brackets."""
    valid = [bool(bands.valid.get(name, False)) for name in names]
    labels = [STATISTICS[name][0] for name in names]
    style.named_rows(axis, [label if known else f"({label})" for label, known in zip(labels, valid, strict=True)])
    for place, (label, name, known) in enumerate(zip(axis.get_yticklabels(), names, valid, strict=True)):
        if known:
            low, high = bands.loc[name, ["low", "high"]]
            axis.barh(place, high - low, left=low, height=0.9, **style.BAND)
        else:
            label.set_color("0.55")


def _points(axis, rows, place, look):
    """The statistics of one machine, pale where they are not valid; triangles at the ends are beyond the axis."""
    value = rows.position.to_numpy()
    error = rows.position_error.to_numpy()
    inside = (value >= LOW_HIGH[0]) & (value <= LOW_HIGH[1])
    for valid, alpha in ((True, 1.0), (False, 0.3)):
        chosen = rows.valid.eq(valid).to_numpy()
        drawn = chosen & inside
        axis.errorbar(value[drawn], place[drawn], xerr=error[drawn], **style.DATA | look | {"alpha": alpha})
        style.at_edges(axis, value[chosen & ~inside], place[chosen & ~inside], LOW_HIGH, look["color"])
