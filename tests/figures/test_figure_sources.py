"""Machines are ordered, chosen, labelled and coloured by what they are, never by their names."""

import itertools

import numpy as np
import pandas as pd
from synthetic_machines import FULL, described

from rbmrg.figures import sources, style
from rbmrg.machines import entries

EVERY = [*FULL, "closed", "blank"]


def machines(*rows):
    """A table of machines from (machine, recipe, training, control)."""
    return pd.DataFrame(rows, columns=["machine", "recipe", "training", "control"])


def test_machines_are_ordered_by_what_they_are():
    mixed = described(EVERY[::-1])
    found = sources.machines(mixed)
    assert list(found.machine) == [
        "untrained-by-name", "alpha", "1e3", "gamma-Tc", "beta", "closed", "blank", "paper-delta"
    ]  # fmt: skip
    assert list(found.group) == [0, 0, 1, 1, 1, 2, 3, 3]
    assert list(found.family) == ["paper", "paper", "pcd", "best", "best", "exact", "untrained", "permuted"]
    data = pd.DataFrame({"machine": ["Monte Carlo"], "recipe": [np.nan], "training": [np.nan], "control": ["none"]})
    pd.testing.assert_frame_equal(sources.machines(pd.concat([data, mixed, mixed])), found, check_dtype=False)
    assert sources.machines(data).empty


def test_closed_forms_are_those_of_entries():
    assert set(sources.CLOSED_FORMS) == set(entries.CLOSED_FORMS)


def test_a_family_is_represented_by_the_machine_of_most_temperatures():
    found = sources.representatives(described(EVERY))
    assert list(found.machine) == ["untrained-by-name", "gamma-Tc", "1e3", "closed", "paper-delta", "blank"]
    cold = machines(("cold", "paper", "2.000000", "none"), ("critical", "paper", "2.269185", "none"))
    assert list(sources.representatives(cold).machine) == ["critical"]


def test_two_trainings_are_told_apart():
    panels = sources.by_training(described(EVERY))
    assert list(panels) == ["trained at $T_c$", "trained on 0–5.9"]
    first, second = panels.values()
    assert list(first.label) == ["paper", "best", "pcd", "exact", "permuted", "untrained"]
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
    kinds = [("machine", "none"), ("machine", "untrained"), ("rule", "none"), ("machine", "permuted"), ("rule", "none")]
    layers = pd.DataFrame(kinds, columns=["kind", "control"]).assign(source=list("abcda"))
    twice = pd.concat([layers, layers], ignore_index=True)
    assert list(sources.in_order(twice).source) == ["c", "a", "a", "d", "b"]


def test_data_that_are_wrong_on_purpose_say_that_they_are_data():
    table = pd.DataFrame(
        [("shuffled", "machine", "none"), ("Monte Carlo", "monte carlo", "none"), ("m", "machine", "shuffled"),
         ("shuffled", "monte carlo", "shuffled")],
        columns=["machine", "kind", "control"],
    )  # fmt: skip
    assert list(sources.labels(table)) == ["shuffled", "Monte Carlo", "m", "data, shuffled"]
