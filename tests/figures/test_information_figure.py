"""The figure of mutual information: what is drawn is what the table says."""

import pandas as pd
from drawn import has, labels, points, render

from rbmrg.figures import information

SOURCES = {  # (kind, source, seed): (exact, bound)
    ("optimum", "best rule", 0): (0.401, None),
    ("rule", "decimation", 0): (0.33, 0.32),
    ("machine", "filter", 0): (0.38, 0.37),
    ("machine", "filter", 1): (0.39, 0.385),
    ("machine", "untrained", 0): (0.001, 0.0009),
}


def table():
    rows = [
        (kind, source, "none", seed, None, method, value, 0.002, 0.0, 0.0, 64, 4096)
        for (kind, source, seed), values in SOURCES.items()
        for method, value in zip(("conditional", "logistic"), values, strict=True)
        if value
    ]
    names = "kind source control seed dial method information error less less_error L n"
    return pd.DataFrame(rows, columns=names.split())


def test_the_most_information_is_at_the_top():
    figure, numbers = information.draw(table())
    render(figure)
    (axis,) = figure.axes
    names = ["filter, seed 1", "filter, seed 0", "decimation", "untrained, seed 0"]
    assert [text.get_text() for text in axis.get_yticklabels()] == names
    assert labels(figure.legends[0])[0] == "best 2 × 2 rule"
    assert axis.lines[0].get_xdata()[0] == 0.401
    assert len(numbers) == 9
    for row in numbers[numbers.source != "best rule"].itertuples():
        seen = row.information > information.SHOWN[0]
        marker = ("o" if row.method == "conditional" else "s") if seen else "<"
        place = names.index(row.label) + information.DODGE * (1 if row.method == "logistic" else -1)
        assert has(points(axis, marker), max(row.information, information.SHOWN[0]), place)
