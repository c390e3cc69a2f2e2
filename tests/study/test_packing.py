"""Chains of short jobs are packed in their order until there is enough to do; long ones are alone."""

from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml

from rbmrg.study import packing, reading

CONFIG = Path(__file__).parents[2] / "config"


def test_packs_have_enough_to_do_and_follow_the_order():
    """However long the chains are, short, long or none at all."""
    rng = np.random.default_rng(1)
    for length in range(1, 60):
        minutes = dict(enumerate(packing.ENOUGH * rng.exponential(rng.choice([0.01, 0.3, 3.0]), length)))
        packs = packing.packed("x", minutes)
        assert list(packs) == list(minutes)
        work = [sum(minutes[key] for key in keys) for _, keys in groupby(packs, packs.get)]
        assert len(work) == len(set(packs.values()))
        if len(work) > 1:
            assert min(work) >= packing.ENOUGH
        closed = [list(keys) for _, keys in groupby(packs, packs.get)][:-1]
        assert all(sum(minutes[key] for key in keys[:-1]) < packing.ENOUGH for keys in closed)  # none waits for more
    assert packing.packed("x", {}) == {}


@pytest.fixture
def packs():
    """`packs(name, spans)`: the packs of a released study in a workflow whose profile has these `group-components`."""

    def of(name, spans=(packing.SPANNED,)):
        study = reading.read(yaml.safe_load((CONFIG / f"{name}.yaml").read_text()))
        settings = SimpleNamespace(group_components=dict.fromkeys(spans, 1000))
        workflow = SimpleNamespace(parent_groupids={}, group_settings=settings)
        return study, packing.Packs(study, workflow), workflow.parent_groupids

    return of


def seed(machine, number):
    return SimpleNamespace(machine=machine, seed=str(number))


def test_a_long_job_is_alone(packs):
    _, default, _ = packs("default")
    group = default.short("maps", lambda wildcards: wildcards.minutes)
    assert group(SimpleNamespace(minutes=0.9 * packing.ENOUGH)) == "maps"
    assert group(SimpleNamespace(minutes=packing.ENOUGH)) is None


@pytest.mark.parametrize("name", ["default", "paper"])
def test_every_chain_of_a_study_is_in_one_pack_that_profiles_span(packs, name):
    study, made, spanned = packs(name)
    chains = {made.chain(seed(machine.name, number)) for machine in study.machines for number in range(machine.seeds)}
    readings = {made.reading(SimpleNamespace(machine=machine.name)) for machine in study.machines}
    samples = {made.sample(SimpleNamespace(L=str(group.L), T=T)) for group in study.samples for T in group.temperatures}
    assert {name: packing.SPANNED for name in chains | readings | samples} == spanned
    assert len(chains) + len(readings) + len(samples) == len(spanned)
    assert len(chains) < sum(machine.seeds for machine in study.machines)


def test_seeds_that_train_for_minutes_are_not_together(packs):
    _, paper, _ = packs("paper")
    together = [
        len({paper.chain(seed(machine, number)) for number in range(3)}) < 3
        for machine in ("paper-Tc-L32", "cd1-Tc-L32", "exact-Tc", "cd1-Tc-L16-steps-300")
    ]
    assert together == [False, False, True, True]


def test_without_a_profile_that_spans_packs_nothing_is_grouped(packs):
    _, default, _ = packs("default", spans=["something else"])
    assert default.chain(seed("paper-Tc", 0)) is None
    assert default.short("tables")(None) is None
