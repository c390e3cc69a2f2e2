"""Temperature against flow length, by every thermometer, from every start."""

import numpy as np

from rbmrg.figures import style

TITLES = {"network": "network", "bayes": "Bayes, most probable class", "energy": r"$T_E=U^{-1}(\langle E\rangle)$"}


def draw(readings):
    """Rows: machines; columns: thermometers; colours: starts; one line a seed."""
    machines, starts = readings.machine.unique(), np.sort(readings.start.unique())
    figure, axes = style.panels(
        len(machines), 3, style.PAGE, 0.5 + 1.45 * len(machines), sharex=True, sharey=True
    )  # fmt: skip
    top = readings["class_limit"].max() if "class_limit" in readings else 6.2
    for row, machine in zip(axes, machines, strict=True):
        for axis, (thermometer, title) in zip(row, TITLES.items(), strict=True):
            chosen = readings[(readings.machine == machine) & (readings.thermometer == thermometer)]
            for start, colour in zip(starts, style.COLOURS, strict=False):
                for seed, line in chosen[chosen.start == start].groupby("seed"):
                    label = f"$T_0={start:g}$" if seed == 0 else None
                    axis.errorbar(line.step, line.temperature, line.error, color=colour, label=label,
                                  linewidth=0.8, elinewidth=0.5)  # fmt: skip
            style.mark_tc(axis, horizontal=True)
            axis.set(ylim=(-0.2, top))
            if machine == machines[0]:
                axis.set_title(title)
        row[0].set_ylabel(f"{machine}\n$T$")
    for axis in axes[-1]:
        axis.set_xlabel("flow length")
    axes[0, -1].legend(loc="upper right")
    return figure, readings
