"""Claims C1 to C4 on synthetic flows: each verdict follows from the evidence that it is about."""

import numpy as np
import pandas as pd
import pytest
from synthetic_evidence import dimensions_table, inf, nan, points_table, scans_table

from rbmrg.lattice import TC
from rbmrg.report import claims, claims_of_flows


def verdicts(table, claim):
    return table[table.claim == claim].verdict.tolist()


def assessed(points=None, scans=None, dimensions=None):
    """The rows of the trained machine, without those of maps and layers."""
    flows = points_table(**points or {}), scans_table(**scans or {}), dimensions_table(**dimensions or {})
    table = claims.assess(*flows)
    assert set(table.claim) == {"C1", "C2", "C3", "C4"}
    return table[table.quantity.str.contains("deep")]


def test_only_stationary_flows_have_a_fixed_point():
    [row] = assessed({"stationary": (True, False)}).query("claim == 'C1'").itertuples()
    assert row.estimate == pytest.approx(TC)
    assert "1 of 2 stationary by 1000" in row.quantity
    [row] = assessed({"stationary": (False, False)}).query("claim == 'C1'").itertuples()
    assert np.isnan(row.estimate)
    assert row.verdict == "not diagnostic"
    careful = assessed({"stationary": (False, False)}).query("claim == 'C3'")
    assert careful.verdict.tolist() == ["reproduced", "not diagnostic"]  # the paper's way does not ask


def test_one_stationary_flow_of_three_is_not_enough():
    still = points_table()[:1]
    assert len(claims_of_flows.stationary(pd.concat([still, still.assign(stationary=False)]))) == 1
    moving = [still.assign(stationary=False)] * 2
    assert len(claims_of_flows.stationary(pd.concat([still, *moving]))) == 0


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"ends": (3.0, 3.02)}, "not reproduced"),
        ({"ends": (inf, 2.3)}, "not reproduced"),
        ({"ends": (1.6, 3.0)}, "not diagnostic"),
        ({"T_mix": TC}, "not diagnostic"),  # it has learned its data
        ({"T_mix": TC + 0.025}, "not diagnostic"),  # less than two errors away
        ({"ends": (3.0, 3.02), "T_mix": TC}, "not reproduced"),
        ({"T_mix": TC + 0.05}, "reproduced"),
    ],
)
def test_other_fixed_points_have_other_verdicts(evidence, expected):
    assert verdicts(assessed(evidence), "C1") == [expected]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"flow": 0.14}, "not reproduced"),
        ({"flow": nan}, "not diagnostic"),
        ({"control": 0.085}, "not diagnostic"),  # as it is at L = 10
    ],
)
def test_other_exponents_have_other_verdicts(evidence, expected):
    assert verdicts(assessed(scans=evidence), "C2") == [expected]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"torus": 0.14}, ["reproduced", "not reproduced"]),
        ({"plain": 0.14}, ["not reproduced", "reproduced"]),
        ({"torus": nan}, ["reproduced", "not diagnostic"]),
        ({"plain_control": 0.07}, ["not diagnostic", "reproduced"]),  # the plain fit at L = 10
        ({"torus_control": 0.12, "torus": 0.134}, ["reproduced", "reproduced"]),
        ({"torus_control": nan}, ["reproduced", "not diagnostic"]),
    ],
)
def test_other_dimensions_have_other_verdicts(evidence, expected):
    assert verdicts(assessed(dimensions=evidence), "C3") == verdicts(assessed(dimensions=evidence), "C4") == expected


def test_monte_carlo_data_that_are_not_treated_as_flows_are_rows_of_their_own():
    rows = pd.DataFrame(claims_of_flows.magnetisation_exponents(scans_table(), points_table()))
    names = ["Monte Carlo, true T", "Monte Carlo at Tc", "shuffled", "deep", "untrained"]
    assert rows.quantity.tolist() == [f"Δm of |m| by network class, {name}" for name in names]
    np.testing.assert_array_equal(rows.estimate, [0.3, 0.4, 0.5, 0.126, nan])
    assert set(rows.control_estimate) == {0.125}


def test_a_machine_that_is_called_as_a_control_is_a_machine():
    scans = scans_table().replace({"deep": "shuffled"})
    points = points_table().replace({"deep": "shuffled"})
    rows = pd.DataFrame(claims_of_flows.magnetisation_exponents(scans, points))
    assert rows.estimate[rows.quantity.str.contains("shuffled")].tolist() == [0.5, 0.126]
