"""Verdicts: each branch of the rule, on evidence made up for it; the whole table on small synthetic tables."""

import numpy as np
import pandas as pd
import pytest

from rbmrg.exact import TC
from rbmrg.exponents import magnetisation as scaling
from rbmrg.report import claims

VERDICTS = {"reproduced", "not reproduced", "not diagnostic"}
nan, inf = np.nan, np.inf


def negative(estimate, error, control, control_error):
    """Against a control for which the claim should fail; the reference is 2."""
    return claims.verdict(estimate, error, 2.0, control, control_error, "negative")


def positive(estimate, error, control):
    """Against a control for which the claim holds by construction; the reference is 2."""
    return claims.verdict(estimate, error, 2.0, control, 0.01, "positive")


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


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((2.0, 0.01, 3.0), "reproduced"),
        ((2.0, 0.01, 2.0), "not diagnostic"),  # it agrees with both
        ((2.01, 0.01, 2.025), "not diagnostic"),
        ((2.01, 0.01, 2.031), "reproduced"),
        ((2.5, 0.01, 2.0), "not reproduced"),  # with neither
        ((2.5, 0.01, 2.5), "not reproduced"),  # with the rival alone
        ((2.0, 0.21, 5.0), "not diagnostic"),
        ((inf, nan, 2.0), "not reproduced"),
        ((2.0, 0.01, nan), "not diagnostic"),
    ],
)
def test_against_a_rival(evidence, expected):
    """Known exactly; the reference is 2."""
    estimate, error, rival = evidence
    assert claims.verdict(estimate, error, 2.0, rival, 0.0, "rival") == expected


@pytest.mark.parametrize("reference", [-0.5, 0.125, 1.0, 40.0])
def test_the_rule_has_no_scale_and_no_preferred_sign(reference):
    for estimate, error, expected in ((1.15, 0.08, "reproduced"), (1.17, 0.08, "not reproduced")):
        arguments = reference * estimate, abs(reference) * error, reference, 3 * reference, abs(reference) / 2
        assert claims.verdict(*arguments, "negative") == expected


@pytest.mark.parametrize("kind", ["negative", "positive", "rival"])
@pytest.mark.parametrize("reference", [nan, inf])
@pytest.mark.parametrize("control", [1.0, inf])
def test_without_a_finite_reference_nothing_is_told(reference, kind, control):
    for estimate in (1.0, inf):
        assert claims.verdict(estimate, 0.1, reference, control, 0.1, kind) == "not diagnostic"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((0.02, 0.01, 0.0), "reproduced"),  # of a reference of 0, there is no tenth
        ((0.021, 0.01, 0.0), "not reproduced"),
        ((0.021, 0.01, 0.01), "reproduced"),  # 2 √(0.01² + 0.01²) = 0.028
        ((0.2, 0.01, 0.02), "not reproduced"),
        ((0.2, 0.01, 0.031), "not diagnostic"),
        ((0.02, 0.031, 0.0), "not diagnostic"),
    ],
)
def test_another_tolerance_takes_the_place_of_the_tenth(evidence, expected):
    estimate, error, control = evidence
    assert claims.verdict(estimate, error, 0.0, control, 0.01, "positive", tolerance=0.03) == expected


def test_infinite_temperatures_are_not_the_reference():
    assert negative(inf, nan, 5.0, 0.1) == "not reproduced"
    assert positive(inf, nan, 2.0) == "not reproduced"
    assert negative(2.0, 0.1, inf, nan) == "reproduced"  # the untrained machine went to T = ∞: the test can tell
    assert negative(2.5, 0.1, inf, nan) == "not reproduced"


# --- seeds ------------------------------------------------------------------------------------------------------------


def test_the_scatter_of_seeds_decides():
    """The same mean and the same statistical errors: seeds that scatter widely decide nothing."""
    for seeds, expected in (([2.5, 2.5, 2.5], "not reproduced"), ([1.9, 2.4, 3.2], "not diagnostic")):
        row = claims.row("C1", "T", (seeds, [0.01] * 3), 2.0, "exact", ("untrained", 5.0, 0.1), "negative")
        assert row["estimate"] == pytest.approx(2.5)
        assert row["verdict"] == expected


def test_a_row_has_the_columns():
    row = claims.row("C1", "T", ([2.0, 2.2], [0.1, 0.1]), 2.0, "exact", ("untrained", 5.0, 0.1), "negative")
    assert list(row) == claims.COLUMNS
    assert row == {
        "claim": "C1", "quantity": "T", "estimate": pytest.approx(2.1), "stat_err": pytest.approx(0.1 / np.sqrt(2)),
        "seed_err": pytest.approx(0.1), "reference": 2.0, "reference_source": "exact", "control": "untrained",
        "control_estimate": 5.0, "verdict": "reproduced",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("estimate", "control", "other", "expected"),
    [
        (2.15, 5.0, {}, "not reproduced"),
        (2.15, 5.0, {"reference_error": 0.1}, "reproduced"),
        (2.25, 5.0, {"reference_error": 0.1}, "not reproduced"),  # 2 √(0.05² + 0.1²) = 0.22
        (2.0, 2.15, {}, "reproduced"),
        (2.0, 2.15, {"reference_error": 0.1}, "not diagnostic"),  # the control agrees, too
        (2.0, 5.0, {"reference_error": nan}, "not diagnostic"),
        (2.15, 5.0, {"spread": 0.1}, "reproduced"),
        (2.15, 5.0, {"spread": 0.01}, "not reproduced"),  # less than the standard error
        (2.15, 5.0, {"spread": 0.3}, "not diagnostic"),  # more than a tenth
        (2.15, 5.0, {"spread": 0.3, "tolerance": 1.5}, "reproduced"),
    ],
)
def test_errors_of_the_reference_and_spreads_count(estimate, control, other, expected):
    arguments = ([estimate], [0.05]), 2.0, "rule", ("untrained", control, 0.05), "negative"
    row = claims.row("C5", "overlap", *arguments, **other)
    assert row["verdict"] == expected
    assert row["stat_err"] == 0.05  # the table shows the machine's own


# --- the table --------------------------------------------------------------------------------------------------------


def points_table(ends=(TC, TC + 0.02), stationary=(True, True), T_mix=2.6, untrained=inf):
    """Fixed points of two seeds of a trained machine and of one untrained, as `fixed_points.fixed_point` gives them."""
    rows = [
        ("deep", seed, T if still else nan, 0.01 if still else nan, still, T_mix)
        for seed, (T, still) in enumerate(zip(ends, stationary, strict=True))
    ]
    rows.append(("untrained", 0, untrained, nan, True, TC))
    table = pd.DataFrame(rows, columns=["machine", "seed", "T", "T_error", "stationary", "T_mix"])
    return table.assign(length=1000)


WINDOWS = [(1.5, 2.2), scaling.WINDOW, (1.7, 2.2)]


def scans_table(flow=0.126, control=0.125):
    """Δm in three windows, of which the quoted one has the value given; others are decoys."""
    rows = []
    for machine, seed, value in (
        ("Monte Carlo", 0, control), ("shuffled", 0, 0.5), ("deep", 0, flow), ("deep", 1, flow),
    ):  # fmt: skip
        rows += [(*window, value + 9 * (window != scaling.WINDOW), 0.001, machine, seed) for window in WINDOWS]
    return pd.DataFrame(rows, columns=["lowest", "highest", "exponent", "error", "machine", "seed"])


def dimensions_table(plain=0.126, torus=0.126, plain_control=0.125, torus_control=0.125):
    """Fits of Δ in units of its exact value / 0.125; fits that are not quoted are decoys."""
    rows = []
    for machine, seed in (("Monte Carlo", 0), ("deep", 0), ("deep", 1), ("untrained", 0)):
        quoted = {
            ("grouped", "plain"): plain_control if machine == "Monte Carlo" else plain,
            ("end", "torus"): torus,
            ("equilibrium", "torus"): torus_control,
        }
        for operator, scale in (("spin", 1), ("energy", 8)):
            for ensemble in ("grouped", "end", "equilibrium"):
                for fit in ("plain", "torus"):
                    value = quoted.get((ensemble, fit), 9.0)
                    rows.append((operator, fit, scale * value, scale * 0.001, machine, seed, ensemble))
    return pd.DataFrame(rows, columns=["operator", "fit", "dimension", "error", "machine", "seed", "ensemble"])


SETS = [("contrast", "map", 1), ("contrast", "map", 2), ("moran", "map", 1), ("overlap", "field", 1),
        ("overlap", "field", 2), ("overlap", "map", 1)]  # fmt: skip


def statistics_table(L=32, deep=0.4, null=0.1, rule=0.4, spread=0.05, null_spread=0.05, rule_spread=0.01, drop=""):
    """Statistics of two seeds of a trained machine, of an untrained one and of RG rules; some rules are decoys."""
    sources = [
        ("machine", "deep", 0, deep, spread), ("machine", "deep", 1, deep, spread), ("rule", "majority", 0, 9.0, 0.1),
        ("rule", "average", 0, rule, rule_spread), ("machine", "untrained-L32", 0, null, null_spread),
    ]  # fmt: skip
    rows = [
        (kind, source, L, seed, layer, of, statistic, 256, mean, 0.005, width, (mean - rule) / np.hypot(width, 0.01))
        for statistic, of, layer in SETS
        for kind, source, seed, mean, width in sources
        if source != drop
    ]
    names = "kind source L seed layer of statistic units mean error spread separation"
    return pd.DataFrame(rows, columns=names.split()).assign(separation_error=0.1)


MAJORITY = {2.0: -0.2, TC: 0.02, 2.4: 0.2, 2.6: 0.4}  # changes of temperature in one step
AVERAGE = dict.fromkeys(MAJORITY, 9.0)  # another rule is no reference
UNTRAINED = dict.fromkeys(MAJORITY, 3.0)  # noise: everything is hot


def temperatures_table(deep=MAJORITY, null=UNTRAINED, rule=MAJORITY, gap=0.01, rule_gap=0.01, error=0.005):
    """Layer temperatures of two steps that change the temperature by so much each; `gap`: network less energy at Tc."""
    sources = [
        ("rule", "average", 0, AVERAGE, 9.0), ("rule", "majority", 0, rule, rule_gap),
        ("machine", "deep", 0, deep, gap), ("machine", "deep", 1, deep, gap),
        ("machine", "untrained-L32", 0, null, 9.0),
    ]  # fmt: skip
    rows = [
        (kind, source, seed, T, layer, 32 // 2**layer, name, T + (layer * step if layer else 0) + more)
        for kind, source, seed, steps, apart in sources
        for T, step in steps.items()
        for layer in range(3)
        for name, more in (("energy", 0), ("magnetisation", 0), ("network", apart if layer and T == TC else 0))
    ]
    names = ["kind", "source", "seed", "T", "layer", "L", "thermometer", "temperature"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(error=np.where(np.isfinite(table.temperature), error, nan))


def verdicts(table, claim):
    return table[table.claim == claim].verdict.tolist()


def assessed(points=None, scans=None, dimensions=None):
    """The rows of the trained machine, without those of maps and layers."""
    flows = points_table(**points or {}), scans_table(**scans or {}), dimensions_table(**dimensions or {})
    table = claims.assess(*flows, statistics_table()[:0], temperatures_table()[:0])
    assert set(table.claim) == {"C1", "C2", "C3", "C4"}
    return table[table.quantity.str.contains("deep")]


def test_the_table_has_all_columns_and_only_allowed_verdicts():
    evidence = points_table(), scans_table(), dimensions_table(), statistics_table(), temperatures_table()
    table = claims.assess(*evidence)
    assert list(table) == claims.COLUMNS
    assert set(table.verdict) <= VERDICTS
    assert set(table.claim) == set(claims.STATEMENTS)
    assert table.claim.is_monotonic_increasing
    assert table.quantity.is_unique
    mine = table[table.quantity.str.contains("deep")]
    assert mine.claim.value_counts().to_dict() == {"C1": 1, "C2": 1, "C3": 2, "C4": 2, "C5": 3, "C6": 4, "C7": 21}
    assert mine.verdict.tolist() == ["reproduced"] * 34
    control = table[table.quantity.str.contains("shuffled")]
    assert (control.claim.tolist(), control.estimate.tolist()) == (["C2"], [0.5])
    untrained = table[table.quantity.str.contains("untrained")]
    assert set(untrained.claim) == {"C1", "C2", "C3", "C4"}
    assert untrained.verdict[untrained.claim == "C1"].tolist() == ["not reproduced"]
    assert untrained.estimate[untrained.claim == "C2"].isna().all()


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
    assert len(claims.stationary(pd.concat([still, still.assign(stationary=False)]))) == 1
    moving = [still.assign(stationary=False)] * 2
    assert len(claims.stationary(pd.concat([still, *moving]))) == 0


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


# --- maps -------------------------------------------------------------------------------------------------------------


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


# --- temperatures -----------------------------------------------------------------------------------------------------


def changes_and_shares(**evidence):
    """Rows of changes of temperature, and of directions."""
    table = pd.DataFrame(claims.temperatures_moved(temperatures_table(**evidence)))
    share = table.quantity.str.startswith("share")
    return table[~share], table[share]


def test_changes_of_temperature_are_those_from_the_bottom():
    table = changes_and_shares()[0].set_index("quantity")
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
    changes, _ = changes_and_shares(**evidence)
    asked = changes.quantity.str.contains("T = 2.6 to layer 1")
    assert changes.verdict[asked].tolist() == [expected] * 3
    assert set(changes.verdict[changes.quantity.str.contains("T = 2 ")]) == {"reproduced"}


def test_a_lattice_of_another_size_is_no_reference():
    table = temperatures_table()
    other = (table.source == "deep") & (table.layer == 1)
    table.loc[other, "L"] = 31
    changes = [row for row in claims.temperatures_moved(table) if "layer 1" in row["quantity"]]
    assert {row["verdict"] for row in changes} == {"not diagnostic"}
    assert len(changes) == 10


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
    _, rows = changes_and_shares(**evidence)
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


def test_a_table_with_six_digits_has_Tc():
    table = temperatures_table()
    rounded = table.assign(T=table["T"].round(6))
    assert list(claims.disagreements(rounded)) == list(claims.disagreements(table))
    assert len(list(claims.temperatures_moved(rounded))) == 20
