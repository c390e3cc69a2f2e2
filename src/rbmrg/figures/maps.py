"""Visible–hidden correlators of RG rules beside those of machines, drawn on one colour scale."""

import numpy as np
import pandas as pd

from rbmrg.figures import style

UNITS = 4  # a grid of UNITS × UNITS hidden units for each source


def draw(maps):
    """`maps`: Datasets of ⟨v h⟩, one picture each (the first seed of machines), its units evenly spread over all."""
    maps = {source.attrs["source"]: source for source in maps if source.attrs.get("replica", 0) == 0}
    columns = len(maps)
    figure, axes = style.panels(1, columns, style.PAGE, 0.85 + style.PAGE / columns)
    figure.set_layout_engine("compressed")
    rows = []
    for axis, (name, source) in zip(axes[0], maps.items(), strict=True):
        values = source.correlator.values
        shown = np.linspace(0, len(values) - 1, UNITS**2).round().astype(int)
        image = axis.imshow(_tiles(values[shown]), cmap="RdBu_r", vmin=-1, vmax=1)
        axis.set(xticks=[], yticks=[], title=f"{name}\n{len(values)} units")
        for unit in shown:
            rows.append((name, unit, values[unit].min(), values[unit].max(), values[unit].mean()))
    figure.colorbar(image, ax=axes, label=r"$\langle v_i h_a\rangle$", orientation="horizontal", shrink=0.4, aspect=40)
    return figure, pd.DataFrame(rows, columns=["source", "unit", "minimum", "maximum", "mean"])


def _tiles(values):
    """`values` [UNITS², L, L] as one picture with white lines between the maps."""
    framed = np.pad(values, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    side = framed.shape[-1]
    grid = framed.reshape(UNITS, UNITS, side, side).transpose(0, 2, 1, 3).reshape(UNITS * side, UNITS * side)
    return grid[:-1, :-1]
