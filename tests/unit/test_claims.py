"""Verdicts: each branch of the rule, on evidence made up for it; the whole table on small synthetic tables."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import claims
from rbmrg.exact import TC

VERDICTS = {"reproduced", "not reproduced", "not diagnostic"}
nan, inf = np.nan, np.inf


def negative(estimate, error, control, control_error):
    """Against a control for which the claim should fail; the reference is 2."""
    return claims.verdict(estimate, error, 2.0, control, control_error, positive=False)


def positive(estimate, error, control):
    """Against a control for which the claim holds by construction; the reference is 2."""
    return claims.verdict(estimate, error, 2.0, control, 0.01, positive=True)


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((2.0, 0.1, 5.0, 0.1), "reproduced"),
        ((2.19, 0.1, 5.0, 0.1), "reproduced"),
        ((1.81, 0.1, 5.0, 0.1), "reproduced"),
        ((2.21, 0.1, 5.0, 0.1), "not reproduced"),  # beyond two standard errors, on either side
        ((1.79, 0.1, 5.0, 0.1), "not reproduced"),
        ((2.0, 0.1, 2.19, 0.1), "not diagnostic"),  # the untrained machine agrees, too
        ((9.0, 0.1, 2.0, 0.1), "not diagnostic"),
        ((2.0, 0.1, 2.21, 0.1), "reproduced"),  # the untrained machine just does not
        ((2.0, 0.19, 5.0, 0.1), "reproduced"),
        ((2.0, 0.21, 5.0, 0.1), "not diagnostic"),  # too imprecise: more than a tenth of the reference
        ((3.0, 0.21, 5.0, 0.1), "not reproduced"),  # imprecise, but too far away to agree
        ((2.0, nan, 5.0, 0.1), "not diagnostic"),
        ((2.0, 0.1, 2.0, nan), "not diagnostic"),  # the control is at the reference, its error is not known
        ((nan, nan, 5.0, 0.1), "not diagnostic"),
        ((2.0, 0.1, nan, nan), "not diagnostic"),  # there is no control
        ((0.0, 0.0, 5.0, 0.1), "not reproduced"),
    ],
)
def test_against_a_negative_control(evidence, expected):
    assert negative(*evidence) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((2.0, 0.01, 2.0), "reproduced"),
        ((2.019, 0.01, 2.0), "reproduced"),
        ((2.021, 0.01, 2.0), "not reproduced"),
        ((2.2, 0.01, 2.1), "reproduced"),  # the miss of the control, 0.1, is an error of the method
        ((1.85, 0.01, 2.1), "reproduced"),
        ((2.21, 0.01, 2.1), "not reproduced"),  # 2 √(0.01² + 0.1²) = 0.201
        ((2.0, 0.01, 2.19), "reproduced"),
        ((2.0, 0.01, 2.21), "not diagnostic"),  # it misses by more than a tenth
        ((2.0, 0.01, 1.79), "not diagnostic"),
        ((2.0, 0.21, 2.0), "not diagnostic"),
        ((nan, nan, 2.0), "not diagnostic"),
        ((2.0, 0.01, nan), "not diagnostic"),
        ((2.0, 0.01, inf), "not diagnostic"),
    ],
)
def test_against_a_positive_control(evidence, expected):
    assert positive(*evidence) == expected


@pytest.mark.parametrize("reference", [-0.5, 0.125, 1.0, 40.0])
def test_the_rule_has_no_scale_and_no_preferred_sign(reference):
    for estimate, error, expected in ((1.15, 0.08, "reproduced"), (1.17, 0.08, "not reproduced")):
        arguments = reference * estimate, abs(reference) * error, reference, 3 * reference, abs(reference) / 2
        assert claims.verdict(*arguments, positive=False) == expected


def test_infinite_temperatures_are_not_the_reference():
    assert negative(inf, nan, 5.0, 0.1) == "not reproduced"
    assert positive(inf, nan, 2.0) == "not reproduced"
    assert negative(2.0, 0.1, inf, nan) == "reproduced"  # the untrained machine went to T = ∞: the test can tell
    assert negative(2.5, 0.1, inf, nan) == "not reproduced"


# --- seeds ------------------------------------------------------------------------------------------------------------


def test_seeds_are_combined_with_two_errors():
    mean, stat, seed = claims.combine([1.0, 2.0, 4.0], [0.3, 0.4, 1.2])
    assert mean == pytest.approx(7 / 3)
    assert stat == pytest.approx(1.3 / 3)
    assert seed == pytest.approx(np.sqrt(((4 / 3) ** 2 + (1 / 3) ** 2 + (5 / 3) ** 2) / 2 / 3))


def test_both_errors_are_the_scatter_of_the_combined_estimate():
    """Machines of scatter 2, each measured to 0.5, four at a time: 2000 combinations."""
    rng = np.random.default_rng(1)
    machines = rng.normal(0, 2, (2000, 4))
    combined = np.array([claims.combine(m, [0.5] * 4) for m in machines + rng.normal(0, 0.5, machines.shape)])
    assert combined[:, 0].std() == pytest.approx(np.hypot(2, 0.5) / 2, rel=0.06)  # 4 σ of a standard deviation
    assert np.sqrt(np.mean(combined[:, 2] ** 2)) == pytest.approx(np.hypot(2, 0.5) / 2, rel=0.06)
    np.testing.assert_allclose(combined[:, 1], 0.25)


def test_a_single_machine_has_no_seed_error():
    mean, stat, seed = claims.combine([2.0], [0.1])
    assert (mean, stat) == (2.0, 0.1)
    assert np.isnan(seed)


def test_an_infinite_estimate_of_one_seed_is_infinite_for_all():
    mean, stat, seed = claims.combine([inf, 2.3], [nan, 0.1])
    assert mean == inf
    assert np.isnan([stat, seed]).all()


@pytest.mark.parametrize(
    ("stat", "seed", "expected"), [(0.1, nan, 0.1), (0.1, 0.3, 0.3), (0.3, 0.1, 0.3), (nan, 0.2, 0.2), (nan, nan, nan)]
)
def test_the_standard_error_is_the_larger(stat, seed, expected):
    np.testing.assert_equal(claims.standard_error(stat, seed), expected)


def test_the_scatter_of_seeds_decides():
    """The same mean and the same statistical errors: seeds that scatter widely decide nothing."""
    for seeds, expected in (([2.5, 2.5, 2.5], "not reproduced"), ([1.9, 2.4, 3.2], "not diagnostic")):
        row = claims.row("C1", "T", (seeds, [0.01] * 3), 2.0, "exact", ("untrained", 5.0, 0.1), positive=False)
        assert row["estimate"] == pytest.approx(2.5)
        assert row["verdict"] == expected


def test_a_row_has_the_columns():
    row = claims.row("C1", "T", ([2.0, 2.2], [0.1, 0.1]), 2.0, "exact", ("untrained", 5.0, 0.1), positive=False)
    assert list(row) == claims.COLUMNS
    assert row == {
        "claim": "C1", "quantity": "T", "estimate": pytest.approx(2.1), "stat_err": pytest.approx(0.1 / np.sqrt(2)),
        "seed_err": pytest.approx(0.1), "reference": 2.0, "reference_source": "exact", "control": "untrained",
        "control_estimate": 5.0, "verdict": "reproduced",
    }  # fmt: skip


# --- the table --------------------------------------------------------------------------------------------------------


def readings_table(trained=(TC, TC + 0.02), untrained=inf):
    """Two seeds of a trained machine and one untrained, from three starts, at steps 0 and 30, two thermometers."""
    rows = []
    for start in (0.0, 2.269185, 4.0):
        for machine, seed, T, error in (
            ("deep", 0, trained[0], 0.01), ("deep", 1, trained[1], 0.01),
            ("untrained", 0, untrained, nan if np.isinf(untrained) else 0.01),
        ):  # fmt: skip
            for thermometer, shift in (("energy", 0), ("network", 7)):
                rows.append((machine, seed, start, 0, thermometer, 9 + shift, 0.01))
                rows.append((machine, seed, start, 30, thermometer, T + shift, error))
    return pd.DataFrame(rows, columns=["machine", "seed", "start", "step", "thermometer", "temperature", "error"])


def dimensions_table(flow=0.126, control=0.125):
    """Fits of Δ in units of its exact value / 0.125; the flow from T = 4 and the untrained machine are decoys."""
    rows = []
    for machine, seed, start, value in (
        ("Monte Carlo", 0, nan, control), ("deep", 0, 2.269185, flow), ("deep", 1, 2.269185, flow),
        ("deep", 0, 4.0, 9.0), ("untrained", 0, 2.269185, 9.0),
    ):  # fmt: skip
        for operator, scale in (("spin", 1), ("energy", 8)):
            rows += [(machine, seed, start, operator, fit, scale * value, scale * 0.001) for fit in ("plain", "torus")]
    return pd.DataFrame(rows, columns=["machine", "seed", "start", "operator", "fit", "dimension", "error"])


def map_of(source, contrast, noise, units=40):
    """Maps with a peak at the origin and a far value of 0.1."""
    maps = np.full((units, 4, 4), 0.1)
    maps[:, 0, 0] = 0.1 + contrast + noise * np.random.default_rng(units).normal(size=units)
    return xr.Dataset({"correlator": (("unit", "y", "x"), maps)}, attrs={"source": source})


RULE = map_of("average, layer 1", 0.4, 0.0)
MACHINE_MAPS = [map_of("deep", 0.4, 0.02), map_of("deep", 0.41, 0.02, 50), map_of("untrained-L32", 0.05, 0.01)]


def verdicts(table, claim):
    return table[table.claim == claim].verdict.tolist()


def test_the_table_has_all_columns_and_only_allowed_verdicts():
    table = claims.assess(readings_table(), dimensions_table(), RULE, MACHINE_MAPS)
    assert list(table) == claims.COLUMNS
    assert set(table.verdict) <= VERDICTS
    assert set(table.claim) == set(claims.STATEMENTS)
    assert (len(table), table.quantity.nunique()) == (7, 7)
    assert not table.quantity.str.contains("untrained").any()
    assert table.verdict.tolist() == ["reproduced"] * 7


def test_flows_are_judged_by_their_ends_and_by_the_energy_and_not_from_tc():
    table = claims.assess(readings_table(), dimensions_table(), RULE, MACHINE_MAPS)
    rows = table[table.claim == "C1"]
    assert rows.estimate.tolist() == pytest.approx([TC + 0.01] * 2)
    assert [("T0 = 0," in q, "T0 = 4," in q, "30 steps" in q) for q in rows.quantity] == [
        (True, False, True),
        (False, True, True),
    ]
    assert rows.reference.tolist() == [TC] * 2


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"trained": (3.0, 3.02)}, "not reproduced"),
        ({"trained": (inf, 2.3)}, "not reproduced"),
        ({"trained": (1.5, 3.0)}, "not diagnostic"),
        ({"untrained": TC + 0.01}, "not diagnostic"),
    ],
)
def test_other_flows_have_other_verdicts(evidence, expected):
    table = claims.assess(readings_table(**evidence), dimensions_table(), RULE, MACHINE_MAPS)
    assert verdicts(table, "C1") == [expected] * 2


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({"flow": 0.14}, "not reproduced"),
        ({"flow": nan}, "not diagnostic"),
        ({"control": 0.07}, "not diagnostic"),  # the plain fit at L = 10
        ({"control": 0.12, "flow": 0.134}, "reproduced"),
        ({"control": nan}, "not diagnostic"),
    ],
)
def test_other_dimensions_have_other_verdicts(evidence, expected):
    table = claims.assess(readings_table(), dimensions_table(**evidence), RULE, MACHINE_MAPS)
    assert verdicts(table, "C3") == verdicts(table, "C4") == [expected] * 2


@pytest.mark.parametrize(
    ("maps", "expected"),
    [
        ([map_of("deep", 0.3, 0.02), MACHINE_MAPS[2]], "not reproduced"),
        ([MACHINE_MAPS[0], map_of("untrained-L32", 0.4, 0.02)], "not diagnostic"),
        ([MACHINE_MAPS[0]], "not diagnostic"),  # no untrained machine
    ],
)
def test_other_maps_have_other_verdicts(maps, expected):
    assert verdicts(claims.assess(readings_table(), dimensions_table(), RULE, maps), "C5") == [expected]


def test_the_control_is_the_untrained_flow_from_the_same_start():
    readings = readings_table(untrained=9.0)
    readings.loc[(readings.machine == "untrained") & (readings.start == 4.0), "temperature"] = TC
    table = claims.assess(readings, dimensions_table(), RULE, MACHINE_MAPS)
    assert verdicts(table, "C1") == ["reproduced", "not diagnostic"]


def test_the_contrast_of_maps():
    noisy = map_of("deep", 0.4, 0.02)
    values = noisy.correlator.values[:, 0, 0] - 0.1
    expected = values.mean(), values.std(ddof=1) / np.sqrt(40)
    assert claims.contrast(noisy) == pytest.approx(expected)
    assert claims.contrast(-noisy.assign_attrs(source="deep")) == pytest.approx(expected)


def test_a_table_without_an_untrained_machine_decides_nothing_about_flows():
    readings = readings_table()
    table = claims.assess(readings[readings.machine != "untrained"], dimensions_table(), RULE, MACHINE_MAPS)
    assert verdicts(table, "C1") == ["not diagnostic"] * 2


def test_the_reference_of_the_maps_is_named_by_its_rule():
    rule = map_of("majority, layer 1", 0.4, 0.02)
    (row,) = claims.patches(rule, [map_of("deep", 0.1, 0.02), map_of("untrained", 0.1, 0.02)])
    assert row["reference_source"] == "majority, layer 1, same spins"
