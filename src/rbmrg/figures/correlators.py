"""Spin and energy two-point functions: Monte Carlo at Tc, ends of flows, and these over equilibrium at the same T_E."""

import numpy as np
import pandas as pd

from rbmrg import correlators, torus
from rbmrg.figures import style
from rbmrg.lattice import TC
from rbmrg.stats import jackknife_error, over_seeds, total_error

TOGETHER, COLUMNS = 7, 5  # machines in the large panels; small panels, one for each machine, in a row
RATIOS = (0.25, 4.0)  # the range shown: ratios beyond it are triangles on the edge
KNOWN = 4.0  # standard errors by which the correlation of equilibrium has to differ from zero
DIMENSIONS = {"spin": 0.125, "energy": 1.0}
SHAPES = {"spin": torus.spin_correlation, "energy": torus.energy_correlation}
MONTE_CARLO = f"Monte Carlo, $T={TC:.3f}$"
TITLES = {
    "spin": r"$\langle\sigma\sigma\rangle$",
    "energy": r"$\langle\epsilon\epsilon\rangle-\langle\epsilon\rangle^2$",
}


def draw(samples, flows):
    """`samples`: correlators of Monte Carlo data at Tc; `flows`: of the end of the flow of every machine and of
    equilibrium at its T_E, with dimensions seed and ensemble.

    The large panels show machines trained at Tc alone (if there are none, all that are trained).  Numbers: source,
    operator, quantity (`G`, of the first seed, or `ratio`, the mean over seeds), r, value, error.
    """
    curves = [by_distance(samples).assign(source=MONTE_CARLO)]
    for flow in chosen(flows):
        curves.append(by_distance(_ensemble(flow, 0, "end")).assign(source=flow.attrs["machine"]))
    curves = pd.concat(curves, ignore_index=True)
    ratios = pd.concat(map(ratio, flows), ignore_index=True)
    figure, large, small = _axes(len(flows))
    for axis, operator in zip(large, TITLES, strict=True):
        _correlations(axis, curves[curves.operator == operator], operator, samples.sizes["dx"])
    for axis, (machine, rows) in zip(small, ratios.groupby("source", sort=False), strict=True):
        _ratios(axis, rows, machine)
    for axis, columns in ((large[0], 5), (small[0], 2)):
        axis.get_figure().legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=columns)
    numbers = pd.concat([curves.assign(quantity="G"), ratios.assign(quantity="ratio")], ignore_index=True)
    return figure, numbers[["source", "operator", "quantity", "r", "value", "error"]]


def chosen(flows):
    """The flows in the large panels; the correlations of an untrained machine are noise around zero."""
    trained = [flow for flow in flows if flow.attrs["control"] != "untrained"]
    critical = [flow for flow in trained if style.is_critical(flow.attrs["training"])]
    return (critical or trained)[:TOGETHER]


def by_distance(measured):
    """operator, r > 0, value, error of both two-point functions of a Dataset from `correlators.measure`."""
    rows = []
    for operator, (mean, replicas) in correlators.estimates(measured).items():
        r, G = correlators.by_distance(mean)
        _, without = correlators.by_distance(replicas)
        values = {"operator": operator, "r": r, "value": G, "error": jackknife_error(without)}
        rows.append(pd.DataFrame(values)[1:])
    return pd.concat(rows, ignore_index=True)


def ratio(flow):
    """operator, r, value, error, source: G at the end of the flow of a machine over that of equilibrium at its T_E.

    The mean over seeds; its error is the larger of the statistical and the seed error.  NaN where the correlation of
    equilibrium cannot be told from zero.  T_E is known from the end of the flow, so that both vary together; this is
    neglected, and the errors are rather too large.
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
            value, *errors = over_seeds(known.value, known.error)
            rows.append((operator, r, value, total_error(*errors)))
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
    small = style.used_panels(below.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False), machines)
    below.supxlabel("$r$", fontsize=8)
    below.supylabel("end of the flow\n/ equilibrium at its $T_E$", fontsize=8)
    return figure, large, small


def _correlations(axis, curves, operator, L):
    """One operator at the ends of flows and at Tc, the torus function, and the power law of the infinite plane."""
    for index, (name, rows) in enumerate(curves.groupby("source", sort=False)):
        shift = 1 + 0.008 * (index - TOGETHER / 2)  # so that error bars do not hide one another
        look = {"color": style.COLOURS[index % 8], "marker": style.MARKERS[index % 8]}
        positive = rows[rows.value > 0]
        axis.errorbar(positive.r * shift, positive.value, positive.error, label=name, **style.DATA | look)
    measured = curves[curves.source == MONTE_CARLO]
    r, shape = (values[1:] for values in correlators.by_distance(SHAPES[operator](L)))
    far = (r >= 2) & (measured.value > 0).to_numpy()
    scale = np.exp(np.mean(np.log(measured.value[far].to_numpy() / shape[far]))) if far.any() else 1.0
    # A dash for each distance, not a curve: on the torus G also depends on the direction.
    axis.plot(r, scale * shape, "_", color="black", markersize=9, label="conformal torus", zorder=3)
    power = 2 * DIMENSIONS[operator]
    axis.plot(r, scale * r**-power, color="0.6", linestyle=":", label=r"$r^{-2\Delta}$, infinite plane")
    axis.set(xscale="log", yscale="log", xlabel="$r$", ylabel=TITLES[operator])
    axis.set_xticks([1, 2, 3, 5, 7], ["1", "2", "3", "5", "7"])
    if operator == "spin":
        axis.set_yticks([0.2, 0.3, 0.4, 0.6, 0.8, 1], ["0.2", "0.3", "0.4", "0.6", "0.8", "1"])
    axis.minorticks_off()
    axis.set_ylim(bottom={"spin": 0.65, "energy": 0.3}[operator] * scale * shape.min())


def _ratios(axis, rows, machine):
    """Both ratios of one machine; values beyond the panel, negative ones too, are triangles on the edge."""
    axis.axhline(1, **style.EXACT | {"linewidth": 0.6, "zorder": 1})
    for (operator, title), colour, marker, shift in zip(
        TITLES.items(), style.COLOURS, style.MARKERS, (0.99, 1.01), strict=False
    ):
        here = rows[(rows.operator == operator) & rows.value.notna()]
        inside = np.clip(here.value, *RATIOS) == here.value
        look = {"color": colour, "marker": marker, "markersize": 2}
        r = here.r * shift
        value = here.value
        error = here.error
        axis.errorbar(r[inside], value[inside], error[inside], label=title, **style.DATA | look)
        style.at_edges(axis, value[~inside], r[~inside], RATIOS, colour, vertical=True, size=2.5)
    axis.set_xscale("log")
    axis.set_yscale("log", nonpositive="clip")
    axis.set_xticks([1, 2, 5], ["1", "2", "5"])
    axis.set_yticks([0.5, 1, 2], ["0.5", "1", "2"])
    axis.set(ylim=RATIOS)
    axis.minorticks_off()
    axis.set_title(machine, fontsize=7, pad=3)
