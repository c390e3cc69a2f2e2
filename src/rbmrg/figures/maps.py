"""Visible–hidden correlators and receptive fields of RG rules beside those of machines."""

import textwrap

import numpy as np
import pandas as pd

from rbmrg.figures import sources, style

TILES = 4  # a grid of TILES × TILES hidden units for each source
COLUMNS = 3  # sources side by side
SOURCES = 6  # in all
RULES = ("majority", "average")  # the first of them that the study has, or its first rule


def draw(maps):
    """A block for each source, its maps above its receptive fields, COLUMNS of them side by side.

    `maps`: Datasets of ⟨v h⟩ and receptive fields (see `maps.layers`).  Shown are first layers on the largest lattice,
    first seed, of one RG rule (see RULES) and of machines, an untrained one last.  Numbers: minimum, maximum and mean
    over sites of the map and of the field of each unit that is drawn.
    """
    shown = chosen(maps)
    rows, columns = style.shape(len(shown), COLUMNS)
    figure, axes = style.panels(2 * rows, columns, style.COLUMN * (0.3 + 0.7 * columns / COLUMNS), 0.6 + 2.3 * rows)
    figure.set_layout_engine("compressed")
    blocks = [(axes[2 * row, column], axes[2 * row + 1, column]) for row in range(rows) for column in range(columns)]
    parts = []
    for (above, below), source in zip(blocks, shown, strict=False):
        values = source.correlator.values
        field = source.field.values
        units = np.linspace(0, len(values) - 1, TILES**2).round().astype(int)
        scale = np.nanmax(np.abs(field[units]), initial=1e-12)
        image = above.imshow(tiles(values[units]), cmap="RdBu_r", vmin=-1, vmax=1)
        below.imshow(tiles(field[units]), cmap="RdBu_r", vmin=-scale, vmax=scale)
        above.set_title(textwrap.fill(source.attrs["source"], 15), fontsize=7.5, pad=3)
        below.set_xlabel(rf"$\max|R|={scale:.2g}$", fontsize=6.5)
        parts.append(_numbers(source.attrs["source"], units, values, field))
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[], facecolor="0.55")  # seen between the tiles
    for place, axis in enumerate(axes[:, 0]):
        axis.set_ylabel(r"$R_a$" if place % 2 else r"$\langle v_i h_a\rangle$")
    for axis in (axis for block in blocks[len(shown) :] for axis in block):
        axis.set_axis_off()
    label = r"$\langle v_i h_a\rangle$;  below: $R_a\,/\,\max|R|$"
    bar = figure.colorbar(image, ax=axes, label=label, orientation="horizontal", shrink=0.6, aspect=40)
    bar.set_ticks([-1, -0.5, 0, 0.5, 1])
    return figure, pd.concat(parts, ignore_index=True)


def chosen(maps):
    """The Datasets that are drawn, one for each source, in the order of the columns."""
    first = [source for source in maps if source.attrs["layer"] == 1 and source.attrs["replica"] == 0]
    largest = max(source.attrs["L"] for source in first)
    first = {(source.attrs["kind"], source.attrs["source"]): source for source in first if source.attrs["L"] == largest}
    order = sources.in_order(pd.DataFrame([source.attrs for source in first.values()]))
    named = [("rule", name) for name in RULES]
    rules = [first[key] for key in [*named, *order] if key in first and key[0] == "rule"][:1]
    machines = [first[kind, name] for kind, name in order if kind == "machine"]
    null = [source for source in machines if source.attrs["control"] == "untrained"][:1]
    trained = [source for source in machines if source.attrs["control"] != "untrained"]
    return rules + trained[: SOURCES - len(rules + null)] + null


def tiles(values):
    """`values` [TILES², L, L] as one picture with empty lines between the maps."""
    framed = np.pad(values, ((0, 0), (0, 1), (0, 1)), constant_values=np.nan)
    side = framed.shape[-1]
    grid = framed.reshape(TILES, TILES, side, side).transpose(0, 2, 1, 3).reshape(TILES * side, TILES * side)
    return grid[:-1, :-1]


def _numbers(source, units, values, field):
    """Extremes and means of the maps `values` and receptive fields `field` [units, L, L] of the `units` of a source."""
    columns = {"source": source, "unit": units}
    for of, images in (("map", values[units]), ("field", field[units])):
        for name, function in (("minimum", np.min), ("maximum", np.max), ("mean", np.mean)):
            columns[f"{of}_{name}"] = [function(image) for image in images]
    return pd.DataFrame(columns)
