"""Fixed points against the temperature of the mean energy of the training data, by trainer."""

import numpy as np

from rbmrg.figures import style


def draw(points):
    """`points`: a row for each machine and seed, of `fixed_points.fixed_point` and `fixed_points.rivals`.

    Trainers are told by the part of a machine's name before its first dash.  Fixed points that are not finite, or
    hotter than three times the hottest rival, are in the numbers only.
    """
    numbers = points.assign(trainer=points.machine.str.partition("-")[0])
    hottest = 3 * points[["Tc", "T_peak", "T_mix"]].to_numpy().max()
    shown = numbers[np.isfinite(numbers["T"]) & (numbers["T"] < hottest)]
    figure, axes = style.panels(1, 1, style.COLUMN, 3.2)
    axis = axes[0, 0]
    ends = np.array([points.T_mix.min(), points.T_mix.max()])
    margin = 0.1 * np.ptp(ends) + 0.05
    axis.axline((ends[0], ends[0]), slope=1, label="learned its data: $T=T_\\mathrm{mix}$", **style.EXACT)
    style.mark_tc(axis, horizontal=True)
    axis.axhline(points.T_peak.iloc[0], color="0.4", linestyle=":", linewidth=0.9, label="maximum of specific heat")
    trainers = list(dict.fromkeys(shown.trainer))
    for trainer, rows in shown.groupby("trainer", sort=False):
        place = trainers.index(trainer)
        shift = 0.005 * (place - len(trainers) / 2) * (np.ptp(ends) + margin)  # so that trainers stay apart
        axis.errorbar(
            rows.T_mix + shift, rows["T"], rows.T_error, color=style.COLOURS[place % 8], label=trainer,
            **style.DATA | {"marker": style.MARKERS[place % 8], "markersize": 3},
        )  # fmt: skip
    axis.set(
        xlim=(ends[0] - margin, ends[1] + margin), xlabel="$T_\\mathrm{mix}$ of the training data",
        ylabel="fixed point of the flow",
    )  # fmt: skip
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure, numbers
