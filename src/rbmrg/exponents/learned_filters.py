"""Rows of the table of exponents of machines with one filter, which is used as an RG rule."""

import pandas as pd

from rbmrg.exponents import renormalisation
from rbmrg.layers import sources
from rbmrg.rbm import convolutional
from rbmrg.rg import filters


def of_machine(file, entry, machines, stream):
    """The columns of `renormalisation.of_rule` for each seed of a machine, {seed: [RBM]}.

    `dial` is the place of the filter on it.  `stream(seed)`: the Generator of a seed.
    """
    tables = []
    for seed, (machine,) in machines.items():
        rule = filters.of_machine(convolutional.shared(machine, entry.L, 1, entry.resolved_recipe.size))
        own = sources.of_machine(entry) | {"seed": seed, "dial": filters.place(rule.weights)}
        tables.append(renormalisation.measured(file, rule, stream(seed)).assign(**own))
    return pd.concat(tables, ignore_index=True)
