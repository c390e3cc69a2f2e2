"""Claim C7 on synthetic temperatures of layers: how each thermometer's reading changes from the bottom."""

import pandas as pd
import pytest
from synthetic_evidence import MAJORITY, UNTRAINED, inf, nan, temperatures_table

from rbmrg.report import claims_of_layers as claims


def test_changes_of_temperature_are_those_from_the_bottom():
    table = pd.DataFrame(claims.temperatures_moved(temperatures_table())).set_index("quantity")
    assert len(table) == 12  # three temperatures (not Tc), two layers, two thermometers
    row = table.loc["change of temperature (overlap) from T = 2.6 to layer 2, deep"]
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
    assert changes.verdict[asked].tolist() == [expected] * 2
    assert set(changes.verdict[changes.quantity.str.contains("T = 2 ")]) == {"reproduced"}


def test_a_lattice_of_another_size_is_no_reference():
    table = temperatures_table()
    other = (table.source == "deep") & (table.layer == 1)
    table.loc[other, "L"] = 31
    first_layer = [row for row in claims.temperatures_moved(table) if "layer 1" in row["quantity"]]
    assert {row["verdict"] for row in first_layer} == {"not diagnostic"}
    assert len(first_layer) == 6


def test_a_bottom_without_a_temperature_has_no_change():
    table = temperatures_table()
    for reading in (0.0, inf, nan):
        table.loc[table.layer == 0, "temperature"] = reading
        assert claims.changes(table).value.isna().all() == (reading != 0)
    assert claims.changes(table[table.layer > 0]).empty


def test_a_table_with_six_decimals_has_Tc():
    table = temperatures_table()
    rounded = table.assign(T=table["T"].round(6))
    assert len(list(claims.temperatures_moved(rounded))) == 12


def test_rules_alone_are_no_evidence():
    rules = temperatures_table().query("kind == 'rule'")
    assert list(claims.temperatures_moved(rules)) == []


def test_without_the_rule_there_is_no_reference():
    machines = temperatures_table().query("kind == 'machine'")
    rows = list(claims.temperatures_moved(machines))
    assert {row["verdict"] for row in rows} == {"not diagnostic"}
    assert len(rows) == 12
