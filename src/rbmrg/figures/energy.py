"""Energy and specific heat of the samples against Kaufman's exact finite-lattice values."""

import numpy as np

from rbmrg import exact, observables
from rbmrg.figures import style


def draw(observables_table):
    """Above both quantities, below the deviation of the energy in standard errors; `observables_table`: a row for each
    L and T.  Numbers: its rows, with the deviation `z`.
    """
    figure, axes = style.panels(3, 1, style.COLUMN, 4.6, sharex=True, height_ratios=[3, 3, 2])
    u, c, z = axes[:, 0]
    curve = np.linspace(0.05, observables_table["T"].max(), 400)
    numbers = observables_table.copy()
    numbers["z"] = (numbers.energy - numbers.energy_exact) / [
        observables.exact_standard_error(row.L, row.T, row.n) if row.T else 1.0 for row in numbers.itertuples()
    ]
    for place, (L, rows) in enumerate(numbers.groupby("L")):
        colour = style.COLOURS[place % 8]
        exactly = style.EXACT | {"color": colour}  # each curve lies below the symbols of its own lattice
        marker = {"color": colour, "marker": style.MARKERS[place % 8], "markersize": 2.3, "linestyle": "none"}
        look = style.DATA | marker | {"label": f"$L={L}$"}
        u.plot(curve, exact.energy_per_spin(L, curve), **exactly)
        c.plot(curve, exact.specific_heat(L, curve), **exactly)
        u.errorbar(rows["T"], rows.energy, rows.energy_error, **look)
        c.errorbar(rows["T"], rows.specific_heat, rows.specific_heat_error, **look)
        z.plot(rows["T"], rows.z, **marker)
    z.axhspan(-2, 2, color="0.9", zorder=0)
    z.axhline(0, **style.EXACT)
    z.set(xlabel=f"$T$ / {style.T_UNIT}", ylabel=r"$(u-u_{\rm exact})/\sigma$", ylim=(-4.5, 4.5))
    u.set(ylabel="energy per spin $u/J$")
    c.set(ylabel=r"specific heat $C/k_\mathrm{B}$")
    u.plot([], [], label="Kaufman, exact", **style.EXACT)
    u.legend()
    for axis in (u, c, z):
        style.mark_tc(axis, label=axis is u)
    return figure, numbers
