"""The Hamiltonian of every machine in a table: couplings in units of that of its data, and what these leave."""

import matplotlib as mpl
import numpy as np

from rbmrg.exponents.coupling_names import EQUIVALENT, HIDDEN, OPERATORS, VISIBLE, trained
from rbmrg.exponents.critical_line import KC
from rbmrg.figures import sources, style
from rbmrg.stats import written

SHOWN = [VISIBLE, HIDDEN]
SHADES = mpl.colors.LogNorm(1e-4, 1.0)  # of the share left unexplained, from white to grey
MAP = mpl.colors.LinearSegmentedColormap.from_list("shares", ["white", "0.55"])
NOTHING = 1e-6  # rounding of weights: what is smaller is 0
NEAREST, *OTHERS = OPERATORS
TITLES = ("nn", "largest\nother", r"$\Sigma\, r K/K_c$", "unex-\nplained")
ROW = 0.115  # inches


def draw(couplings):
    """A row for each machine, in the one order, and for each hidden layer that is a lattice: TITLES.

    `couplings`: the table of that name.  Numbers: all couplings, the mean over seeds of each with its error.
    """
    numbers = cells(couplings)
    machines = sources.machines(sources.of_machines(couplings[couplings.of.isin(SHOWN)]))
    hidden = [name for name in machines.machine if name in set(numbers.source[numbers.of == HIDDEN])]
    groups = {sources.GROUPS[group]: list(mine.machine) for group, mine in machines.groupby("group")}
    groups |= {"hidden layers": hidden} if hidden else {}
    rows = sum(1 + len(names) for names in groups.values())
    figure, axes = style.panels(1, 1, style.COLUMN, 0.4 + ROW * rows)
    axis = axes[0, 0]
    for (heading, name), y in style.headed_rows(axis, groups).items():
        of = HIDDEN if heading == "hidden layers" else VISIBLE
        _row(axis, y, numbers[(numbers.of == of) & (numbers.source == name)].set_index("operator"))
    axis.set(xlim=(-0.5, len(TITLES) - 0.5))
    axis.set_xticks(range(len(TITLES)), TITLES, fontsize=6.5)
    axis.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    axis.tick_params(axis="y", labelsize=5.8)
    return figure, numbers


def _row(axis, y, row):
    """The couplings of one machine, indexed by operator, on a row that is the darker the less they explain."""
    share = row.unexplained.iloc[0]
    face = MAP(SHADES(min(max(share, SHADES.vmin), 1.0)) if np.isfinite(share) else 0.0)
    axis.axhspan(y - 0.5, y + 0.5, color=face, linewidth=0)
    largest = row.value.reindex(OTHERS).abs().fillna(-1.0).idxmax()
    texts = [number(row.value[name], row.value_error[name]) for name in (NEAREST, largest, EQUIVALENT)]
    texts.append("0" if abs(share) < NOTHING else f"{share:.2g}" if np.isfinite(share) else "")
    for column, text in enumerate(texts):
        axis.text(column, y, text, ha="center", va="center", fontsize=5.8)


def cells(couplings):
    """A row for each machine, layer and coupling: the mean over seeds of K/K_nn of its data, or of Σ r K/K_c."""
    last = trained(couplings[couplings.of.isin(SHOWN) & couplings.operator.isin([*OPERATORS, EQUIVALENT])])
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
