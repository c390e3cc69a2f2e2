"""Claims C5 and C6 on synthetic statistics of maps: the largest lattice, the band of RG rules, the share of units."""

import pandas as pd
import pytest
from synthetic_evidence import bands_table, nan, statistics_table

from rbmrg.report import claims_of_layers as claims


def rows(claim, bands=None, source="deep-L32", **statistics):
    table = pd.DataFrame(claim(statistics_table(**statistics), bands_table(**bands or {})))
    return table[table.source == source]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, "reproduced"),
        ({"mean": 0.5}, "not reproduced"),
        ({"mean": 0.91}, "undecided"),
        ({"mean": nan}, "undecided"),
        ({"units": 50}, "not reproduced"),  # half of its units see nothing that can be measured
        ({"bands": {"reason": "the untrained machine lies inside"}}, "not diagnostic"),
    ],
)
def test_patches_have_verdicts(evidence, expected):
    found = rows(claims.patches, **evidence)
    assert found.verdict.tolist() == [expected] * 2
    assert [quantity[-1] for quantity in found.quantity] == ["1", "2"]  # the layer
    assert set(found.scope) == {"this machine, seed 0"}


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({}, "reproduced"),
        ({"share": 0.0}, "not reproduced"),
        ({"share": 0.91}, "undecided"),
        ({"rule_share": 0.8}, "not diagnostic"),  # single units of the rule itself do not pass
        ({"rule_share": 0.94}, "not diagnostic"),  # nor do they for sure, of 100 units
        ({"bands": {"reason": "decimation lies outside"}}, "not diagnostic"),
    ],
)
def test_shares_have_verdicts(evidence, expected):
    found = rows(claims.telling, **evidence)
    assert found.verdict.tolist() == [expected] * 3  # statistics of the first layer
    assert (found.region_low == 0.9).all()


def test_a_band_that_cannot_tell_says_so_once():
    found = rows(claims.patches, {"reason": "decimation lies outside"}, "RG rules")
    assert found.verdict.tolist() == ["not diagnostic"] * 2
    assert found.reason.tolist() == ["decimation lies outside"] * 2
    assert rows(claims.patches, source="RG rules").empty
    assert rows(claims.patches, {"reason": nan}).verdict.tolist() == ["reproduced"] * 2  # as a file gives ""


def test_only_the_largest_lattice_with_a_machine_is_asked():
    rules = statistics_table(size=32).query("kind == 'rule'")
    both = pd.concat([statistics_table(size=16, mean=0.3), rules])
    table = pd.DataFrame(claims.patches(both, bands_table()))
    assert set(table.source) == {"deep-L32", "untrained-L32", "majority"}
    assert set(table.verdict[table.source == "deep-L32"]) == {"not reproduced"}  # of L = 16
