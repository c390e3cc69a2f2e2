"""The tables of exponents and of matched lattices of machines with one filter, which is used as an RG rule."""

import pandas as pd

from rbmrg.exponents import renormalisation
from rbmrg.layers import sources
from rbmrg.rbm import convolutional
from rbmrg.rg import filters


def of_machine(lattices, entry, machines, stream):
    """The tables of `renormalisation.of_rule` for all seeds of a machine, {seed: [RBM]}.

    `dial` is the place of the filter on it.  `stream(seed)`: the Generator of a seed.
    """
    found = []
    for seed, (machine,) in machines.items():
        rule = filters.of_machine(convolutional.shared(machine, entry.L, 1, entry.resolved_recipe.size))
        own = sources.of_machine(entry) | {"seed": seed, "dial": filters.place(rule.weights)}
        found.append(renormalisation.tables(lattices, rule, stream(seed), **own))
    return [pd.concat(tables, ignore_index=True) for tables in zip(*found, strict=True)]
