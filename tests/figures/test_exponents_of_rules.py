"""Figures of the exponents of RG rules: what is drawn is what the table says."""

import pandas as pd
import pytest
from drawn import has, labels, points, render
from exponent_tables import SOURCES, finite_size, matched, placed, table

from rbmrg.figures import dial, exponents, matching, operators, style


@pytest.fixture(scope="module")
def given():
    return table()


def test_the_league_has_the_best_rule_at_the_top(given):
    figure, numbers = exponents.draw(given)
    render(figure)
    names = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert names == [
        "RG rules", "majority", "dial 0.5", "decimation", "filters", "filter, seed 0", "filter, seed 1",
        "untrained, seed 0",
    ]  # fmt: skip
    assert len(numbers) == 3 * len(SOURCES)
    assert (numbers.operators == 2).all()


def test_the_league_says_how_well_units_are_placed(given):
    _, numbers = exponents.draw(pd.concat([given, placed(0.42)]))
    assert numbers.label.iloc[-1] == "dense, seed 0, 42%"


def test_the_league_marks_where_exponents_have_settled(given):
    figure, numbers = exponents.draw(given)
    settled = numbers[numbers.y_h_settled].set_index("label").level.to_dict()
    assert settled == {
        "majority": 3, "filter, seed 0": 3, "dial 0.5": 3, "decimation": 3, "filter, seed 1": 3, "untrained, seed 0": 3,
    }  # fmt: skip
    by_label = numbers[numbers.y_t_settled].set_index("label").level
    assert (by_label["majority"], by_label["filter, seed 0"], by_label["decimation"]) == (3, 2, 2)
    thermal, magnetic = figure.axes
    names = [text.get_text() for text in thermal.get_yticklabels()]
    for row in numbers.itertuples():
        place = names.index(row.label) + exponents.SPREAD * ((row.level - 0.5) / 3 - 0.5)
        for axis, name in ((thermal, "y_t"), (magnetic, "y_h")):
            low, high = exponents.SHOWN[name]
            value = getattr(row, name)
            marker = "o" if low <= value <= high else "<" if value < low else ">"
            assert has(points(axis, marker), min(max(value, low), high), place)


def test_convergence_shows_the_majority_rule_and_the_first_filter(given):
    figure, numbers = operators.draw(given)
    render(figure)
    assert set(numbers.source) == {"majority", "filter"}
    assert set(numbers[numbers.source == "filter"].seed) == {0}
    assert figure.axes[0].get_title(loc="left") == "majority"
    assert labels(figure.legends[0]) == ["exact", "64 → 32", "32 → 16", "16 → 8"]
    for row in numbers[numbers.source == "majority"].itertuples():
        found = points(figure.axes[1], "os^")
        assert has(found, row.operators + operators.DODGE * (row.level - 2.5), row.y_h)


def test_convergence_without_a_filter(given):
    figure, numbers = operators.draw(given[given.kind == "rule"])
    render(figure)
    assert set(numbers.source) == {"majority"}
    assert len(figure.axes) == 2


def test_the_dial_shows_learned_filters_and_no_controls(given):
    figure, numbers = dial.draw(given)
    render(figure)
    assert set(numbers.source) == {"dial 0.5", "filter"}
    assert set(numbers.level) == {2, 3}
    for row in numbers.itertuples():
        assert has(points(figure.axes[1], "o" if row.kind == "dial" else "*"), row.dial, row.y_h)


def test_three_methods_stand_side_by_side(given):
    figure, numbers = matching.draw(given, matched(), finite_size())
    render(figure)
    rows = numbers.set_index(["source", "method", "exponent"]).estimate
    assert rows["raw samples", "finite size", "y_t"] == pytest.approx(0.95)
    assert rows["raw samples", "finite size", "y_h"] == pytest.approx(1.88)
    assert rows["majority", "matrix", "y_t"] == pytest.approx(0.999)  # settled at step 3
    assert rows["majority", "matching", "y_t"] == pytest.approx(0.93)
    assert rows["filter", "matching", "y_t"] == pytest.approx(0.92)  # settled at step 2
    assert rows["filter", "matching", "y_h"] == pytest.approx(1.83)
    assert set(numbers.source) == {"raw samples", "majority", "filter"}
    names = list(dict.fromkeys(numbers.source))
    for row in numbers.itertuples():
        place = names.index(row.source) + 0.2 * (list(matching.METHODS).index(row.method) - 1)
        axis = figure.axes[1 + (row.exponent == "y_h")]
        assert has(points(axis, matching.METHODS[row.method][1]), row.estimate, place)


def test_the_critical_coupling_approaches_its_value(given):
    figure, _ = matching.draw(given, matched(), finite_size())
    axis = figure.axes[0]
    assert has(points(axis, "s"), 0, 0.2)  # Binder's cumulants, in 10⁻³
    for level in (1, 2, 3):
        assert has(points(axis, style.VARIANTS[1]), level - 1.5 * matching.DODGE, 1 / level)
