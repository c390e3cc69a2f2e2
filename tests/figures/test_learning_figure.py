"""Learning curves are told apart by what an entry says: recipe, control, training mixture and size."""

import dataclasses
import json

import numpy as np
import pytest
import xarray as xr
from drawn import has, points, render
from synthetic_machines import CRITICAL, ENTRIES, FULL, ONE

from rbmrg.figures import learning
from rbmrg.machines.entries import Entry


def course(entry, seed, steps, kl=0.3):
    """A machine as the workflow writes it, without weights."""
    n = len(steps)
    return xr.Dataset(
        {"kl": ("step", kl / (1 + np.arange(n))), "kl_error": ("step", np.full(n, 0.01)),
         "ess": ("step", np.ones(n)), "method": ("step", ["annealing"] * n)},
        coords={"step": list(steps)},
        attrs={"machine": entry.name, "replica": seed, "entry": json.dumps(dataclasses.asdict(entry))},
    )  # fmt: skip


def machines(names, steps, kl=0.3):
    return [course(ENTRIES[name], seed, steps, kl) for name, seeds in names.items() for seed in range(seeds)]


def texts(axis):
    return [text.get_text() for text in axis.texts]


def test_learning():
    given = machines(FULL, [0, 100, 200, 400]) + machines({"closed": 1}, [0], kl=0.0)
    figure, numbers = learning.draw(given)
    render(figure)
    at_tc, mixture = figure.axes
    assert at_tc.get_title(loc="left") == "trained at $T_c$, $L=10$"
    assert mixture.get_title(loc="left") == "trained on 0–5.9, $L=10$"
    assert len(numbers) == 9 * 4 + 1
    assert sorted(texts(at_tc)) == ["best", "paper", "pcd", "permuted"]
    assert sorted(texts(mixture)) == ["paper", "pcd"]
    assert numbers.groupby("machine").shown.any().to_dict() == dict.fromkeys(FULL, True) | {"closed": False}
    assert not numbers.shown[numbers.step == 0].any()


def test_all_seeds_and_their_median_are_drawn():
    seeds = [course(ENTRIES["alpha"], seed, [0, 100, 200], kl=kl) for seed, kl in enumerate([0.3, 0.9, 0.4])]
    figure, numbers = learning.draw(seeds)
    [axis] = figure.axes
    shown = points(axis, "o")
    assert all(has(shown, row.step, row.kl) for row in numbers[numbers.shown].itertuples())
    [median] = [line for line in axis.lines if line.get_linestyle() == "-"]
    np.testing.assert_allclose(median.get_xydata(), [[100, 0.2], [200, 0.4 / 3]])


@pytest.mark.parametrize("kl", [0.0, -0.001, np.nan, np.inf])
def test_a_distance_without_a_logarithm(kl):
    render(learning.draw(machines(ONE, [0, 100], kl=kl))[0], layout=np.isnan(kl))


@pytest.mark.parametrize("steps", [[0, 100], [0, 1], [0]])
def test_the_learning_of_one_machine(steps):
    render(learning.draw(machines(ONE, steps))[0], layout=steps == [0])


def test_a_figure_reads_the_same_in_an_entry_as_a_table_says():
    entries = [entry for entry in ENTRIES.values() if entry.steps]
    table = learning.described([dataclasses.asdict(entry) for entry in entries])
    assert table.to_dict("records") == [entry.columns for entry in entries]


def test_machines_of_another_lattice_are_in_the_numbers_only():
    entries = [
        Entry("a", 10, CRITICAL, "cd1-decay", 81),
        Entry("b", 10, CRITICAL, "cd1-decay", 64),
        Entry("g", 10, CRITICAL, "paper", 81),
        Entry("c", 32, CRITICAL, "cd1-decay", [256, 64]),
    ]
    figure, numbers = learning.draw([course(entry, 0, [0, 100]) for entry in entries])
    [axis] = figure.axes
    assert sorted(texts(axis)) == ["a", "b", "paper"]
    assert numbers.groupby("machine").shown.any().to_dict() == {"a": True, "b": True, "g": True, "c": False}
