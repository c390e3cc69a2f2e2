"""Temperature against flow length, by every thermometer, from every start."""

import numpy as np

from rbmrg.figures import style

TITLES = {"network": "network", "bayes": "Bayes, most probable class", "energy": r"$T_E=U^{-1}(\langle E\rangle)$"}
TOP = 6.4


def draw(readings):
    """Rows: machines; columns: thermometers; colours: starts; one line a seed."""
    machines, starts = readings.machine.unique(), np.sort(readings.start.unique())
    figure, axes = style.panels(
        len(machines), 3, style.PAGE, 0.5 + 1.45 * len(machines), sharex=True, sharey=True
    )  # fmt: skip
    for row, machine in zip(axes, machines, strict=True):
        for axis, (thermometer, title) in zip(row, TITLES.items(), strict=True):
            chosen = readings[(readings.machine == machine) & (readings.thermometer == thermometer)]
            for start, colour in zip(starts, style.COLOURS, strict=False):
                for seed, line in chosen[chosen.start == start].groupby("seed"):
                    label = style.temperature_label(start) if seed == 0 else None
                    _line(axis, line, colour, label)
            style.mark_tc(axis, horizontal=True)
            axis.set(ylim=(-0.2, TOP))
            if machine == machines[0]:
                axis.set_title(title)
        row[0].set_ylabel(f"{machine}\n$T$")
    for axis in axes[-1]:
        axis.set_xlabel("flow length")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(starts))
    return figure, readings


def _line(axis, line, colour, label):
    """One flow; a temperature above the panel, infinite ones too, is a triangle at its upper edge."""
    temperature, error = line.temperature.to_numpy(), line.error.to_numpy()
    above = temperature > TOP
    axis.errorbar(
        line.step, np.where(above, np.nan, temperature), np.where(above, np.nan, error),
        color=colour, label=label, linewidth=0.8, elinewidth=0.5, marker=".", markersize=1.5,
    )  # fmt: skip
    axis.plot(line.step[above], np.full(above.sum(), TOP - 0.2), "^", color=colour, markersize=2.5)
