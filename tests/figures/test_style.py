"""Temperatures in words, means over seeds, small panels, labels at the ends of lines, triangles at the edge."""

import itertools

import numpy as np
import pandas as pd
import pytest
from synthetic_machines import ENTRIES

from rbmrg.figures import style
from rbmrg.lattice import TC


def test_labels_of_mixtures():
    entries = [entry.mixture for entry in ENTRIES.values()]
    assert style.mixture_labels(entries) == {"2.269185": "$T_c$", "0 to 5.9, 3 temperatures": "0–5.9"}
    assert style.mixture_labels([TC, 2.6, "4.000000"]) == {TC: "$T_c$", 2.6: "$T=2.6$", "4.000000": "$T=4$"}
    both = ["0 to 5.9, 3 temperatures", "0 to 5.9, 60 temperatures"]
    assert style.mixture_labels(both) == dict(zip(both, both, strict=True))


@pytest.mark.parametrize(
    ("training", "expected"),
    [("2.269185", True), (TC, True), (2.269185, True), ("2.300000", False), ("2 to 2.269185, 2 temperatures", False)],
)
def test_the_critical_temperature_alone(training, expected):
    assert style.is_critical(training) == expected


def test_temperatures_in_words():
    assert [style.temperature(T) for T in (0.0, TC, "5.900000", "0-5.9")] == ["0", "$T_c$", "5.9", "0-5.9"]
    assert [style.start_label(T) for T in (TC, 5.9)] == ["$T_0=T_c$", "$T_0=5.9$"]


def test_means_over_seeds():
    value, error = style.over_seeds([[1.0, 1.0], [3.0, 1.0]], [[0.1, 0.3], [0.1, 0.4]])
    np.testing.assert_allclose(value, [2, 1])
    np.testing.assert_allclose(error, [1, 0.25])
    assert style.over_seeds([2.0], [0.1]) == (2.0, 0.1)
    value, error = style.over_seeds([2.0, np.inf], [0.1, np.nan])
    assert value == np.inf
    assert np.isnan(error)


def test_means_over_seeds_of_a_table_keep_its_order():
    table = pd.DataFrame({"name": ["b", "a", "b"], "x": [1.0, 5.0, 3.0], "dx": [0.1, 0.2, 0.1], "seed": [0, 0, 1]})
    found = style.seed_means(table, ["name"], "x", "dx")
    assert found.to_dict("list") == {"name": ["b", "a"], "seeds": [2, 1], "x": [2.0, 5.0], "dx": [1.0, 0.2]}
    nothing = style.seed_means(table[:0], ["name"], "x", "dx")
    assert list(nothing.columns) == list(found.columns)
    assert nothing.x.dtype.kind == "f"


def test_small_panels_have_tick_labels_where_they_are_the_lowest():
    figure, axes = style.grid(list("abcdefg"), height=1.0, margin=1.0)
    assert [axis.get_title() for axis in axes] == list("abcdefg")
    lowest = [axis.xaxis.get_tick_params()["labelbottom"] for axis in axes]
    assert lowest == [False, False, False, False, True, True, True]
    assert sum(axis.axison for axis in figure.axes) == 7


def test_names_at_the_ends_of_lines_keep_apart_and_in_order():
    _, [[axis]] = style.panels(1, 1, 2, 2)
    axis.set(yscale="log", ylim=(1, 100))
    style.end_labels(
        axis, [(1, 1e9, "highest", "red"), (1, 1, "lowest", "red"), (1, 10.1, "b", "red"), (1, 10, "a", "red")]
    )
    height = {text.get_text(): text.get_position()[1] for text in axis.texts}
    assert sorted(height, key=height.get) == ["lowest", "a", "b", "highest"]
    np.testing.assert_allclose([height["lowest"], height["a"], height["highest"]], [0, 0.5, 1])
    assert height["b"] == pytest.approx(height["a"] + 0.07)


def test_many_names_at_the_upper_edge_are_pushed_down():
    _, [[axis]] = style.panels(1, 1, 2, 2)
    style.end_labels(axis, [(1, 1.0 - 0.001 * place, str(place), "red") for place in range(5)])
    heights = [text.get_position()[1] for text in axis.texts]
    np.testing.assert_allclose(heights, 1 - 0.07 * np.arange(5)[::-1])


def test_triangles_stand_at_the_edge_that_is_nearer():
    _, [[axis]] = style.panels(1, 1, 2, 2)
    values = np.array([-1.0, 5.0, np.inf])
    place = np.arange(3.0)
    for vertical in (False, True):
        style.at_edges(axis, values, place, (0, 2), "black", vertical)
    found = {line.get_marker(): line.get_xydata().tolist() for line in axis.lines}
    assert found == {"<": [[0, 0]], ">": [[2, 1], [2, 2]], "v": [[0, 0]], "^": [[1, 2], [2, 2]]}


def test_colours_are_told_apart():
    assert len(set(style.COLOURS)) == len(set(style.MARKERS)) == 8
    assert not set("v^<>") & set(style.VARIANTS)  # triangles are values beyond the edge
    assert all(a != b for a, b in itertools.combinations(("o", *style.VARIANTS), 2))
