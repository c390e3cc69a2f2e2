"""Learning curves are told apart by what an entry says: recipe, control, training mixture, size and options."""

import dataclasses
import json

import numpy as np
import pytest
import xarray as xr
from drawn import labels, render, titles
from synthetic_machines import CRITICAL, ENTRIES, FULL, ONE, PANELS

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


def test_learning():
    given = machines(FULL, [0, 100, 200, 400]) + machines({"closed": 1}, [0], kl=0.0)
    figure, numbers = learning.draw(given)
    render(figure)
    assert titles(figure) == PANELS
    assert len(numbers) == 9 * 4 + 1
    assert labels(figure.legends[0]) == ["$T_c$", "0–5.9", "permuted, $T_c$", "pcd, $T_c$"]


@pytest.mark.parametrize("kl", [0.0, -0.001, np.nan, np.inf])
def test_a_distance_without_a_logarithm(kl):
    render(learning.draw(machines(ONE, [0, 100], kl=kl))[0], layout=np.isnan(kl))


@pytest.mark.parametrize("steps", [[0, 100], [0, 1], [0]])
def test_the_learning_of_one_machine(steps):
    render(learning.draw(machines(ONE, steps))[0], layout=steps == [0])


def test_a_figure_reads_the_same_in_an_entry_as_a_table_says():
    entries = [entry for entry in ENTRIES.values() if entry.steps]
    table, usual = learning.described([dataclasses.asdict(entry) for entry in entries])
    assert table.drop(columns="details").to_dict("records") == [entry.columns for entry in entries]
    assert usual == 10


def test_machines_of_one_recipe_and_training_differ_in_their_labels():
    entries = [
        Entry("a", 10, CRITICAL, "cd1-decay", 81, options={"steps": 3000}),
        Entry("b", 10, CRITICAL, "cd1-decay", 64, options={"steps": 3000}),
        Entry("c", 32, CRITICAL, "cd1-decay", [256, 64], options={"steps": 3000}),
        Entry("d", 32, CRITICAL, "cd1-decay", [256, 64], options={"steps": 3000, "l1": 0.01}),
        Entry("e", 16, CRITICAL, "cd1-decay", 64),
        Entry("f", 16, CRITICAL, "cd1-decay", 64),
        Entry("g", 10, CRITICAL, "paper", 81),
    ]
    figure, _ = learning.draw([course(entry, 0, [0, 100]) for entry in entries])
    render(figure, layout=False)
    cd1, _ = figure.axes
    assert titles(figure) == ["cd1-decay", "others"]
    found = labels(figure.legends[0])
    assert found == [
        "$T_c$, hidden = 81", "$T_c$, hidden = 64", "$T_c$, $L=32$", "$T_c$, $L=32$, l1 = 0.01", "$T_c$, $L=16$, e",
        "$T_c$, $L=16$, f", "paper, $T_c$",
    ]  # fmt: skip
    curves = [line for line in cd1.lines if len(line.get_xdata())]
    assert len({line.get_marker() for line in curves}) == len(entries) - 1
    assert len({line.get_color() for line in curves}) == 1
    lines = {line.get_label(): line.get_linestyle() for line in figure.legends[0].get_lines()}
    assert {label for label, dash in lines.items() if dash == "-"} == {"paper, $T_c$"}
    assert lines["$T_c$, $L=32$"] != lines["$T_c$, $L=32$, l1 = 0.01"]
