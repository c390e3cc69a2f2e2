"""The table of the cost of exponents and its figure."""

import numpy as np
import pandas as pd

from rbmrg.benchmarks import exponents
from rbmrg.figures import exponent_costs


def test_a_row_says_what_was_measured():
    row = exponents.measure(16, 1025)
    assert list(row) == ["L", "step", "n", "cpu_s", "y_t", "y_t_error", "y_h", "y_h_error"]
    assert (row["L"], row["step"], row["n"]) == (16, 2, 2048)  # whole chains
    assert row["cpu_s"] > 0
    assert abs(row["y_h"] - 1.8757) < 5 * row["y_h_error"] < 0.05  # of a long run; a false alarm has 6e-7


def test_lines_fall_as_the_square_root_of_time():
    t = np.array([1.0, 4.0, 16.0])
    rows = pd.DataFrame({"L": 64, "step": 2, "cpu_s": t, "y_t_error": 0.1 / np.sqrt(t), "y_h_error": 0.01 / np.sqrt(t)})
    figure, table = exponent_costs.draw(rows)
    assert table is rows
    [axis] = figure.axes
    for points, line, _ in zip(axis.lines[0::3], axis.lines[1::3], axis.lines[2::3], strict=True):
        np.testing.assert_allclose(points.get_ydata(), line.get_ydata())
    assert [text.get_text() for text in axis.get_legend().get_texts()] == [
        r"$y_t$: $0.1\,/\sqrt{t/\mathrm{s}}$", r"$y_h$: $0.01\,/\sqrt{t/\mathrm{s}}$",
    ]  # fmt: skip
