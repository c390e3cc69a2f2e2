"""Fixed points against the temperature of the mean energy of the training data, by recipe and control."""

import numpy as np

from rbmrg.figures import style


def draw(points):
    """`points`: a row for each machine and seed, of `fixed_points.fixed_point` and `fixed_points.rivals`.

    Colours are recipes, and controls.  Fixed points that are not finite, or hotter than three times the hottest rival,
    are in the numbers only.  Numbers: the rows of `points` with their `family`.
    """
    numbers = points.assign(family=style.family(points))
    hottest = 3 * points[["Tc", "T_peak", "T_mix"]].to_numpy().max()
    shown = numbers[np.isfinite(numbers["T"]) & (numbers["T"] < hottest)]
    figure, axes = style.panels(1, 1, style.COLUMN, 3.2)
    axis = axes[0, 0]
    ends = np.array([points.T_mix.min(), points.T_mix.max()])
    margin = 0.1 * np.ptp(ends) + 0.05
    axis.axline((ends[0], ends[0]), slope=1, label="learned its data: $T=T_\\mathrm{mix}$", **style.EXACT)
    style.mark_tc(axis, horizontal=True)
    axis.axhline(points.T_peak.iloc[0], color="0.4", linestyle=":", linewidth=0.9, label="maximum of specific heat")
    count = shown.family.nunique()
    for place, (family, rows) in enumerate(shown.groupby("family", sort=False)):
        shift = 0.005 * (place - count / 2) * (np.ptp(ends) + margin)  # so that families stay apart
        look = style.DATA | {"marker": style.MARKERS[place % 8], "color": style.COLOURS[place % 8], "markersize": 3}
        axis.errorbar(rows.T_mix + shift, rows["T"], rows.T_error, label=family, **look)
    axis.set(xlim=(ends[0] - margin, ends[1] + margin))
    axis.set(xlabel="$T_\\mathrm{mix}$ of the training data", ylabel="fixed point of the flow")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure, numbers
