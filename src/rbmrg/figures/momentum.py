"""Momentum space: the weights of every machine, and what its flow keeps of the fluctuations of the data."""

import numpy as np

from rbmrg.figures import sources, style

LOW_HIGH = (0.03, 30)  # the range shown: values beyond it are triangles on the edge
CURVES = (  # column, name, marker
    ("weight_power", "$|W(k)|^2$ / its mean over $k$", "s"),
    ("ratio", r"$S_\mathrm{flow}(k)\,/\,S_\mathrm{data}(k)$", "o"),
)


def draw(spectra):
    """A panel for each of `sources.representatives`, both curves in each; `spectra`: momentum tables of all machines.

    Numbers: means over seeds; their errors are the standard deviation between seeds, for a single machine the jackknife
    error of its ratio (its weights are known exactly: NaN).
    """
    chosen = sources.representatives(spectra)
    numbers = average(spectra[spectra.machine.isin(chosen.machine)])
    titles = [f"{row.family}, {row.training}" for row in chosen.itertuples()]
    figure, axes = style.grid(titles, height=1.0, margin=0.8)
    for machine, axis in zip(chosen.machine, axes, strict=True):
        here = numbers[numbers.machine == machine]
        axis.axhline(1, **style.EXACT | {"linewidth": 0.6, "zorder": 1})
        for (column, label, marker), colour in zip(CURVES, style.COLOURS, strict=False):
            _curve(axis, here, column, label=label, marker=marker, color=colour)
        axis.set_yscale("log", nonpositive="clip")
        axis.minorticks_off()  # those of thirty panels take longer than all else
        axis.set(ylim=LOW_HIGH, xlim=(-0.15, 2.98), xticks=[0, 1, 2], yticks=[0.1, 1, 10])
    figure.supxlabel(r"$\sqrt{\hat k^2}$", fontsize=8)
    figure.supylabel("ratio", fontsize=8)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=len(CURVES))
    return figure, numbers


def _curve(axis, rows, column, **look):
    k = np.sqrt(rows.k2)
    value = rows[column]
    error = rows[f"{column}_error"]
    axis.errorbar(k, value, error, **style.DATA | {"markersize": 2} | look)
    beyond = (value < LOW_HIGH[0]) | (value > LOW_HIGH[1])
    style.at_edges(axis, value[beyond], k[beyond], LOW_HIGH, look["color"], vertical=True, size=2.5)


def average(spectra):
    """Means over seeds for each machine and k̂², `seeds` their number; weight_power in units of its mean over k."""
    by_machine = spectra.groupby(["machine", "seed"], sort=False)
    weighted = spectra.assign(weight_power=spectra.weight_power * spectra["count"])
    total = weighted.groupby(["machine", "seed"], sort=False).weight_power.transform("sum")
    scaled = spectra.assign(weight_power=spectra.weight_power * by_machine["count"].transform("sum") / total)
    groups = scaled.groupby(["machine", "k2"], sort=False)
    numbers = groups.agg(
        seeds=("seed", "size"),
        weight_power=("weight_power", "mean"),
        weight_power_error=("weight_power", "std"),
        ratio=("ratio", "mean"),
        ratio_error=("ratio", "std"),
    )
    single = groups.ratio_error.mean().where(numbers.seeds == 1)
    return numbers.assign(ratio_error=numbers.ratio_error.fillna(single)).reset_index()
