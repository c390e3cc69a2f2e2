"""The figure of coverage: a point for each share, triangles for those beyond the edge, crosses for what fails."""

import numpy as np
import pandas as pd
from drawn import has, points, render

from rbmrg.figures import coverage, style


def table(quantities):
    shares = np.linspace(0.6, 0.75, quantities)
    found = pd.DataFrame({"quantity": [f"quantity {k}" for k in range(quantities)], "replicas": 200})
    return found.assign(coverage68=shares, coverage95=0.95, holds=shares > 0.61)


def test_a_point_for_each_share():
    shares = table(5)
    shares.loc[4, "coverage68"] = 0.2
    figure, numbers = coverage.draw(shares)
    render(figure)
    assert numbers is shares
    [axis] = figure.axes
    assert [text.get_text() for text in axis.get_yticklabels()] == list(shares.quantity)
    for k in range(4):
        assert has(points(axis, "o"), shares.coverage68[k], k)
        assert has(points(axis, "s"), 0.95, k)
    assert has(points(axis, "<"), coverage.LOWEST, 4)
    np.testing.assert_allclose(points(axis, "x")[:, 1], [0])


def test_many_quantities_stand_below_one_another():
    figure, _ = coverage.draw(table(120))
    width, height = figure.get_size_inches()
    assert width == style.COLUMN
    assert height > 120 * 5.8 / 72  # lines do not overlap
