"""Claim C7 on synthetic temperatures of layers: changes, their directions, and thermometers that disagree."""

import numpy as np
import pandas as pd
import pytest
from synthetic_evidence import MAJORITY, UNTRAINED, inf, nan, temperatures_table

from rbmrg.lattice import TC
from rbmrg.report import claims_of_layers as claims


def test_changes_of_temperature_are_those_from_the_bottom():
    table = pd.DataFrame(claims.temperatures_moved(temperatures_table())).set_index("quantity")
    assert len(table) == 18  # three temperatures (not Tc), two layers, three thermometers
    row = table.loc["change of temperature (energy) from T = 2.6 to layer 2, deep"]
    assert (row.estimate, row.reference, row.control_estimate) == pytest.approx((0.8, 0.8, 6.0))
    assert row.stat_err == pytest.approx(0.005)  # √2 × 0.005 each, two seeds
    assert row.reference_source == "majority rule, same configurations"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"deep": MAJORITY | {2.6: 0.41}}, "reproduced"),  # 2 √(0.005² + 0.007²) = 0.017
        ({"deep": MAJORITY | {2.6: 0.42}}, "not reproduced"),
        ({"deep": MAJORITY | {2.6: -0.4}}, "not reproduced"),
        ({"deep": MAJORITY | {2.6: inf}}, "not reproduced"),
        ({"deep": MAJORITY | {2.6: nan}}, "not diagnostic"),
        ({"null": UNTRAINED | {2.6: 0.41}}, "not diagnostic"),
        ({"null": UNTRAINED | {2.6: inf}}, "reproduced"),
        ({"null": UNTRAINED | {2.6: nan}}, "not diagnostic"),
        ({"rule": MAJORITY | {2.6: inf}}, "not diagnostic"),  # no finite reference
        ({"rule": MAJORITY | {2.6: inf}, "deep": MAJORITY | {2.6: inf}}, "not diagnostic"),
        ({"rule": MAJORITY | {2.6: inf}, "null": UNTRAINED | {2.6: inf}}, "not diagnostic"),
        ({"rule": {2.0: -0.2}}, "not diagnostic"),
    ],
)
def test_other_changes_of_temperature_have_other_verdicts(evidence, expected):
    changes = pd.DataFrame(claims.temperatures_moved(temperatures_table(**evidence)))
    asked = changes.quantity.str.contains("T = 2.6 to layer 1")
    assert changes.verdict[asked].tolist() == [expected] * 3
    assert set(changes.verdict[changes.quantity.str.contains("T = 2 ")]) == {"reproduced"}


def test_a_lattice_of_another_size_is_no_reference():
    table = temperatures_table()
    other = (table.source == "deep") & (table.layer == 1)
    table.loc[other, "L"] = 31
    rows = [*claims.temperatures_moved(table), *claims.directions_shared(table)]
    first_layer = [row for row in rows if "layer 1" in row["quantity"]]
    assert {row["verdict"] for row in first_layer} == {"not diagnostic"}
    assert len(first_layer) == 10


def test_a_bottom_without_a_temperature_has_no_change():
    table = temperatures_table()
    for reading in (0.0, inf, nan):
        table.loc[table.layer == 0, "temperature"] = reading
        assert claims.changes(table).value.isna().all() == (reading != 0)
    assert claims.changes(table[table.layer > 0]).empty


@pytest.mark.parametrize(
    ("evidence", "share", "expected"),
    [
        ({}, 1, "reproduced"),
        ({"deep": MAJORITY | {2.6: 9.0, 2.4: inf}}, 1, "reproduced"),  # only the sign is asked
        ({"deep": MAJORITY | {2.6: -0.1}}, 2 / 3, "not reproduced"),
        ({"deep": {T: -step for T, step in MAJORITY.items()}}, 0, "not reproduced"),
        ({"deep": UNTRAINED}, 2 / 3, "not reproduced"),
        ({"null": MAJORITY}, 1, "not diagnostic"),
        ({"deep": MAJORITY | {2.6: nan}}, nan, "not diagnostic"),
        ({"rule": MAJORITY | {2.6: inf}}, 1, "reproduced"),
        ({"rule": {2.0: -0.2}}, nan, "not diagnostic"),
        ({"deep": MAJORITY | {2.6: 0.0}}, 5 / 6, "not diagnostic"),  # whose direction is not known
    ],
)
def test_directions(evidence, share, expected):
    rows = pd.DataFrame(claims.directions_shared(temperatures_table(**evidence)))
    assert rows.quantity.tolist() == [
        f"share of changes of temperature in RG's direction, layer {layer}, deep" for layer in (1, 2)
    ]
    np.testing.assert_allclose(rows.estimate, share)
    assert rows.verdict.tolist() == [expected] * 2


def pairs(value, error, rule, rule_error):
    columns = {"value": value, "error": error, "value_rule": rule, "error_rule": rule_error}
    return claims.same_sign(pd.DataFrame(columns))


def test_the_share_of_equal_signs_by_hand():
    assert pairs([1.0, -1.0], [0.01, 0.01], [2.0, 2.0], [0.01, 0.01]) == pytest.approx((0.5, 0.0))
    assert pairs([0.0], [1.0], [9.0], [0.1]) == pytest.approx((0.5, 0.5))  # a fair coin: √(1/2 × 1/2)
    p = 0.8413447460685429  # of a normal variable less than one σ
    share, error = pairs([1.0, 1.0], [1.0, 0.01], [1.0, 1.0], [0.01, 0.01])
    assert (share, error) == pytest.approx((1, np.sqrt(p * (1 - p)) / 2))
    assert pairs([inf, -2.0], [nan, nan], [1.0, 1.0], [0.01, 0.01]) == pytest.approx((0.5, 0.0))
    assert np.isnan(pairs([nan, 1.0], [nan, 0.1], [1.0, 1.0], [0.1, 0.1])).all()


def test_the_error_of_a_share_is_never_too_small_and_exact_for_readings_that_err_together():
    """4000 repetitions of three changes of 0.7 σ: together, the scatter is the error within 4 σ (0.02); apart, less."""
    rng = np.random.default_rng(2)
    _, error = pairs([0.7] * 3, [1.0] * 3, [9.0] * 3, [0.1] * 3)
    together, apart = (0.7 + rng.normal(size=(4000, n)) * np.ones(3) > 0 for n in (1, 3))
    assert together.mean(axis=1).std() == pytest.approx(error, abs=0.02)
    assert apart.mean(axis=1).std() == pytest.approx(error / np.sqrt(3), abs=0.02)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, "reproduced"),
        ({"gap": 0.021}, "reproduced"),  # 2 √(0.005² + 0.01²) = 0.0224
        ({"gap": 0.024}, "not reproduced"),
        ({"gap": 0.15}, "not reproduced"),
        ({"gap": inf}, "not reproduced"),
        ({"gap": 0.15, "rule_gap": 0.031}, "not diagnostic"),  # the rule's own thermometers disagree
        ({"rule_gap": 0.029, "gap": 0.05}, "reproduced"),
        ({"rule_gap": nan}, "not diagnostic"),
        ({"gap": nan}, "not diagnostic"),  # that two of three agree is not enough
        ({"error": 0.04}, "not diagnostic"),
        ({"deep": MAJORITY | {TC: inf}}, "not diagnostic"),  # no thermometer finds a temperature
    ],
)
def test_disagreement_of_thermometers(evidence, expected):
    (row,) = claims.disagreements(temperatures_table(**evidence))
    assert row["quantity"] == "largest difference of thermometers at Tc, layer 1, deep"
    assert row["verdict"] == expected
    if "deep" not in evidence:
        assert row["estimate"] == pytest.approx(evidence.get("gap", 0.01), nan_ok=True)


def test_a_table_with_six_decimals_has_Tc():
    table = temperatures_table()
    rounded = table.assign(T=table["T"].round(6))
    assert list(claims.disagreements(rounded)) == list(claims.disagreements(table))
    assert len([*claims.temperatures_moved(rounded), *claims.directions_shared(rounded)]) == 20


def test_rules_alone_are_no_evidence():
    rules = temperatures_table().query("kind == 'rule'")
    for claim in (claims.temperatures_moved, claims.directions_shared, claims.disagreements):
        assert list(claim(rules)) == []


def test_without_the_rule_there_is_no_reference():
    machines = temperatures_table().query("kind == 'machine'")
    each = (claims.temperatures_moved, claims.directions_shared, claims.disagreements)
    rows = [row for claim in each for row in claim(machines)]
    assert {row["verdict"] for row in rows} == {"not diagnostic"}
    assert len(rows) == 21
