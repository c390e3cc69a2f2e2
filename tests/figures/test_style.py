"""Families, labels and looks of machines come from what they are, never from their names."""

import itertools

import numpy as np
import pandas as pd
import pytest
from synthetic_machines import ENTRIES, FULL, described

from rbmrg.figures import style
from rbmrg.lattice import TC


def machines(*rows):
    """A table of machines from (machine, recipe, training, control)."""
    return pd.DataFrame(rows, columns=["machine", "recipe", "training", "control"])


def test_families():
    families = {"paper": ["alpha", "untrained-by-name"], "best": ["beta", "gamma-Tc"]}
    assert style.families(described(FULL)) == families | {"others": ["paper-delta", "1e3"]}
    assert style.families(described(["alpha"])) == {"": ["alpha"]}
    assert style.families(machines()) == {}
    assert list(style.family(described(["closed", "blank", "paper-delta"]))) == ["exact", "untrained", "permuted"]


def test_one_training_has_one_colour_and_one_label_in_all_families():
    looks = style.looks_of(described(FULL))
    assert looks["alpha"] == looks["beta"] != looks["gamma-Tc"]
    assert looks["untrained-by-name"] == looks["gamma-Tc"]
    assert [looks[name]["label"] for name in FULL] == [
        "$T_c$",
        "0–5.9",
        "$T_c$",
        "0–5.9",
        "permuted, $T_c$",
        "pcd, $T_c$",
    ]
    assert len({looks[name]["marker"] for name in ("alpha", "paper-delta", "1e3")}) == 3
    assert len({looks[name]["color"] for name in ("alpha", "paper-delta", "1e3")}) == 1


def test_machines_that_look_alike_are_told_by_their_details_and_else_by_their_names():
    table = machines(*[(name, "paper", "2.000000", "none") for name in "abcd"], ("e", "best", "2.000000", "none"))
    looks = style.looks_of(table)
    assert [look["label"] for look in looks.values()] == [*(f"$T=2$, {name}" for name in "abcd"), "best, $T=2$"]
    looks = style.looks_of(table.assign(details=["", "$L=32$", "$L=32$", "l1 = 0.01", ""]))
    labels = ["$T=2$", "$T=2$, $L=32$, b", "$T=2$, $L=32$, c", "$T=2$, l1 = 0.01", "best, $T=2$"]
    assert [look["label"] for look in looks.values()] == labels
    assert len({look["marker"] for look in looks.values()}) == 5


def test_more_mixtures_than_colours():
    table = machines(*[(f"m{T}", "paper", f"{T:.6f}", "none") for T in range(3, 15)])
    looks = style.looks_of(table).values()
    for key in (("label",), ("color", "marker")):
        assert len({tuple(look[name] for name in key) for look in looks}) == 12


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


def test_sources_in_order():
    kinds = [("machine", "none"), ("machine", "untrained"), ("rule", "none"), ("machine", "permuted"), ("rule", "none")]
    layers = pd.DataFrame(kinds, columns=["kind", "control"]).assign(source=list("abcda"))
    twice = pd.concat([layers, layers], ignore_index=True)
    assert list(style.in_order(twice).source) == ["c", "a", "a", "d", "b"]


def test_monte_carlo_comes_first_and_says_that_it_is():
    table = pd.DataFrame(
        [("shuffled", "machine", "none"), ("Monte Carlo", "monte carlo", "none"), ("m", "machine", "shuffled"),
         ("shuffled", "monte carlo", "shuffled"), ("Monte Carlo", "monte carlo", "none")],
        columns=["machine", "kind", "control"],
    )  # fmt: skip
    assert style.monte_carlo_first(table) == ["Monte Carlo", "Monte Carlo, shuffled", "shuffled", "m"]
    assert list(style.source_labels(table)) == ["shuffled", "Monte Carlo", "m", "Monte Carlo, shuffled", "Monte Carlo"]


def test_small_panels_have_tick_labels_where_they_are_the_lowest():
    figure, axes = style.grid(list("abcdefg"), height=1.0, margin=1.0)
    assert [axis.get_title() for axis in axes] == list("abcdefg")
    lowest = [axis.xaxis.get_tick_params()["labelbottom"] for axis in axes]
    assert lowest == [False, False, True, True, True, True, True]
    assert sum(axis.axison for axis in figure.axes) == 7


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
