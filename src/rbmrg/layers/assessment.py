"""A layer of an RG rule or of a machine as a coarse graining: its maps and receptive fields, and their statistics."""

import numpy as np
import pandas as pd

from rbmrg.correlators import two_point
from rbmrg.layers import maps
from rbmrg.layers.statistics import over_units
from rbmrg.rg.steps import iterate


def assess(spins, rules, rng, factor, blocks):
    """The uppermost layer above `spins`, ±1 [n, L, L]: (Dataset of `maps.layer`, table of `statistics.over_units`).

    `rules`: one for each layer, lowest first (anything with `apply`); `rng` draws the units of all layers.  `factor`:
    linear size of an RG block of the uppermost layer; `blocks`: whether its units are the lattice of these blocks.  The
    table has the statistics of maps and of fields, distinguished by its column `of`.  They are compared with the map of
    the block average, the mean of the two-point functions of the sites of a block, and with its field, the block
    itself.
    """
    drawn = [spins, *iterate(spins, rules, rng)]
    means = [spins, *iterate(spins, rules, None)]
    below = None if len(drawn) == 2 else (drawn[-2], means[-2])
    measured, of_maps, of_fields = maps.layer(spins, (drawn[-1], means[-1]), below, blocks)
    two_points = np.mean([two_point(part).mean(axis=0) for part in np.array_split(spins, maps.BLOCKS)], axis=0)
    block = np.zeros_like(two_points)
    block[:factor, :factor] = 1
    average = maps.from_two_point(two_points, factor)
    corr_m = maps.magnetisation_correlation(spins, drawn[-1])
    tables = {"map": over_units(*of_maps, average, factor, corr_m), "field": over_units(*of_fields, block, factor)}
    return measured, pd.concat([table.assign(of=of) for of, table in tables.items()], ignore_index=True)
