"""What tables of scaling dimensions hold of a two-point function beside its dimension."""

import numpy as np
import pandas as pd

from rbmrg.exponents.torus_fit import AMPLITUDES, TORUS, total_of


def with_totals(table, L=10):
    """`table` with `total` and `total_error`, those of a two-point function of its amplitude, dimension and error."""
    rows = []
    for row in table.itertuples():
        if row.fit == "amplitude":
            lower, total, higher = (_total(row.operator, row.dimension + row.error * step, L) for step in (1, 0, -1))
            rows.append((total, (higher - lower) / 2))
        else:
            rows.append((np.nan, np.nan))
    return pd.concat([table, pd.DataFrame(rows, index=table.index, columns=["total", "total_error"])], axis=1)


def _total(operator, dimension, L):
    known, shape = TORUS[operator]
    G = AMPLITUDES[operator] * np.nan_to_num(shape(L), nan=1.0) ** (dimension / known)
    return total_of(G, np.stack([G, G]), operator)[0]
