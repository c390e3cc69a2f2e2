"""What two lattices tell: K* step by step, and exponents by three methods from the same configurations."""

import matplotlib.pyplot as plt
import pandas as pd

from rbmrg.exponents.settling import EXACT, settled
from rbmrg.figures import style

GOOD = "majority"
SHOWN = ("nn", "nnn", "third", "plaquette")  # operators whose K* is drawn
DODGE = 0.07  # steps between operators
METHODS = {"finite size": ("finite-size scaling, no RG", "s"), "matching": ("two lattices matched", "D"),
           "matrix": ("linearised matrix", "o")}  # fmt: skip
ROWS = {"1/ν": ("y_t", lambda x: x), "β/ν": ("y_h", lambda x: 2 - x)}  # raw quantities as exponents of RG
SYMBOLS = {"y_t": "$y_t$", "y_h": "$y_h$"}


def draw(exponents, matching, finite_size):
    """K* − Kc of the majority rule at each step, and y_t and y_h of three methods; tables of these names.

    Numbers: source, method, exponent, estimate and error of the lower panels.
    """
    numbers = by_method(exponents, matching, finite_size)
    figure, axes = plt.subplot_mosaic([["shifts"] * 2, [*EXACT]], figsize=(style.COLUMN, 4.2), height_ratios=[1.2, 1])
    _shifts(axes["shifts"], matching, finite_size)
    sources = list(dict.fromkeys(numbers.source))
    for exponent in EXACT:
        axis = axes[exponent]
        axis.axvline(EXACT[exponent], **style.EXACT)
        style.named_rows(axis, sources)
        for place, (method, (label, marker)) in enumerate(METHODS.items()):
            of = numbers[(numbers.method == method) & (numbers.exponent == exponent)]
            y = of.source.map(sources.index) + 0.2 * (place - 1)
            look = style.DATA | {"marker": marker, "color": style.COLOURS[place], "markersize": 3.5, "label": label}
            axis.errorbar(of.estimate, y, xerr=of.error, **look)
        axis.set(xlabel=SYMBOLS[exponent])
        axis.locator_params(axis="x", nbins=4)
        axis.tick_params(labelsize=6.5)
    axes["y_h"].tick_params(labelleft=False)
    figure.legend(*axes["y_t"].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure, numbers


def by_method(exponents, matching, finite_size):
    """source, method, exponent, estimate, error: of raw samples, the majority rule and the first seed of each filter.

    Matching is that of the first operator, nn and the field, at the step where the linearised matrix has settled.
    """
    rows = []
    for row in finite_size[finite_size.quantity.isin(list(ROWS))].itertuples():
        exponent, of_raw = ROWS[row.quantity]
        rows.append(("raw samples", "finite size", exponent, of_raw(row.estimate), row.error))
    chosen = exponents[(exponents.source == GOOD) | ((exponents.kind == "machine") & (exponents.control == "none"))]
    for (kind, source), of in chosen[chosen.seed == 0].groupby(["kind", "source"], sort=False):
        for exponent in EXACT:
            found = settled(of, exponent)
            rows.append((source, "matrix", exponent, found[exponent], found[f"{exponent}_error"]))
            same = (matching.kind == kind) & (matching.source == source) & (matching.seed == 0)
            first = matching[same & (matching.exponent == exponent) & (matching.level == found.level)].iloc[0]
            rows.append((source, "matching", exponent, first.y, first.y_error))
    return pd.DataFrame(rows, columns=["source", "method", "exponent", "estimate", "error"])


def _shifts(axis, matching, finite_size):
    """K* − Kc at each step of the majority rule, one mark an operator, and where Binder's cumulants cross at step 0."""
    axis.axhline(0, **style.EXACT)
    crossing = finite_size[finite_size.quantity == "K* − Kc"]
    look = style.DATA | {"marker": METHODS["finite size"][1], "color": style.COLOURS[0], "label": "Binder"}
    axis.errorbar(0 * crossing.estimate, 1e3 * crossing.estimate, 1e3 * crossing.error, **look)
    for place, operator in enumerate(SHOWN):
        of = matching[(matching.source == GOOD) & (matching.operator == operator)]
        look = style.DATA | {"marker": style.VARIANTS[place + 1], "markersize": 3.5, "color": style.COLOURS[place + 1]}
        x = of.level + DODGE * (place - 1.5)
        axis.errorbar(x, 1e3 * of["shift"], 1e3 * of.shift_error, label=operator, **look)
    steps = range(int(matching.level.max()) + 1)
    axis.set(xticks=steps, xlabel=f"steps of {GOOD}", ylabel="$(K^* - K_c) \\times 10^3$")
    axis.legend(fontsize=6)
