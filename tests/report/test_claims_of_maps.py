"""Claims C5 and C6 on synthetic statistics of maps: the largest lattice, the spread of units, the untrained machine."""

import numpy as np
import pandas as pd
import pytest
from synthetic_evidence import inf, nan, statistics_table

from rbmrg.report import claims_of_layers as claims


def test_patches_are_those_of_every_layer_and_of_fields_of_the_first():
    table = pd.DataFrame(claims.patches(statistics_table()))
    assert table.quantity.tolist() == [
        "⟨v h⟩ maps: peak − far, layer 1, deep", "⟨v h⟩ maps: peak − far, layer 2, deep",
        "receptive fields: overlap with RG map, layer 1, deep",
    ]  # fmt: skip
    assert (table.reference == 0.4).all()
    assert set(table.reference_source) == {"average rule, same configurations"}
    assert set(table.control) == {"untrained-L32"}
    np.testing.assert_allclose(table.stat_err, 0.005 / np.sqrt(2))


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"deep": 0.41}, "reproduced"),  # 2 √(0.005²/2 + 0.005²) = 0.0122
        ({"deep": 0.413}, "not reproduced"),
        ({"deep": nan}, "not diagnostic"),
        ({"null": 0.39}, "not diagnostic"),
        ({"deep": 0.3, "null": 0.4}, "not diagnostic"),
        ({"null": nan}, "not diagnostic"),
        ({"drop": "untrained-L32"}, "not diagnostic"),
        ({"drop": "average"}, "not diagnostic"),
        ({"rule": 0.04, "deep": 0.04}, "not diagnostic"),  # errors of more than a tenth
    ],
)
def test_other_maps_have_other_verdicts(evidence, expected):
    assert [row["verdict"] for row in claims.patches(statistics_table(**evidence))] == [expected] * 3


def test_only_the_largest_lattice_with_a_machine_is_asked():
    rules = statistics_table(L=64, rule=9.0).query("kind == 'rule'")
    both = pd.concat([statistics_table(L=16, deep=0.9), statistics_table(), rules])
    for claim in (claims.patches, claims.telling):
        pd.testing.assert_frame_equal(pd.DataFrame(claim(both)), pd.DataFrame(claim(statistics_table())))


def test_a_layer_without_an_untrained_machine_has_no_control():
    table = statistics_table()
    table = table[~((table.source == "untrained-L32") & (table.layer == 2))]
    assert [row["verdict"] for row in claims.patches(table)] == ["reproduced", "not diagnostic", "reproduced"]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"deep": 0.49}, "reproduced"),  # 2 √(0.05² + 0.01²) = 0.102: a unit is within two σ, its mean is not
        ({"deep": 0.51}, "not reproduced"),
        ({"deep": 0.51, "rule_spread": 0.05}, "reproduced"),  # 2 √(0.05² + 0.05²) = 0.141
        ({"null": 0.31}, "not diagnostic"),
        ({"null": 0.29}, "reproduced"),
        ({"null": 0.29, "null_spread": 0.1}, "not diagnostic"),
        ({"deep": 0.6, "null": 0.31}, "not diagnostic"),
        ({"spread": 0.14}, "reproduced"),  # far more than a tenth, but untrained units are 0.3 away
        ({"spread": 0.16}, "not diagnostic"),  # two σ of these units contain nearly all: even the untrained mean
        ({"deep": nan}, "not diagnostic"),
        ({"null": nan}, "not diagnostic"),
        ({"spread": nan, "deep": 0.413}, "reproduced"),  # the standard error and the spread of the rule are left
        ({"spread": nan, "deep": 0.43}, "not reproduced"),
        ({"drop": "untrained-L32"}, "not diagnostic"),
        ({"drop": "average"}, "not diagnostic"),
    ],
)
def test_units_tell_by_their_spread(evidence, expected):
    rows = list(claims.telling(statistics_table(**evidence)))
    assert [row["verdict"] for row in rows] == [expected] * 4
    assert all(row["stat_err"] == pytest.approx(0.005 / np.sqrt(2)) for row in rows if row["estimate"] > 0)


def test_units_of_all_seeds_are_pooled():
    rng = np.random.default_rng(1)
    units = rng.normal([[0], [1], [5]], 2, (3, 50))
    seeds = pd.DataFrame({"mean": units.mean(axis=1), "spread": units.std(axis=1)})
    assert claims.pooled(seeds) == pytest.approx((units.mean(), units.std()))
    assert claims.pooled(seeds[1:2]) == pytest.approx((units[1].mean(), units[1].std()))
    assert np.isnan(claims.pooled(seeds[:0])).all()


def test_the_statistic_that_tells_most_comes_first():
    table = statistics_table()
    null = table.source == "untrained-L32"
    away = {"contrast": nan, "moran": -7.0, "overlap": 3.0}
    table.loc[null, "separation"] = table.statistic[null].map(away)
    table.loc[null & (table.of == "field"), "separation"] = inf
    names = [row["quantity"] for row in claims.telling(table)]
    assert names == [
        "receptive fields: overlap with RG map, units ± 0.05, deep", "⟨v h⟩ maps: Moran's I, units ± 0.05, deep",
        "⟨v h⟩ maps: overlap with RG map, units ± 0.05, deep", "⟨v h⟩ maps: peak − far, units ± 0.05, deep",
    ]  # fmt: skip
    table.loc[~null, "separation"] = 99.0  # that of trained machines does not count
    assert [row["quantity"] for row in claims.telling(table)] == names


def test_what_is_untrained_is_said_by_its_field_and_not_by_its_name():
    named = statistics_table()
    renamed = statistics_table().replace({"source": {"untrained-L32": "noise"}})
    for claim in (claims.patches, claims.telling):
        expected = pd.DataFrame(claim(named)).assign(control="noise")
        pd.testing.assert_frame_equal(pd.DataFrame(claim(renamed)), expected)
    trained = named.assign(control="none")
    assert len(list(claims.patches(trained))) == 6
    assert {row["control"] for row in claims.patches(trained)} == {"untrained machine"}


def test_rules_alone_are_no_evidence():
    rules = statistics_table().query("kind == 'rule'")
    assert [*claims.patches(rules), *claims.telling(rules)] == []
