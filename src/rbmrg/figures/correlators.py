"""Spin and energy two-point functions at Tc and at the ends of flows, beside the conformal torus functions."""

import numpy as np
import pandas as pd

from rbmrg import correlators, torus
from rbmrg.claims import untrained
from rbmrg.figures import style
from rbmrg.lattice import TC
from rbmrg.stats import jackknife_error


def draw(samples, flows):
    """`samples`: correlators of Monte Carlo data at Tc; `flows`: of every machine and seed; the start nearest Tc is
    drawn.
    """
    L = samples.sizes["dx"]
    figure, axes = style.panels(1, 2, style.PAGE, 2.8)
    sources = [("Monte Carlo", samples)] + [
        (f"{flow.attrs['machine']}", flow.sel(start=TC, method="nearest"))
        for flow in flows
        if flow.attrs["replica"] == 0
        and not untrained(flow.attrs["machine"])  # whose correlations are noise around zero
    ]
    numbers = []
    for name, source in sources:
        for operator, (mean, replicas) in correlators.estimates(source).items():
            r, G = correlators.by_distance(mean)
            error = jackknife_error(np.array([correlators.by_distance(g)[1] for g in replicas]))
            rows = pd.DataFrame({"source": name, "operator": operator, "r": r, "G": G, "error": error})
            numbers.append(rows[rows.r > 0])
    numbers = pd.concat(numbers, ignore_index=True)
    shapes = {"spin": torus.spin_correlation(L), "energy": torus.energy_correlation(L)}
    titles = {
        "spin": r"$\langle\sigma\sigma\rangle$",
        "energy": r"$\langle\epsilon\epsilon\rangle-\langle\epsilon\rangle^2$",
    }
    for axis, (operator, shape) in zip(axes[0], shapes.items(), strict=True):
        here = numbers[numbers.operator == operator]
        for index, (name, rows) in enumerate(here.groupby("source", sort=False)):
            shift = 1 + 0.008 * (index - len(sources) / 2)  # so that error bars do not hide one another
            shown = rows[rows.G > 0]
            axis.errorbar(shown.r * shift, shown.G, shown.error, color=style.COLOURS[index % 8], label=name,
                          **style.DATA | {"marker": style.MARKERS[index % 8]})  # fmt: skip
        r, theory = correlators.by_distance(shape)
        measured = here[here.source == "Monte Carlo"].G.to_numpy()
        far = r[1:] >= 2
        scale = np.exp(np.mean(np.log(np.abs(measured[far])) - np.log(theory[1:][far])))
        # A dash for each distance, not a curve: on the torus G depends on the direction, too.
        axis.plot(r[1:], scale * theory[1:], "_", color="black", markersize=9, label="conformal torus", zorder=3)
        power = {"spin": 0.25, "energy": 2.0}[operator]
        axis.plot(r[1:], scale * r[1:] ** -power, color="0.6", linestyle=":", label=f"$r^{{-{power:g}}}$")
        axis.set(xscale="log", yscale="log", xlabel="$r$", ylabel=titles[operator])
        axis.set_xticks([1, 2, 3, 5, 7], ["1", "2", "3", "5", "7"])
        axis.minorticks_off()
    axes[0, 0].set(ylim=(0.18, 1.05))
    axes[0, 0].set_yticks([0.2, 0.3, 0.4, 0.6, 0.8, 1], ["0.2", "0.3", "0.4", "0.6", "0.8", "1"])
    axes[0, 1].set_ylim(bottom=0.3 * measured.min())
    axes[0, 0].legend(loc="lower left", ncols=2)
    return figure, numbers
