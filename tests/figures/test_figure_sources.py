"""Machines are ordered, chosen, labelled and coloured by what they are, never by their names."""

import itertools

import numpy as np
import pandas as pd
from synthetic_machines import ENTRIES, FULL, described

from rbmrg.figures import sources, style
from rbmrg.machines import entries
from rbmrg.rbm import recipes

EVERY = [*FULL, "closed", "blank"]


def machines(*rows):
    """A table of machines from (machine, recipe, training, control)."""
    return pd.DataFrame(rows, columns=["machine", "recipe", "training", "control"])


def test_machines_are_ordered_by_what_they_are():
    mixed = described(EVERY[::-1])
    found = sources.machines(mixed)
    assert list(found.machine) == [
        "untrained-by-name", "alpha", "gamma-Tc", "beta", "1e3", "closed", "paper-delta", "blank"
    ]  # fmt: skip
    assert list(found.group) == [0, 0, 1, 1, 1, 2, 3, 3]
    assert list(found.family) == ["paper", "paper", "pcd", "pcd", "best", "exact", "permuted", "untrained"]
    data = pd.DataFrame({"machine": ["Monte Carlo"], "recipe": [np.nan], "training": [np.nan], "control": ["none"]})
    pd.testing.assert_frame_equal(sources.machines(pd.concat([data, mixed, mixed])), found, check_dtype=False)
    assert sources.machines(data).empty


def test_families_are_recipes_and_controls():
    paper, trained, closed, controls = map(set, sources.FAMILIES)
    assert paper | trained <= set(recipes.RECIPES)
    assert closed == set(entries.CLOSED_FORMS)
    assert {entry.control for entry in ENTRIES.values()} - {"none"} <= controls


def test_a_family_is_represented_by_the_machine_of_most_temperatures():
    found = sources.representatives(described(EVERY))
    assert list(found.machine) == ["untrained-by-name", "gamma-Tc", "1e3", "closed", "paper-delta", "blank"]
    cold = machines(("cold", "paper", "2.000000", "none"), ("critical", "paper", "2.269185", "none"))
    assert list(sources.representatives(cold).machine) == ["critical"]


def test_two_trainings_are_told_apart():
    panels = sources.by_training(described(EVERY))
    assert list(panels) == ["trained at $T_c$", "trained on 0–5.9"]
    first, second = panels.values()
    assert list(first.label) == ["paper", "pcd", "best", "exact", "permuted", "untrained"]
    assert list(second.machine) == ["untrained-by-name", "gamma-Tc"]
    assert set(sources.in_rows(described(EVERY)).machine) == set(EVERY)


def test_machines_of_one_family_and_training_have_their_names():
    table = machines(*[(f"m{place}", "paper", "2.000000", "none") for place in range(9)],
                     ("other", "best", "2.000000", "none"))  # fmt: skip
    [(title, found)] = sources.by_training(table).items()
    assert title == "trained at $T=2$"
    assert list(found.label) == [*(f"m{place}" for place in range(7)), "best"]
    assert sources.by_training(machines()) == {}


def test_a_family_has_one_look_and_no_other_has_it():
    found = sources.looks(described(EVERY))
    assert found["alpha"] == found["untrained-by-name"]
    assert found["beta"] == found["gamma-Tc"]
    one = [found[name] for name in ("alpha", "beta", "1e3", "closed", "paper-delta", "blank")]
    for a, b in itertools.combinations(one, 2):
        assert (a["color"], a["linestyle"]) != (b["color"], b["linestyle"])
        assert a["marker"] != b["marker"]
    assert not {look["marker"] for look in found.values()} & set("^v<>")  # values beyond the edge
    for name in EVERY:  # what else is in a figure changes nothing
        assert sources.looks(described([name])) == {name: found[name]}


def test_a_second_machine_of_a_family_is_darker_and_open():
    table = machines(*[(name, "best", "2.269185", "none") for name in "abc"], ("d", "best", "2.000000", "none"))
    a, b, c, d = (sources.looks(table)[name] for name in "abcd")
    assert a == d
    assert a["markerfacecolor"] == a["color"]
    assert b["markerfacecolor"] == c["markerfacecolor"] == "white"
    assert sum(a["color"]) > 1.5 * sum(b["color"]) > 1.5**2 * sum(c["color"]) > 0
    assert len({(look["marker"], look["linestyle"]) for look in (a, b, c)}) == 1


def test_rows_stand_below_the_headings_of_their_groups():
    _, [[axis]] = style.panels(1, 1, 3, 3)
    found = sources.machines(described(EVERY))
    places = sources.rows(axis, found, {"data": ["Monte Carlo"]})
    texts = [text.get_text() for text in axis.get_yticklabels()]
    assert [texts[y] for y in places.values()] == list(places) == ["Monte Carlo", *found.machine]
    assert [text for y, text in enumerate(texts) if y not in places.values()] == ["data", *sources.GROUPS]


def test_seeds_lie_in_the_row_of_their_machine():
    table = pd.DataFrame({"machine": ["b", "a", "b", "b"]})
    np.testing.assert_allclose(sources.seed_rows(table, {"a": 4, "b": 7}), [6.8, 4, 7, 7.2])


def test_sources_in_order():
    rows = [("machine", "a", "none", "best"), ("machine", "b", "untrained", "paper"), ("rule", "c", "none", np.nan),
            ("machine", "d", "permuted", "pcd"), ("machine", "e", "none", "paper"), ("rule", "a", "none", np.nan),
            ("machine", "f", "none", "pcd")]  # fmt: skip
    layers = pd.DataFrame(rows, columns=["kind", "source", "control", "recipe"]).assign(training="2.000000")
    twice = pd.concat([layers, layers], ignore_index=True)
    assert sources.in_order(twice) == [("rule", "c"), ("rule", "a"), *(("machine", name) for name in "efadb")]


def test_data_that_are_wrong_on_purpose_say_that_they_are_data():
    table = pd.DataFrame(
        [("shuffled", "machine", "none"), ("Monte Carlo", "monte carlo", "none"), ("m", "machine", "shuffled"),
         ("shuffled", "monte carlo", "shuffled")],
        columns=["machine", "kind", "control"],
    )  # fmt: skip
    assert list(sources.labels(table)) == ["shuffled", "Monte Carlo", "m", "data, shuffled"]
