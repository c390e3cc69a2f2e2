"""Claim C7 on synthetic temperatures of layers: changes of 1/T in units of those of the majority rule."""

import pandas as pd
import pytest
from synthetic_evidence import MAJORITY, inf, temperatures_table

from rbmrg.lattice import TC
from rbmrg.layers.thermometry import WITHOUT
from rbmrg.report import claims_of_layers as claims

NOTHING = dict.fromkeys(MAJORITY, 0.0)


def rows(source="deep-L32", **temperatures):
    table = pd.DataFrame(claims.temperatures_moved(temperatures_table(**temperatures)))
    return table[table.source == source]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (MAJORITY, "reproduced"),
        ({T: -step for T, step in MAJORITY.items()}, "not reproduced"),  # the other direction
        ({T: 3 * step for T, step in MAJORITY.items()}, "not reproduced"),  # three times as far
        (NOTHING, "not reproduced"),
        (dict.fromkeys(MAJORITY, inf), None),
    ],
)
def test_changes_have_verdicts(change, expected):
    found = rows(change=change)
    assert len(found) == 2 * 2 * 2  # temperatures, layers, thermometers
    if expected:
        assert found.verdict.tolist() == [expected] * 8


def test_the_change_is_that_of_the_inverse_temperature_in_units_of_the_rule_s():
    found = rows(change={2.0: -0.1, TC: 0.0, 2.4: 0.3})
    first = found[found.quantity.str.contains("magnetisation.*layer 1")]
    expected = [(1 / 1.9 - 1 / 2) / (1 / 1.8 - 1 / 2), (1 / 2.7 - 1 / 2.4) / (1 / 2.6 - 1 / 2.4)]
    assert first.estimate.tolist() == pytest.approx(expected)
    errors = (1e-4 / 1.9**2, expected[0] * 1e-4 / 1.8**2, (1 - expected[0]) * 1e-4 / 2**2)  # layer, rule, bottom
    assert first.error.iloc[0] == pytest.approx(sum(e**2 for e in errors) ** 0.5 / (1 / 1.8 - 1 / 2), rel=1e-3)


def test_what_two_layers_have_in_common_is_no_error_of_their_ratio():
    table = temperatures_table(error=0.01)
    mine = table.source == "deep-L32"
    own = pd.DataFrame(claims.temperatures_moved(table))
    table.loc[mine, WITHOUT] = table.loc[table.source == "majority", WITHOUT].to_numpy()
    same = pd.DataFrame(claims.temperatures_moved(table))
    assert (same[same.source == "deep-L32"].error < 1e-9).all()
    assert (own[own.source == "deep-L32"].error > 0.01).all()


def test_a_layer_hotter_than_any_has_an_estimate_of_its_own():
    """1/T = 0: from 2.4 that is RG's direction, five times too far; from 2.0 it is the wrong one."""
    found = rows("untrained-L32")
    assert found.estimate.notna().all()
    assert set(found.verdict) == {"not reproduced"}


def test_three_layers_hotter_than_any_are_no_better_known_than_one():
    table = temperatures_table()
    one = table[table.source == "untrained-L32"]
    three = pd.concat([table[table.source != "untrained-L32"], *(one.assign(seed=seed) for seed in range(3))])
    alone = rows("untrained-L32")
    found = pd.DataFrame(claims.temperatures_moved(three))
    together = found[found.source == "untrained-L32"]
    assert set(together.scope) == {"3 machines"}
    assert together.low.tolist() == pytest.approx(alone.low.tolist())
    assert together.high.tolist() == pytest.approx(alone.high.tolist())


def test_configurations_drawn_at_tc_and_other_thermometers_are_not_asked():
    found = rows()
    assert not found.quantity.str.contains("energy|2.269").any()
    assert not (pd.DataFrame(claims.temperatures_moved(temperatures_table())).source == "average").any()


def test_without_the_rule_there_is_nothing_to_compare_with():
    table = temperatures_table()
    assert not list(claims.temperatures_moved(table[table.source != "majority"]))
