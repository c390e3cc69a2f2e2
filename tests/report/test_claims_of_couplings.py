"""Claims C8 and C9 on synthetic couplings: every verdict is possible, and decoys are not read."""

import pandas as pd
import pytest
from synthetic_couplings import couplings_table, hamiltonian

from rbmrg.report import claims_of_couplings as claims

LEARNED = (1.0, 0.0, 0.0, 1.0, 0.0)


def verdicts(rows):
    return {row["source"]: row["verdict"] for row in rows}


def of_machine(K=LEARNED, **columns):
    """The row of C8 of one machine."""
    (row,) = claims.learned(hamiltonian("visible", "a", K, **columns))
    return row


def test_c8_is_asked_of_machines_of_one_temperature_after_their_training():
    rows = [*claims.learned(couplings_table())]
    assert verdicts(rows) == {"tc": "reproduced", "untrained": "not reproduced"}
    assert rows[0]["estimate"] == pytest.approx(1.0)
    assert rows[0]["error"] == pytest.approx(1e-4 * 2.269185, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({"K": (0.97, 0.0, 0.0, 1.0, 0.0)}, "not reproduced", ""),
        ({"K": (0.98, 0.0, 0.0, 1.0, 0.0)}, "undecided", ""),
        ({"K": (1.0, 0.05, 0.0, 1.0, 0.0)}, "not reproduced", "K_nnn"),
        ({"K": (1.0, 0.0, -0.05, 1.0, 0.0)}, "not reproduced", "K_field"),
        ({"unexplained": 0.01}, "not reproduced", "share left unexplained"),
        ({"unexplained": 0.002}, "undecided", "share left unexplained"),
        ({"K": (1.0, 0.0, 0.0, 5.0, 5.0)}, "reproduced", ""),
    ],
)
def test_c8_asks_for_all_couplings_and_what_they_leave(change, verdict, reason):
    row = of_machine(**change)
    assert row["verdict"] == verdict
    assert row["reason"].startswith(reason)
    assert bool(row["reason"]) == bool(reason)


def test_c8_of_three_seeds_is_one_row_by_their_scatter():
    seeds = [
        hamiltonian("visible", "a", (K, 0.0, 0.0, 1.0, 0.0), seed=seed) for seed, K in enumerate((0.97, 1.0, 1.03))
    ]
    (row,) = claims.learned(pd.concat(seeds))
    assert row["scope"] == "3 machines"
    assert row["verdict"] == "undecided"


def test_the_error_of_the_configurations_that_all_seeds_read_is_in_their_interval():
    """Three filters whose blocks agree to the last digit know K of each no better than one of them does."""
    seeds = [hamiltonian("blocks", "a", LEARNED, seed=seed).assign(error=0.01) for seed in range(3)]
    (alone,) = claims.renormalised(seeds[0])
    (together,) = claims.renormalised(pd.concat(seeds))
    assert together["scope"] == "3 machines"
    assert [together[name] for name in ("low", "high")] == pytest.approx([alone["low"], alone["high"]])


def test_c9_is_asked_of_hidden_layers_and_of_blocks_at_the_critical_temperature():
    rows = [*claims.renormalised(couplings_table())]
    assert verdicts(rows) == {"deep-L32": "reproduced", "untrained-L32": "not diagnostic", "majority": "reproduced"}
    assert [row["quantity"] for row in rows if row["source"] == "majority"] == [
        "Σ r K in units of K_c, blocks, layer 1"
    ]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "reproduced"),
        ({"K": (0.6, 0.3, 0.0, 1.9, 0.3)}, "not reproduced"),
        ({"K": (0.6, 0.3, 0.0, 1.05, 0.3)}, "undecided"),
        ({"K": (0.6, 0.3, 0.1, 1.0, 0.3)}, "not reproduced"),
        ({"unexplained": 0.3}, "not reproduced"),
        ({"of": "placed", "quality": 0.9}, "reproduced"),
        ({"of": "placed", "quality": 0.4}, "not diagnostic"),
        ({"of": "blocks"}, "reproduced"),
        ({"of": "blocks", "truncation": 0.03}, "undecided"),
    ],
)
def test_c9_asks_for_the_distance_from_criticality_the_field_and_what_is_left(change, verdict):
    given = {"of": "hidden", "source": "a", "K": (0.6, 0.3, 0.0, 1.0, 0.3)} | change
    (row,) = claims.renormalised(hamiltonian(**given))
    assert row["verdict"] == verdict


@pytest.mark.parametrize("change", [{"training": "2.000000"}, {"training": "0 to 5.9, 60 temperatures"}])
def test_c9_is_not_asked_of_other_temperatures(change):
    assert not [*claims.renormalised(hamiltonian("hidden", "a", LEARNED, **change))]
    assert not [*claims.renormalised(hamiltonian("blocks", "a", LEARNED, **change))]
