"""The first level that agrees with the one before, or the last one."""

import pandas as pd
import pytest

from rbmrg.exponents.settling import settled


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ((0.9, 0.95, 0.969, 0.97), 3),
        ((0.9, 0.919, 1.2, 1.2), 2),
        ((0.9, 1.0, 1.1, 1.2), 4),
        ((1.1, 1.0, 1.021, 0.9), 4),
    ],
)
def test_the_level_of_settling(values, level):
    rows = pd.DataFrame({"level": [1, 2, 3, 4], "operators": 8, "y_t": values, "y_h": 1.875})
    fewer = rows.assign(operators=3, y_t=1.0)  # a decoy: they agree everywhere
    assert settled(pd.concat([fewer, rows.sample(frac=1, random_state=1)]), "y_t").level == level
    assert settled(rows, "y_h").level == 2
