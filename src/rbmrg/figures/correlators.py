"""Spin and energy two-point functions: Monte Carlo at Tc, ends of flows, and these over equilibrium at the same T_E."""

import numpy as np
import pandas as pd

from rbmrg import correlators, torus
from rbmrg.claims import combine, standard_error, untrained
from rbmrg.figures import style
from rbmrg.lattice import TC
from rbmrg.stats import jackknife_error

TOGETHER, COLUMNS = 7, 5  # machines in the large panels; small panels, one for each machine, in a row
RATIOS = (0.25, 4.0)  # shown: what is beyond is drawn as a triangle on the edge
KNOWN = 4.0  # standard errors by which the correlation of equilibrium has to differ from zero
MONTE_CARLO = f"Monte Carlo, $T={TC:.3f}$"
TITLES = {
    "spin": r"$\langle\sigma\sigma\rangle$",
    "energy": r"$\langle\epsilon\epsilon\rangle-\langle\epsilon\rangle^2$",
}


def draw(samples, flows):
    """`samples`: correlators of Monte Carlo data at Tc; `flows`: of the end of the flow of every machine and of
    equilibrium at its T_E, with dimensions seed and ensemble.

    Numbers: source, operator, quantity (`G`, of the first seed, or `ratio`, the mean over seeds), r, value, error.
    """
    shown = [flow for flow in flows if not untrained(flow.attrs["machine"])]  # its correlations are noise around zero
    shown = [flow for flow in shown if flow.attrs["machine"].endswith("Tc")] or shown
    curves = [by_distance(samples).assign(source=MONTE_CARLO)]
    curves += [by_distance(_ensemble(flow, 0, "end")).assign(source=flow.attrs["machine"]) for flow in shown[:TOGETHER]]
    curves, ratios = pd.concat(curves, ignore_index=True), pd.concat(map(ratio, flows), ignore_index=True)
    figure, large, small = _axes(len(flows))
    for axis, operator in zip(large, TITLES, strict=True):
        _correlations(axis, curves[curves.operator == operator], operator, samples.sizes["dx"])
    large[0].legend(loc="lower left", ncols=2)
    for axis, (machine, rows) in zip(small, ratios.groupby("source", sort=False), strict=True):
        _ratios(axis, rows, machine)
    numbers = pd.concat([curves.assign(quantity="G"), ratios.assign(quantity="ratio")], ignore_index=True)
    return figure, numbers[["source", "operator", "quantity", "r", "value", "error"]]


def by_distance(measured):
    """operator, r > 0, value, error of both two-point functions of a Dataset from `correlators.measure`."""
    rows = []
    for operator, (mean, replicas) in correlators.estimates(measured).items():
        (r, G), (_, without) = correlators.by_distance(mean), correlators.by_distance(replicas)
        values = {"operator": operator, "r": r, "value": G, "error": jackknife_error(without)}
        rows.append(pd.DataFrame(values)[1:])
    return pd.concat(rows, ignore_index=True)


def ratio(flow):
    """source, operator, r, value, error of G at the end of the flow over that of equilibrium at its T_E, by machine.

    The mean over seeds; its error is the larger of the statistical and the seed error.  NaN where the correlation of
    equilibrium is not known from zero: its error is neglected beside the ratio's only because it is 20 times larger.
    """
    seeds = []
    for seed in range(flow.sizes["seed"]):
        end, same = (by_distance(_ensemble(flow, seed, name)) for name in ("end", "equilibrium"))
        known = same.value.abs() > KNOWN * same.error
        value = (end.value / same.value).where(known)
        error = np.hypot(end.error, value * same.error) / same.value.abs()
        seeds.append(end.assign(value=value, error=error))
    rows = []
    for (operator, r), each in pd.concat(seeds).groupby(["operator", "r"], sort=False):
        known = each[each.value.notna()]
        if len(known):
            value, *errors = combine(known.value, known.error)
            rows.append((operator, r, value, standard_error(*errors)))
        else:
            rows.append((operator, r, np.nan, np.nan))
    return pd.DataFrame(rows, columns=["operator", "r", "value", "error"]).assign(source=flow.attrs["machine"])


def _ensemble(flow, seed, name):
    return flow.isel(seed=seed).sel(ensemble=name)


def _axes(machines):
    """(figure, the two large panels, a list of `machines` small ones)."""
    rows = -(-machines // COLUMNS)
    heights = [3.0, 0.7 + 0.95 * rows]
    figure, _ = style.panels(1, 1, style.PAGE, sum(heights))
    figure.clear()
    above, below = figure.subfigures(2, 1, height_ratios=heights)
    large = above.subplots(1, 2)
    small = below.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    for axis in small[machines:]:
        axis.set_axis_off()
    for axis in small[max(machines - COLUMNS, 0) : machines]:  # the lowest of their columns
        axis.tick_params(labelbottom=True)
    below.supxlabel("$r$", fontsize=8)
    below.supylabel(r"end of the flow / equilibrium at its $T_E$", fontsize=8)
    look = style.DATA | {"markersize": 3}
    handles = [
        small[0].errorbar([], [], [], color=colour, marker=marker, label=TITLES[operator], **_without(look, "marker"))
        for operator, colour, marker in _looks()
    ]
    below.legend(handles=handles, loc="outside upper center", ncols=2)
    return figure, large, list(small[:machines])
