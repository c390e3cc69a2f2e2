"""The Hamiltonian of every machine in a table: couplings in units of that of its data, and what these leave."""

import matplotlib as mpl
import numpy as np

from rbmrg.exponents.coupling_names import EQUIVALENT, HIDDEN, OPERATORS, VISIBLE, trained
from rbmrg.exponents.critical_line import KC
from rbmrg.figures import style
from rbmrg.stats import written

SHOWN = [VISIBLE, HIDDEN]
SHADES = mpl.colors.LogNorm(1e-4, 1.0)  # of the share left unexplained, from white to grey
MAP = mpl.colors.LinearSegmentedColormap.from_list("shares", ["white", "0.55"])
NOTHING = 1e-6  # rounding of weights: what is smaller is 0
TITLES = {name: name for name in OPERATORS} | {EQUIVALENT: r"$\Sigma\, r K/K_c$"}


def draw(couplings):
    """`couplings`: the table of that name.  Numbers: the mean over seeds of each cell, with its error."""
    numbers = cells(couplings)
    rows = list(numbers.groupby(["of", "source"], sort=False))
    figure, axes = style.panels(1, 1, style.PAGE, 0.9 + 0.155 * len(rows))
    axis = axes[0, 0]
    columns = list(TITLES)
    for place, (_, row) in enumerate(rows):
        share = row.unexplained.iloc[0]
        face = MAP(SHADES(min(max(share, SHADES.vmin), 1.0)) if np.isfinite(share) else 0.0)
        axis.axhspan(place - 0.5, place + 0.5, color=face, linewidth=0)
        texts = {columns.index(cell.operator): number(cell.value, cell.value_error) for cell in row.itertuples()}
        texts[len(columns)] = "0" if abs(share) < NOTHING else f"{share:.2g}"
        for column, text in texts.items():
            axis.text(column, place, text, ha="center", va="center", fontsize=5.5)
    axis.set(xlim=(-0.5, len(TITLES) + 0.5), ylim=(len(rows) - 0.5, -0.5))
    axis.set_xticks(range(len(TITLES) + 1), [*TITLES.values(), "unexplained"])
    names = [source if of == VISIBLE else f"{source}, hidden layer" for (of, source), _ in rows]
    axis.set_yticks(range(len(rows)), names, fontsize=5.5)
    axis.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    return figure, numbers


def cells(couplings):
    """A row for each machine, layer and coupling: the mean over seeds of K/K_nn of its data, or of Σ r K/K_c."""
    last = trained(couplings[couplings.of.isin(SHOWN) & couplings.operator.isin(TITLES)])
    unit = np.where(last.operator == EQUIVALENT, KC, last.K)
    last = last.assign(value=last.coupling / unit, value_error=last.error / unit)
    order = last.of.map(SHOWN.index)
    last = last.iloc[np.argsort(order, kind="stable")]
    keys = ["of", "source", "operator"]
    means = style.seed_means(last, keys, "value", "value_error")
    return means.merge(last.groupby(keys, sort=False).unexplained.mean().reset_index(), on=keys, how="left")


def number(value, error):
    """A value with the error of its last digits; with four digits if there is hardly an error, none of NaN."""
    if np.isnan(value):
        return ""
    return written(value, error) if error > 1e-4 else f"{round(value, 4) + 0.0:.4f}"
