"""Spin and energy two-point functions at the ends of flows of machines trained at Tc, over those of data at Tc."""

import numpy as np
import pandas as pd

from rbmrg import correlators, torus
from rbmrg.figures import sources, style
from rbmrg.stats import jackknife_error

LOW_HIGH = {"spin": (0.2, 1.5), "energy": (0.2, 5.0)}  # the ratios shown: those beyond are triangles on the edge
TICKS = {"spin": (0.25, 0.5, 1), "energy": (0.25, 0.5, 1, 2, 4)}
SHAPES = {"spin": torus.spin_correlation, "energy": torus.energy_correlation}
TITLES = {
    "spin": r"spin  $\langle\sigma\sigma\rangle$",
    "energy": r"energy  $\langle\epsilon\epsilon\rangle-\langle\epsilon\rangle^2$",
}
DATA = "data at Tc"


def draw(samples, flows):
    """A panel for each operator, a symbol for each seed and distance, a line through the medians of a machine's seeds.

    `samples`: correlators of Monte Carlo data at Tc; `flows`: of the end of the flow of every machine, with dimensions
    seed and ensemble.  Shown are the machines trained at Tc alone (if there are none, those of `sources.by_training`);
    the correlations of an untrained machine are noise around zero.  Numbers: machine (or `DATA`), seed, operator, r,
    value, error, and the `ratio` to the data with its `ratio_error`.
    """
    by_name = {flow.attrs["machine"]: flow for flow in flows}
    described = pd.DataFrame([flow.attrs for flow in flows])
    looks = sources.looks(described)
    shown = next(iter(sources.by_training(described[described.control != "untrained"]).values()), None)
    shown = pd.DataFrame(columns=["machine", "label"]) if shown is None else shown
    numbers = over_data(samples, [by_name[name] for name in shown.machine])
    figure, axes = style.panels(2, 1, style.COLUMN, 4.4, sharex=True)
    for axis, operator in zip(axes[:, 0], TITLES, strict=True):
        here = numbers[numbers.operator == operator]
        _data(axis, here[here.machine == DATA], operator, samples.sizes["dx"])
        ends = [_machine(axis, here[here.machine == row.machine], row.label, looks[row.machine], operator)
                for row in shown.itertuples()]  # fmt: skip
        axis.set_title(TITLES[operator], loc="left")
        style.end_labels(axis, ends)
    axes[0, 0].text(0.03, 0.05, "dashed: torus, exact", transform=axes[0, 0].transAxes, fontsize=6.5)
    axes[1, 0].set_xlabel("distance $r$")
    figure.supylabel("end of the flow / data at $T_c$", fontsize=8)
    return figure, numbers


def over_data(samples, flows):
    """The numbers of the figure, see `draw`; the errors of a ratio are those of both functions."""
    data = by_distance(samples)
    known = data.set_index(["operator", "r"])
    parts = [data.assign(machine=DATA, seed=0)]
    for flow in flows:
        for seed in range(flow.sizes["seed"]):
            end = by_distance(flow.isel(seed=seed).sel(ensemble="end"))
            parts.append(end.assign(machine=flow.attrs["machine"], seed=seed))
    numbers = pd.concat(parts, ignore_index=True)
    at_tc = known.loc[pd.MultiIndex.from_frame(numbers[["operator", "r"]])]
    ratio = numbers.value / at_tc.value.to_numpy()
    error = np.hypot(numbers.error, (ratio * at_tc.error.to_numpy()).where(numbers.machine != DATA, 0))
    return numbers.assign(ratio=ratio, ratio_error=error / np.abs(at_tc.value.to_numpy()))[
        ["machine", "seed", "operator", "r", "value", "error", "ratio", "ratio_error"]
    ]


def by_distance(measured):
    """operator, r > 0, value, error of both two-point functions of a Dataset from `correlators.measure`."""
    rows = []
    for operator, (mean, replicas) in correlators.estimates(measured).items():
        r, G = correlators.by_distance(mean)
        _, without = correlators.by_distance(replicas)
        values = {"operator": operator, "r": r, "value": G, "error": jackknife_error(without)}
        rows.append(pd.DataFrame(values)[1:])
    return pd.concat(rows, ignore_index=True)


def _data(axis, rows, operator, L):
    """The error of the data as a band around 1, and the torus function, scaled to the data at r ≥ 2, as dashes."""
    r, shape = (values[1:] for values in correlators.by_distance(SHAPES[operator](L)))
    value = rows.value.to_numpy()
    far = (r >= 2) & (value > 0)
    scale = np.exp(np.mean(np.log(value[far] / shape[far]))) if far.any() else 1.0
    axis.fill_between(r, 1 - rows.ratio_error, 1 + rows.ratio_error, **style.BAND)
    axis.plot(r, scale * shape / value, **style.EXACT)
    low_high = LOW_HIGH[operator]
    axis.set(xscale="log", yscale="log")
    axis.set_xticks([1, 2, 3, 5, 7], ["1", "2", "3", "5", "7"])
    axis.set_yticks(TICKS[operator], [f"{tick:g}" for tick in TICKS[operator]])
    axis.set(ylim=low_high, xlim=(0.93, 1.07 * r.max()))  # ticks beyond them would have moved them
    axis.minorticks_off()


def _machine(axis, rows, label, look, operator):
    """All seeds of a machine and the line of their median; returns the end of the line for its label."""
    low_high = LOW_HIGH[operator]
    inside = rows[rows.ratio.between(*low_high)]
    axis.errorbar(inside.r, inside.ratio, inside.ratio_error, **style.DATA | style.seed(look))
    beyond = rows[~rows.ratio.between(*low_high)]
    style.at_edges(axis, beyond.ratio.to_numpy(), beyond.r.to_numpy(), low_high, look["color"], vertical=True, size=2)
    median = rows.groupby("r").ratio.median().clip(*low_high)
    axis.plot(median.index, median, color=look["color"], linestyle=look["linestyle"], linewidth=1.1)
    return median.index[-1], median.iloc[-1], label, look["color"]
