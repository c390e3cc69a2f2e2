"""Histograms of the most probable temperature along the flows."""

import numpy as np

from rbmrg.figures import style


def draw(histograms):
    """Rows: machines; columns: flow lengths; colours: starts; Bayes filled, network as a line; all seeds together."""
    machines, starts = histograms.machine.unique(), np.sort(histograms.start.unique())
    last = histograms.step.max()
    steps = sorted({min(step, last) for step in (0, 1, 3, 10, last)})
    classes = np.sort(histograms["class"].unique())
    numbers = histograms[histograms.step.isin(steps)]
    figure, axes = style.panels(
        len(machines), len(steps), style.PAGE, 0.5 + 1.2 * len(machines), sharex=True, sharey="col"
    )  # fmt: skip
    for row, machine in zip(axes, machines, strict=True):
        for axis, step in zip(row, steps, strict=True):
            for start, colour in zip(starts, style.COLOURS, strict=False):
                here = numbers[(numbers.machine == machine) & (numbers.step == step) & (numbers.start == start)]
                for thermometer in ("bayes", "network"):
                    counts = here[here.thermometer == thermometer].groupby("class")["count"].sum()
                    share = counts.reindex(classes, fill_value=0) / max(counts.sum(), 1)
                    if thermometer == "bayes":
                        axis.fill_between(classes, share, step="mid", color=colour, alpha=0.35, linewidth=0)
                    else:
                        label = style.temperature_label(start)
                        axis.step(classes, share, where="mid", color=colour, linewidth=0.8, label=label)
            axis.set(yticks=[], ylim=(0, 0.4))
            style.mark_tc(axis, label=machine == machines[0])
            if machine == machines[0]:
                axis.set_title(f"{step} {'step' if step == 1 else 'steps'}", pad=12)
        row[0].set_ylabel(machine, fontsize=7)
    for axis in axes[-1]:
        axis.set_xlabel("$T$")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(starts))
    return figure, numbers
