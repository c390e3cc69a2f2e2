"""Entries of a study: what follows from one before anything is trained."""

import json
from dataclasses import asdict

import pytest

from rbmrg.machines.entries import Entry
from rbmrg.machines.kinds import KINDS


def entry(recipe="paper", training=("2.269185",), **others):
    return Entry("made", 8, list(training), recipe, **others)


@pytest.mark.parametrize(
    ("made", "control"),
    [
        (entry(), "none"),
        (entry(options={"steps": 0}), "untrained"),
        (entry(options={"steps": 0}, sites="shuffled"), "untrained"),
        (entry(sites="permuted"), "permuted"),
        (entry(sites="shuffled"), "shuffled"),
        (entry(sites="independent"), "independent"),
        (entry("exact"), "none"),  # no steps, but nothing to train either
        (entry("checkerboard"), "none"),
    ],
)
def test_the_control_is_read_from_steps_and_sites_not_from_the_name(made, control):
    assert made.control == control
    assert made.columns["control"] == control


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (entry("exact"), "the Ising model"),
        (entry("checkerboard"), "the Ising model"),
        (entry(), "the paper's recipe"),
        (entry("paper", options={"l1": 0.01}), "dense, with a penalty"),
        (entry("best"), "dense"),
        (entry("convolutional"), "shared filters"),
        (entry(options={"steps": 0}), "untrained"),
        (entry(sites="shuffled"), "shuffled"),
    ],
)
def test_the_kind_that_a_claim_is_answered_for(made, kind):
    assert made.kind == kind
    assert kind in KINDS or kind == made.control


@pytest.mark.parametrize(
    ("training", "temperatures", "mixture"),
    [
        (["2.269185"], [2.269185], "2.269185"),
        (["0.000000", "5.900000"], [0, 5.9], "0 to 5.9, 2 temperatures"),
        ([f"{k / 10:.6f}" for k in range(60)], [k / 10 for k in range(60)], "0 to 5.9, 60 temperatures"),
    ],
)
def test_training_temperatures_as_numbers_and_in_words(training, temperatures, mixture):
    made = entry(training=training)
    assert made.temperatures == pytest.approx(temperatures, abs=1e-12)
    assert made.mixture == mixture
    assert made.columns == {"machine": "made", "recipe": "paper", "training": mixture, "control": "none"}


@pytest.mark.parametrize(
    ("made", "closed_form", "steps", "filters", "layer_sizes"),
    [
        (entry(hidden=81), False, 10_000, 0, [81]),
        (entry(hidden=[36, 9], options={"steps": 5}), False, 5, 0, [36, 9]),
        (entry("convolutional", options={"filters": 3}), False, 30_000, 3, [None]),
        (entry("exact"), True, 0, 0, [None]),
    ],
)
def test_steps_filters_and_layers(made, closed_form, steps, filters, layer_sizes):
    assert made.is_closed_form == closed_form
    assert made.steps == steps
    assert made.filters == filters
    assert made.layer_sizes == layer_sizes


def test_options_are_put_into_the_recipe():
    assert entry(options={"l1": 0.5}).resolved_recipe.l1 == 0.5
    for wrong in (entry("exact"), entry("papr"), entry(options={"step": 5})):
        with pytest.raises(ValueError):
            _ = wrong.resolved_recipe


def test_an_entry_comes_back_from_the_attribute_of_a_file():
    made = entry(hidden=[36, 9], options={"steps": 5}, states="means", sites="permuted")
    assert Entry(**json.loads(json.dumps(asdict(made)))) == made
