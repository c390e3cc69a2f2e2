"""Exponents along the dial from majority to decimation, and where learned filters lie on it."""

from rbmrg.exponents.settling import EXACT, WITHIN
from rbmrg.figures import style

SYMBOLS = {"y_t": "$y_t$", "y_h": "$y_h$"}
LEVELS = (2, 3)


def draw(exponents):
    """Two panels; `exponents`: the table of that name.  Numbers: the rows of the dial and of trained filters that are
    drawn, with all operators.
    """
    full = exponents[(exponents.operators == exponents.operators.max()) & exponents.level.isin(LEVELS)]
    numbers = full[full.dial.notna() & (full.control == "none")].sort_values("dial")
    figure, axes = style.panels(2, 1, style.COLUMN, 4.4, sharex=True)
    for axis, exponent in zip(axes[:, 0], EXACT, strict=True):
        axis.axhline(EXACT[exponent], label="exact", **style.EXACT)
        axis.axhspan(EXACT[exponent] - WITHIN[exponent], EXACT[exponent] + WITHIN[exponent], **style.BAND)
        for place, (level, rows) in enumerate(numbers.groupby("level")):
            for kind, marker, line in (("dial", "o", "-"), ("machine", "*", "none")):
                of = rows[rows.kind == kind]
                look = style.DATA | {"marker": marker, "linestyle": line, "color": style.COLOURS[place]}
                look |= {"markersize": 4 if kind == "dial" else 7, "linewidth": 0.7}
                look |= {"markerfacecolor": "white" if place else style.COLOURS[place]}
                label = f"{'dial' if kind == 'dial' else 'learned filters'}, step {level}"
                axis.errorbar(of.dial, of[exponent], of[f"{exponent}_error"], label=label, **look)
        axis.set_ylabel(SYMBOLS[exponent])
    axes[1, 0].set_xlabel("place on the dial (0: majority, 1: decimation)")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper center", ncols=2)
    return figure, numbers
