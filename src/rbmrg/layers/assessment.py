"""Layers of an RG rule or of a machine as a coarse graining: their maps, receptive fields, and statistics of these."""

import numpy as np
import pandas as pd

from rbmrg.correlators import spin_blocks
from rbmrg.layers import maps
from rbmrg.layers.statistics import STATISTICS
from rbmrg.layers.statistics_tables import over_units
from rbmrg.rg.steps import coarse_grain, iterate


def assess(spins, rules, rng, factor, blocks):
    """Each layer above `spins`, ±1 [n, L, L], lowest first: (Dataset of `maps.layers`, table of `over_units`).

    `rules`: one for each layer (anything with `apply`); `rng` draws the units of all layers.  Maps and fields are those
    of ⟨h|·⟩ given the drawn units below.  `factor`: linear size of an RG block of the first layer, and by how much it
    grows from layer to layer; `blocks`: whether the units are the lattice of these blocks.

    The table has the statistics of maps and of fields, distinguished by its column `of`; the Dataset has their values
    for each unit, `statistic_value`.  They are compared with the map of the block average, the mean of the two-point
    functions of the sites of a block, and with its field, the block itself.
    """
    drawn = list(iterate(spins, rules, rng))
    means = [coarse_grain(lower, rule, None) for lower, rule in zip([spins, *drawn], rules, strict=False)]
    two_points = spin_blocks(spins, maps.BLOCKS).mean(axis=0)
    found = maps.layers(spins, list(zip(drawn, means, strict=True)), blocks)
    return [_with_statistics(*layer, two_points, factor**k) for k, layer in enumerate(found, start=1)]


def _with_statistics(measured, of_maps, of_fields, two_points, factor):
    """(Dataset with its statistics, their table) of a layer with RG blocks of the linear size `factor`."""
    block = np.zeros_like(two_points)
    block[:factor, :factor] = 1
    patterns = {"map": maps.from_two_point(two_points, factor), "field": block}
    found = [
        over_units(*parts, pattern, factor)
        for parts, pattern in zip((of_maps, of_fields), patterns.values(), strict=True)
    ]
    table = pd.concat([rows.assign(of=of) for of, (rows, _) in zip(patterns, found, strict=True)], ignore_index=True)
    text = {"long_name": "statistic of the map or receptive field of a unit", "units": "1"}
    measured["statistic_value"] = (("of", "statistic", "unit"), np.array([values for _, values in found]), text)
    of = ("of", list(patterns), {"long_name": "what the statistic is of: maps or receptive fields"})
    statistic = ("statistic", list(STATISTICS), {"long_name": "statistic of a map or receptive field"})
    return measured.assign_coords(of=of, statistic=statistic), table
