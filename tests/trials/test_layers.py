"""Layers of known truth: what judges them is made up or of other configurations, and mixtures are what they say."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rg, rng, sampling
from rbmrg.lattice import TC
from rbmrg.layers import assessment
from rbmrg.trials import layers
from rbmrg.trials.summary import summaries

NAMES = ("patch", "moran")
MAJORITY = rg.RULES["majority"]


def measured(**means):
    """What `layers.measure` finds of fields, both statistics with the same mean; 400 units all have it."""
    rows = []
    values = {}
    for name, mean in means.items():
        source = name.replace("_", " ")
        kind = "rule" if source in rg.RULES else "machine"
        own = xr.DataArray(
            np.full((1, 2, 400), mean), {"of": ["field"], "statistic": list(NAMES)}, ("of", "statistic", "u")
        )
        attributes = {"kind": kind, "source": source, "L": 12, "layer": 1, "replica": 0}
        values[source] = xr.Dataset({"statistic_value": own}, attrs=attributes)
        control = "untrained" if source == layers.NULL else "none"
        rows += [(kind, source, control, 0, 12, 1, "field", statistic, mean, 0.001) for statistic in NAMES]
    columns = ["kind", "source", "control", "seed", "L", "layer", "of", "statistic", "mean", "error"]
    return pd.DataFrame(rows, columns=columns).assign(units=400), values


def answers(own, judges):
    rows = layers.by_others(*measured(**own), *measured(**judges)).assign(replica=0)
    known, _ = summaries(layers.with_truth(rows))
    return known.set_index(["case", "claim"])


RULES = {"average": 1.0, "rescaled": 1.0, "majority": 0.97, "decimation": 0.99}
JUDGES = RULES | {"another_untrained_machine": 0.1}


def test_rules_that_are_alike_pass_and_an_untrained_machine_does_not():
    found = answers(JUDGES | {"untrained": 0.12}, JUDGES)
    assert (found.right_share == 1).all()
    assert found.truth["untrained", "C5"] == "fails"
    assert found.truth["majority, by the other rules", "C6"] == "holds"
    assert len(found) == 10


def test_a_layer_is_judged_by_other_data_than_its_own():
    """Its own are as the other rules' would be; those that judge are not."""
    found = answers(JUDGES, {name: value - 0.5 for name, value in JUDGES.items()})
    assert set(found.verdict) == {"not reproduced"}


def test_a_rule_is_not_judged_by_its_own_twin():
    table, _ = measured(average=1.0, rescaled=1.0, majority=0.97, another_untrained_machine=0.1)
    assert set(layers.without(table, "average").source) == {"majority", layers.NULL}
    assert set(layers.without(table, "majority").source) == {"average", "rescaled", layers.NULL}


def test_a_statistic_by_which_a_rule_is_another_cannot_tell():
    judges = {"average": 1.0, "majority": 0.97, "decimation": 0.4, "another_untrained_machine": 0.1}
    found = answers(judges | {"untrained": 0.1}, judges)
    assert set(found.verdict) == {"not diagnostic"}
    assert len(found) == 8


def test_a_mixture_has_the_units_of_the_rule_in_another_order_and_with_other_signs():
    layer = layers.Mixture(MAJORITY, 16, 0, np.random.default_rng(1))
    spins = sampling.sample(8, 2.0, 50, rng=3)
    found, own = (rule.apply(spins, np.random.default_rng(4)) for rule in (layer, MAJORITY))
    assert (found != own).any()
    flat = [units.reshape(50, -1).astype(float) for units in (found, own)]
    np.testing.assert_array_equal(*[units @ units.T for units in flat])  # overlaps know neither order nor signs
    np.testing.assert_array_equal(layer.apply(spins, np.random.default_rng(4)), found)  # the order is kept


@pytest.mark.parametrize("replaced", [0, 3, 36])
def test_so_many_units_of_a_mixture_are_no_blocks(replaced):
    layer = layers.Mixture(MAJORITY, 36, replaced, np.random.default_rng(5))
    [(found, _)] = assessment.assess(sampling.sample(12, TC, 4000, rng=6), [layer], np.random.default_rng(7), 2, False)
    mass = found.statistic_value.sel(of="field", statistic="patch").values
    assert ((mass > 0.8).sum(), (mass < 0.3).sum()) == (36 - replaced, replaced)


def test_truths_of_mixtures():
    """C6 by the number of units; C5 and C7 by the mean over replicas, of each quantity."""
    columns = ["claim", "source", "quantity", "replica", "estimate", "region_low", "region_high"]
    one, two, four, *_ = layers.MIXTURES
    rows = [("C6", two, "q", 0, 0.1, 0.9, np.inf), ("C6", four, "q", 0, 1.0, 0.9, np.inf),
            ("C5", one, "q", 0, 0.85, 0.9, 1.1), ("C5", one, "q", 1, 0.97, 0.9, 1.1),
            ("C7", one, "a", 0, 1.0, 0.5, 2.0), ("C7", one, "b", 0, 0.4, 0.5, 2.0),
            ("C5", layers.RELABELLED, "q", 0, 0.0, 0.9, 1.1),
            ("C7", layers.UNTRAINED, "q", 0, 1.0, 0.5, 2.0)]  # fmt: skip
    found = layers.with_truth(pd.DataFrame(rows, columns=columns)).drop_duplicates(["claim", "case"])
    assert found.set_index(["claim", "case"])[["truth", "power"]].apply(tuple, axis=1).to_dict() == {
        ("C6", two): (True, True), ("C6", four): (False, True), ("C5", one): (True, True), ("C7", one): (False, True),
        ("C5", layers.RELABELLED): (True, False), ("C7", layers.UNTRAINED): (False, False),
    }  # fmt: skip


def judge(side, n, calibrated, names):
    """Two replicas of some of the CASES on lattices of this side."""
    told = []
    units = (side // 2) ** 2
    counts = {layers.RELABELLED: 0, layers.UNTRAINED: units, **{name: units // 2 for name in layers.MIXTURES}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers, "L", side)
        patch.setattr(layers, "UNITS", units)
        patch.setattr(layers, "N", n)
        patch.setattr(layers, "CALIBRATED", calibrated)
        patch.setattr(layers, "CASES", {name: counts[name] for name in names})
        rules = [rg.RULES[name] for name in ("average", "majority", "decimation")]
        rows = layers.judge(rules, 2, partial(rng.stream, "test", 3), told.append)
    assert told == [1, 2]
    return rows


HALF = list(layers.MIXTURES)[-1]  # of the units are untrained
SOME = [layers.RELABELLED, HALF, layers.UNTRAINED]


@pytest.fixture(scope="module")
def judged():
    """With so few units that a share of 1 is not seen to be more than 0.9: C6 cannot tell."""
    return judge(8, 2000, 100, SOME)


def check(rows, decided):
    """No verdict is wrong, and those of `decided`, {case: claims}, are right."""
    known, power = summaries(rows)
    assert (known.wrong_share == 0).all()
    rules = {f"{rule}, by the other rules" for rule in ("average", "majority", "decimation")}
    assert set(known.case) == rules | {layers.RELABELLED, layers.UNTRAINED}
    found = known.set_index(["case", "claim"]).right_share
    assert all(found[case, claim] == 1 for case, claims in decided.items() for claim in claims)
    assert set(power.case) == {HALF}
    assert set(power.claim) == {"C5", "C6", "C7"}
    assert (power.wrong_share == 0).all()


def test_no_verdict_on_known_layers_is_wrong(judged):
    check(judged, {layers.UNTRAINED: ["C5", "C7"], layers.RELABELLED: ["C5"]})
    assert set(judged[judged.claim == "C6"].verdict) == {"not diagnostic"}


@pytest.mark.long
def test_verdicts_on_known_layers_are_right_with_as_many_units_and_configurations_as_in_a_study():
    rows = judge(layers.L, layers.N, layers.CALIBRATED, SOME)
    check(rows, {layers.UNTRAINED: ["C5", "C6", "C7"], layers.RELABELLED: ["C5", "C6", "C7"]})


def test_a_relabelled_layer_moves_as_the_rule_does(judged):
    """The same reading but for the coins of ties: ratios of 1 within four of their errors."""
    rows = judged[(judged.case == layers.RELABELLED) & (judged.claim == "C7")]
    assert rows.quantity.nunique() == 4  # two temperatures, two thermometers
    assert ((rows.estimate - 1).abs() < 4 * rows.error).all()
    assert (rows.error < 0.3).all()
