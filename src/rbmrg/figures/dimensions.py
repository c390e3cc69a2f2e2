"""Scaling dimensions of every machine, the paper's way and the careful way, beside Monte Carlo data treated alike."""

import numpy as np
import pandas as pd

from rbmrg.figures import style

OPERATORS = {  # symbol, exact value, the range shown: what is beyond is marked at the edge
    "spin": (r"$\Delta_\sigma$", 0.125, (-0.05, 0.4)),
    "energy": (r"$\Delta_\epsilon$", 1.0, (0.0, 2.0)),
}
WAYS = {  # fit, ensemble, the ensemble it is shown beside
    "class nearest $T_c$, power law": ("plain", "grouped", None),
    "end of the flow, torus function": ("torus", "end", "equilibrium"),
}
REFERENCE = "Monte Carlo"
ROW = 0.135  # inches


def draw(dimensions):
    """`dimensions`: tables of `dimensions.fits` with the columns machine, seed, ensemble; a point for each seed.

    Columns of panels: operators; rows: the paper's way and the careful way.
    """
    parts = [
        dimensions[(dimensions.fit == fit) & dimensions.ensemble.isin([ensemble, beside])]
        for fit, ensemble, beside in WAYS.values()
    ]
    rows = [max(part.machine.nunique(), 2) for part in parts]
    figure, axes = style.panels(
        len(WAYS), len(OPERATORS), style.PAGE, 1.3 + ROW * sum(rows), sharey="row", height_ratios=rows
    )  # fmt: skip
    for line, part, (title, (_, ensemble, beside)) in zip(axes, parts, WAYS.items(), strict=True):
        for axis, (operator, (symbol, exact, low_high)) in zip(line, OPERATORS.items(), strict=True):
            here = part[part.operator == operator].reset_index(drop=True)
            style.machine_rows(axis, list(part.machine.unique()))
            axis.tick_params(axis="y", labelsize=6)
            axis.axvline(exact, **style.EXACT | {"zorder": 1.5})
            _band(axis, here[(here.machine == REFERENCE) & (here.ensemble == ensemble)])
            for name, look in ((beside, {"color": "0.5", "markerfacecolor": "white"}), (ensemble, {})):
                _points(axis, here[here.ensemble == name], part.machine.unique(), low_high, look)
            axis.set(xlabel=f"{symbol}   ({title})", xlim=low_high)
    axes[0, 0].plot([], [], label="exact", **style.EXACT)
    axes[0, 0].axvspan(np.nan, np.nan)
    return figure, pd.concat(parts, ignore_index=True)
