"""Rows of an ablation: the base stands among the machines that vary it, in the order of the values."""

from types import SimpleNamespace

from rbmrg.machines.entries import Entry
from rbmrg.study import ablation


def machine(name, variation=None, **options):
    """What `ablation.rows` reads of a machine of a study."""
    entry = Entry(name, 8, ["2.269185"], "paper", 16, options=options)
    return SimpleNamespace(name=name, variation=variation, entry=entry)


def test_the_rows_of_an_ablation_have_the_base_among_its_variations():
    machines = [
        machine("base", l1=0.1),
        machine("a", variation=("l1", "0.01")),
        machine("b", variation=("l1", "0.5")),
        machine("c", variation=("recipe", "pcd")),
        machine("d", variation=("zero_biases", "true")),
        machine("e", variation=("training", "2.0")),
        machine("other"),
    ]
    assert ablation.rows(machines, "base") == [
        ["a", "l1", "0.01", "base"],
        ["base", "l1", "0.1", "base"],
        ["b", "l1", "0.5", "base"],
        ["base", "recipe", "paper", "base"],
        ["c", "recipe", "pcd", "base"],
        ["base", "zero_biases", "false", "base"],
        ["d", "zero_biases", "true", "base"],
        ["e", "training", "2.0", "base"],
        ["base", "training", "2.269", "base"],
    ]
    assert ablation.rows([machine("other")], "other") == []
