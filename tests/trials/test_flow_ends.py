"""Ensembles of known truth, judged as the ends of flows: the verdicts are right; those of another ensemble are not."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from dimension_tables import with_totals

from rbmrg import exact
from rbmrg.lattice import TC, energy, magnetisation
from rbmrg.trials import cases, flow_ends
from rbmrg.trials.cases import CASES
from rbmrg.trials.summary import summaries

METHODS = with_totals(
    pd.DataFrame(
        [("spin", "torus", 0.123), ("spin", "amplitude", 0.127), ("energy", "amplitude", 1.0)],
        columns=["operator", "fit", "dimension"],
    ).assign(kind="monte carlo", machine="Monte Carlo", seed=0, ensemble="end", error=0.001)
)
REPLICAS = 8


@cache
def judged(name, n=200, replicas=REPLICAS):
    told = []
    generator = np.random.default_rng(list(CASES).index(name))
    rows = flow_ends.judge(name, 10, [0.0, TC, 5.9], n, replicas, METHODS, generator, told.append)
    assert told == list(range(1, replicas + 1))
    return rows


@pytest.mark.parametrize(
    ("name", "true"),
    [
        ("monte-carlo-Tc", {"C1": True, "C2": True, "C3": True, "C4": True}),
        ("monte-carlo-2.6", {"C1": False, "C2": True, "C3": False, "C4": False}),
        ("monte-carlo-2.2", {"C1": True, "C2": True, "C3": False, "C4": False}),
        ("shuffled", {"C1": False, "C2": False, "C3": False, "C4": False}),
        ("coins", {"C1": False, "C2": True, "C3": False, "C4": False}),
    ],
)
def test_the_truth_is_known_and_no_verdict_contradicts_it(name, true):
    """A verdict is wrong with 2.5 % at worst, at an edge of a region: two or more of 8 with 1.6 %, here far less."""
    rows = judged(name)
    assert rows.groupby("claim").truth.first().to_dict() == true
    known, power = summaries(rows)
    assert power.empty
    assert set(known.case) == {name}
    assert (known.replicas == REPLICAS).all()
    assert (known.wrong_share <= 1 / REPLICAS).all(), known
    told = known.set_index("claim").right_share
    assert (told[["C1"] if true["C3"] else ["C1", "C3", "C4"]] >= 0.5).all(), known
    assert known.verdict[known.claim == "C2"].item() != "not reproduced" or not true["C2"]


def test_of_another_ensemble_the_verdicts_are_wrong():
    """Negative control: what Monte Carlo data at 2.6 say would be wrong at Tc."""
    rows = judged("monte-carlo-2.6")
    known, _ = summaries(rows.assign(truth=True))
    wrong = known.set_index("claim").wrong_share
    assert (wrong[["C1", "C3", "C4"]] == 1).all()


def test_distances_are_for_the_table_of_power():
    rows = judged("monte-carlo-Tc+0.12")
    known, power = summaries(rows)
    assert known.empty
    found = power.set_index("claim")
    assert found.estimate["C1"] == pytest.approx(TC + 0.12, abs=0.03)
    assert found.truth.to_dict() == {"C1": "fails", "C2": "holds", "C3": "fails", "C4": "fails"}


def test_a_share_of_the_configurations_is_rearranged():
    """The energy of the mixture is that of its parts, and |m| that of the lattice, |z| < 4."""
    n = 20_000
    spins = flow_ends.draw(CASES["shuffled-0.4"], 10, n, np.random.default_rng(1))
    lattice = flow_ends.draw(CASES["monte-carlo-Tc"], 10, n, np.random.default_rng(1))
    m = magnetisation(lattice)
    shuffled = -2 * (100 * np.mean(m**2) - 1) / 99
    expected = 0.6 * exact.energy_per_spin(10, TC) + 0.4 * shuffled
    u = energy(spins) / 100
    assert abs(u.mean() - expected) < 4 * np.hypot(u.std(), 0.8 * np.std(2 * m**2)) / np.sqrt(n)
    np.testing.assert_array_equal(np.abs(magnetisation(spins)), np.abs(m))
    assert abs(u.mean() - exact.energy_per_spin(10, TC)) > 0.05


def test_cases_are_judged_one_after_the_other_and_each_has_its_own_stream():
    told = []
    starts = [0.0, 5.9]
    replicas = {"monte-carlo-2": 3, "shuffled": 2}

    def stream(name):
        return np.random.default_rng(len(name))

    rows = flow_ends.judge_all(replicas, 10, starts, 100, METHODS, stream, lambda *given: told.append(given))
    assert told == [(1, "monte-carlo-2"), (2, "monte-carlo-2"), (3, "monte-carlo-2"), (4, "shuffled"), (5, "shuffled")]
    alone = flow_ends.judge("shuffled", 10, starts, 100, 2, METHODS, stream("shuffled"))
    pd.testing.assert_frame_equal(rows[rows.case == "shuffled"].reset_index(drop=True), alone.reset_index(drop=True))


def test_the_parts_hold_every_case_once():
    names = [name for number in range(cases.PARTS) for name in cases.part(number)]
    assert sorted(names) == sorted(CASES)
    assert {case.replicas(200) for case in CASES.values()} == {200, 50}
    assert cases.Case(2.0, power=True).replicas(6) == 2
