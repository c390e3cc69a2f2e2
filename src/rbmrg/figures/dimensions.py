"""Scaling dimensions of every machine's flow beside Monte Carlo data fitted in the same way."""

import numpy as np

from rbmrg.figures import style
from rbmrg.lattice import TC

EXACT = {"spin": (r"$\Delta_\sigma$", 0.125), "energy": (r"$\Delta_\epsilon$", 1.0)}


def draw(dimensions):
    """Panels: operators; rows: sources; two fits; one point for each seed, from the start nearest Tc."""
    starts = dimensions.start.dropna().unique()
    nearest = starts[np.argmin(np.abs(starts - TC))]
    numbers = dimensions[dimensions.start.isna() | (dimensions.start == nearest)].copy()
    sources = list(numbers[numbers.dimension.notna()].machine.unique())
    figure, axes = style.panels(1, 2, style.PAGE, 0.9 + 0.3 * len(sources), sharey=True)
    for axis, (operator, (symbol, exact)) in zip(axes[0], EXACT.items(), strict=True):
        axis.axvline(exact, **style.EXACT)
        for offset, fit, marker, colour in (
            (-0.12, "plain", "s", style.COLOURS[1]),
            (0.12, "torus", "o", style.COLOURS[0]),
        ):
            rows = numbers[(numbers.operator == operator) & (numbers.fit == fit)]
            rows = rows[rows.dimension.notna()]  # a negative correlation has no logarithm
            place = [sources.index(m) + offset + 0.05 * s for m, s in zip(rows.machine, rows.seed, strict=True)]
            axis.errorbar(rows.dimension, place, xerr=rows.error, color=colour, label=f"{fit} fit",
                          **style.DATA | {"marker": marker})  # fmt: skip
        axis.set(xlabel=symbol, yticks=range(len(sources)), ylim=(len(sources) - 0.4, -0.6))
        axis.set_yticklabels(sources)
    axes[0, 0].plot([], [], label="exact", **style.EXACT)
    axes[0, 0].legend()
    return figure, numbers
