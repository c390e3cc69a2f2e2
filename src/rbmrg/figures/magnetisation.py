"""|m| of configurations grouped by the temperature a thermometer gives them, below Tc: machines beside Monte Carlo."""

import textwrap

import numpy as np

from rbmrg import exact
from rbmrg.exponents.magnetisation import WINDOW
from rbmrg.figures import style
from rbmrg.lattice import TC

TOGETHER, COLUMNS = 8, 5  # sources in the large panel; small panels, one for each further source, in a row
REFERENCE = "Monte Carlo"  # in grey in every small panel
AMPLITUDE = (8 * np.sqrt(2) / TC**2) ** 0.125  # of Yang's magnetisation at Tc: 1 − sinh⁻⁴(2/T) → 8√2 (Tc − T)/Tc²
SPREAD = 0.012  # points of different sources stand this far apart, in parts of Tc − T


def draw(groups):
    """`groups`: tables of `scaling.grouped`, one below the other; column `machine` is a machine or another source."""
    numbers = groups[groups["T"] < TC].reset_index(drop=True)
    names = list(dict.fromkeys(numbers.machine))
    names.sort(key=lambda name: not name.startswith(REFERENCE))  # stable: Monte Carlo first, else in their order
    together, alone = names[:TOGETHER], names[TOGETHER:]
    figure, large, small = _axes(len(alone))
    for index, name in enumerate(together):
        shift = 1 + SPREAD * (index - (len(together) - 1) / 2)
        look = {"color": style.COLOURS[index], "marker": style.MARKERS[index]}
        _points(large, numbers[numbers.machine == name], shift, name, **look)
    for axis, name in zip(small, alone, strict=True):
        _points(axis, numbers[numbers.machine == REFERENCE], 1, None, color="0.6")
        _points(axis, numbers[numbers.machine == name], 1, None, color=style.COLOURS[1])
        axis.set_title(textwrap.fill(name, 24), fontsize=6.5)
    for axis in (large, *small):
        _frame(axis)
    large.set(xlabel="$T_c-T'$", ylabel=r"$\langle|m|\rangle$ of the class $T'$")
    large.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure, numbers


def _axes(alone):
    """(figure, the large panel, a list of `alone` small ones)."""
    rows = -(-alone // COLUMNS)
    figure, _ = style.panels(1, 1, style.PAGE, 3.0 + 1.45 * rows)
    figure.clear()
    parts = figure.subfigures(1 + (rows > 0), 1, squeeze=False, height_ratios=[3.0, 1.45 * rows][: 1 + (rows > 0)])
    large = parts[0, 0].subplots()
    if not alone:
        return figure, large, []
    small = parts[1, 0].subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    for axis in small[alone:]:
        axis.set_axis_off()
    for axis in small[max(alone - COLUMNS, 0) : alone]:  # the lowest of their columns
        axis.tick_params(labelbottom=True)
    parts[1, 0].supxlabel("$T_c-T'$", fontsize=8)
    return figure, large, list(small[:alone])


def _points(axis, rows, shift, label, **look):
    """The classes of one source, all seeds alike."""
    axis.errorbar((TC - rows["T"]) * shift, rows.abs_magnetisation, rows.error, label=label, **style.DATA | look)


def _frame(axis):
    """Logarithmic axes, the exact curve, the power law, and the window of the fit."""
    distance = np.geomspace(0.05, 2.4, 200)
    axis.plot(
        distance, exact.yang_magnetisation(np.maximum(TC - distance, 0)), label=r"$L=\infty$, Yang", **style.EXACT
    )
    axis.plot(
        distance, AMPLITUDE * distance**0.125, ":", color="black", linewidth=0.9, label=r"$\propto(T_c-T')^{1/8}$"
    )
    axis.axvspan(TC - WINDOW[1] - 0.005, TC - WINDOW[0] + 0.05, color="0.93", zorder=0)
    axis.set(xscale="log", yscale="log", xlim=(0.06, 2.45), ylim=(0.74, 1.03))
    axis.set_xticks([0.1, 0.2, 0.5, 1, 2], ["0.1", "0.2", "0.5", "1", "2"])
    axis.set_yticks([0.8, 0.9, 1], ["0.8", "0.9", "1"])
    axis.minorticks_off()
