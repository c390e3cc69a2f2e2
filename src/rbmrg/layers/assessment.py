"""A layer of an RG rule or of a machine as a coarse graining: its maps and receptive fields, and their statistics."""

import numpy as np
import pandas as pd

from rbmrg.correlators import two_point
from rbmrg.layers import maps
from rbmrg.layers import statistics as map_statistics


def assess(lattices, means, factor, blocks):
    """The uppermost layer measured: (Dataset of `maps.layer`, table of `map_statistics.table` for maps and for fields).

    `lattices`: the bottom spins [n, L, L] and the units [n, …] of each layer above, drawn; `means`: the same as means
    over coins.  `factor`: the linear size of an RG block at the uppermost layer; `blocks`: its units are a lattice of
    such.  The pattern of an RG map is that of the block average, the mean of the two-point functions of its sites; that
    of an RG field is the block itself.
    """
    visible, sampled = lattices[0], lattices[-1]
    below = None if len(lattices) == 2 else (lattices[-2], means[-2])
    measured, of_maps, of_fields = maps.layer(visible, (sampled, means[-1]), below, blocks)
    two_points = np.mean([two_point(part).mean(axis=0) for part in np.array_split(visible, maps.BLOCKS)], axis=0)
    block = np.zeros_like(two_points)
    block[:factor, :factor] = 1
    tables = {
        "map": map_statistics.table(
            *of_maps, maps.from_two_point(two_points, factor), factor, maps.magnetisation_correlation(visible, sampled)
        ),
        "field": map_statistics.table(*of_fields, block, factor),
    }
    return measured, pd.concat([table.assign(of=of) for of, table in tables.items()], ignore_index=True)
