"""|m| of configurations grouped by the temperature a thermometer gives them, below Tc: machines beside Monte Carlo."""

import textwrap

import numpy as np

from rbmrg import exact
from rbmrg.exponents.magnetisation import WINDOW
from rbmrg.figures import style
from rbmrg.lattice import TC

TOGETHER, COLUMNS = 8, 5  # sources in the large panel; small panels, one for each further source, in a row
REFERENCE = "Monte Carlo"  # the source that every small panel has in grey
AMPLITUDE = (8 * np.sqrt(2) / TC**2) ** 0.125  # of Yang's magnetisation at Tc: 1 − sinh⁻⁴(2/T) → 8√2 (Tc − T)/Tc²
SPREAD = 0.012  # distance between points of different sources, in units of Tc − T


def draw(groups):
    """Monte Carlo data and the first machines in a large panel, further machines in small ones.

    `groups`: tables of `magnetisation.grouped`, one below the other, with the columns machine (or the name of Monte
    Carlo data), kind, control.  Numbers: the rows below Tc.
    """
    numbers = groups[groups["T"] < TC].reset_index(drop=True)
    sources = dict(list(numbers.groupby(style.source_labels(numbers), sort=False)))
    names = style.monte_carlo_first(numbers)
    together = names[:TOGETHER]
    alone = names[TOGETHER:]
    figure, large, small = _axes(len(alone))
    for index, name in enumerate(together):
        shift = 1 + SPREAD * (index - (len(together) - 1) / 2)
        look = {"color": style.COLOURS[index], "marker": style.MARKERS[index]}
        _points(large, sources[name], shift, name, **look)
    for axis, name in zip(small, alone, strict=True):
        if REFERENCE in sources:
            _points(axis, sources[REFERENCE], 1, None, color="0.6")
        _points(axis, sources[name], 1, None, color=style.COLOURS[1])
        axis.set_title(textwrap.fill(name, 24), fontsize=6.5)
    for axis in (large, *small):
        _frame(axis)
    large.set(xlabel="$T_c-T'$", ylabel=r"$\langle|m|\rangle$ of the class $T'$")
    large.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure, numbers


def _axes(alone):
    """(figure, the large panel, a list of `alone` small ones)."""
    rows = -(-alone // COLUMNS)
    heights = [3.0, 1.45 * rows] if alone else [3.0]
    figure, _ = style.panels(1, 1, style.PAGE, sum(heights))
    figure.clear()
    above, *below = figure.subfigures(len(heights), 1, squeeze=False, height_ratios=heights).flat
    large = above.subplots()
    if not alone:
        return figure, large, []
    below[0].supxlabel("$T_c-T'$", fontsize=8)
    axes = below[0].subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False)
    return figure, large, style.used_panels(axes, alone)


def _points(axis, rows, shift, label, **look):
    """The classes of one source, all seeds alike."""
    axis.errorbar((TC - rows["T"]) * shift, rows.abs_magnetisation, rows.error, label=label, **style.DATA | look)


def _frame(axis):
    """Logarithmic axes, the exact curve, the power law, and the window of the fit."""
    distance = np.geomspace(0.05, 2.4, 200)
    yang = exact.yang_magnetisation(np.maximum(TC - distance, 0))
    power = AMPLITUDE * distance**0.125
    axis.plot(distance, yang, label=r"$L=\infty$, Yang", **style.EXACT)
    axis.plot(distance, power, ":", color="black", linewidth=0.9, label=r"$\propto(T_c-T')^{1/8}$")
    axis.axvspan(TC - WINDOW[1] - 0.005, TC - WINDOW[0] + 0.05, color="0.93", zorder=0)
    axis.set(xscale="log", yscale="log", xlim=(0.06, 2.45), ylim=(0.74, 1.03))
    axis.set_xticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
    axis.set_yticks([0.8, 0.9, 1], ["0.8", "0.9", "1"])
    axis.minorticks_off()
