"""A layer of an RG rule or of a machine as a coarse graining: its maps and receptive fields, and their statistics."""

import numpy as np
import pandas as pd

from rbmrg.correlators import spin_blocks
from rbmrg.layers import maps
from rbmrg.layers.statistics import STATISTICS
from rbmrg.layers.statistics_tables import over_units
from rbmrg.rg.steps import coarse_grain, iterate


def assess(spins, rules, rng, factor, blocks):
    """The uppermost layer above `spins`, ±1 [n, L, L]: (Dataset of `maps.layer`, table of `over_units`).

    `rules`: one for each layer, lowest first (anything with `apply`); `rng` draws the units of all layers.  Maps and
    fields are those of ⟨h|·⟩ of the uppermost layer given the drawn units below.  `factor`: linear size of an RG block
    of the uppermost layer; `blocks`: whether its units are the lattice of these blocks.

    The table has the statistics of maps and of fields, distinguished by its column `of`; the Dataset has their values
    for each unit, `statistic_value`.  They are compared with the map of the block average, the mean of the two-point
    functions of the sites of a block, and with its field, the block itself.
    """
    *_, lower, drawn = spins, *iterate(spins, rules, rng)
    means = coarse_grain(lower, rules[-1], None)
    measured, *both = maps.layer(spins, (drawn, means), None if lower is spins else lower, blocks)
    two_points = spin_blocks(spins, maps.BLOCKS).mean(axis=0)
    block = np.zeros_like(two_points)
    block[:factor, :factor] = 1
    patterns = {"map": maps.from_two_point(two_points, factor), "field": block}
    found = [over_units(*parts, pattern, factor) for parts, pattern in zip(both, patterns.values(), strict=True)]
    table = pd.concat([rows.assign(of=of) for of, (rows, _) in zip(patterns, found, strict=True)], ignore_index=True)
    text = {"long_name": "statistic of the map or receptive field of a unit", "units": "1"}
    measured["statistic_value"] = (("of", "statistic", "unit"), np.array([values for _, values in found]), text)
    of = ("of", list(patterns), {"long_name": "what the statistic is of: maps or receptive fields"})
    statistic = ("statistic", list(STATISTICS), {"long_name": "statistic of a map or receptive field"})
    return measured.assign_coords(of=of, statistic=statistic), table
