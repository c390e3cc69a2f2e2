"""The cost of an independent configuration at Tc against L, by algorithm, with the fitted growth."""

import numpy as np

from rbmrg.figures import style
from rbmrg.stats import written


def draw(table):
    """(figure, its numbers) of `table`, a DataFrame from `rbmrg.benchmarks.costs.with_growth`."""
    figure, axes = style.panels(1, 1, style.COLUMN, 3.0)
    axis = axes[0, 0]
    for index, (algorithm, rows) in enumerate(table.groupby("algorithm", sort=False)):
        colour = style.COLOURS[index]
        exponent = rows.growth.iloc[0]
        fitted = np.isfinite(exponent)
        power = written(exponent, rows.growth_error.iloc[0])
        options = style.DATA | {"marker": style.MARKERS[index], "markersize": 3.5, "color": colour}
        label = f"{algorithm}, $\\propto L^{{{power}}}$" if fitted else algorithm
        axis.errorbar(rows.L, rows.us_independent, rows.us_independent * relative_errors(rows), label=label, **options)
        if fitted:
            large = rows[rows.fitted]
            level = np.exp(np.mean(np.log(large.us_independent) - exponent * np.log(large.L)))
            axis.plot(large.L, level * large.L**exponent, color=colour, linewidth=0.7)
    sizes = sorted(set(table.L))
    axis.set(xscale="log", yscale="log", xlabel="$L$", ylabel="CPU time per independent configuration / µs")
    axis.set_xticks([], minor=True)
    axis.set_xticks(sizes, [str(L) if L & (L - 1) == 0 else "" for L in sizes])
    axis.legend(title="at $T_c$")
    return figure, table


def relative_errors(rows):
    """The relative error of the larger autocorrelation time of each row; CPU times are taken as exact."""
    tau = rows[["tau_energy", "tau_m2"]].to_numpy()
    error = rows[["tau_energy_error", "tau_m2_error"]].to_numpy()
    place = np.arange(len(rows)), tau.argmax(axis=1)
    return error[place] / tau[place]
