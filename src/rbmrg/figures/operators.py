"""How the exponents of a rule converge with the number of operators, one curve for each step."""

from rbmrg.exponents.settling import EXACT
from rbmrg.figures import style
from rbmrg.operators import EVEN, ODD

SYMBOLS = {"y_t": "$y_t$", "y_h": "$y_h$"}
OPERATORS = {"y_t": EVEN, "y_h": ODD}
GOOD = "majority"
DODGE = 0.09  # operators between the steps
ROW = 1.4  # inches
MARGIN = {"y_t": 0.09, "y_h": 0.02}  # shown around the exact value


def draw(exponents):
    """A row of panels for the majority rule and for the first seed of the first trained filter that there is.

    `exponents`: the table of that name.  Numbers: the rows that are drawn.
    """
    rules = exponents[(exponents.kind == "rule") & (exponents.source == GOOD)]
    filters = exponents[(exponents.kind == "machine") & (exponents.control == "none")]
    first = filters[(filters.source == filters.source.min()) & (filters.seed == 0)]
    shown = [table for table in (rules, first) if len(table)]
    rows = max(len(shown), 1)
    figure, axes = style.panels(rows, 2, style.COLUMN, 1.2 + ROW * rows, sharex="col", width_ratios=[1.5, 1])
    for row, table in zip(axes, shown, strict=False):
        for axis, exponent in zip(row, EXACT, strict=True):
            _panel(axis, table, exponent)
        row[0].set_title(table.source.iloc[0], loc="left")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure, exponents[exponents.index.isin([k for table in shown for k in table.index])]


def _panel(axis, table, exponent):
    """An exponent against the number of operators; each step has a colour, a mark and a place of its own."""
    most = len(OPERATORS[exponent])
    axis.axhline(EXACT[exponent], label="exact", **style.EXACT)
    for place, (level, rows) in enumerate(table[table.operators <= most].groupby("level")):
        L = int(rows.L.iloc[0]) // 2 ** (level - 1)
        x = rows.operators + DODGE * (place - 1.5)
        look = style.DATA | {"linestyle": "-", "linewidth": 0.5, "markersize": 3.5}
        look |= {"color": style.COLOURS[place], "marker": style.MARKERS[place], "label": f"{L} → {L // 2}"}
        axis.errorbar(x, rows[exponent], rows[f"{exponent}_error"], **look)
    axis.set_xticks(range(1, most + 1), [f"+ {name}" if k else name for k, name in enumerate(OPERATORS[exponent])])
    axis.tick_params(axis="x", labelrotation=90, labelsize=6)
    middle = EXACT[exponent]
    axis.tick_params(axis="y", labelsize=6)
    axis.set(ylabel=SYMBOLS[exponent], ylim=(middle - MARGIN[exponent], middle + MARGIN[exponent]))
