"""The tables of exponents and of matched lattices of machines with one filter, which is used as an RG rule."""

import pandas as pd

from rbmrg.exponents import named_rules, renormalisation


def of_machine(lattices, entry, machines, stream):
    """The tables of `renormalisation.of_rule` for all seeds of a machine, {seed: [RBM]}.

    `dial` is the place of the filter on it.  `stream(seed)`: the Generator of a seed.
    """
    named = named_rules.of_machine(entry, machines)
    found = [renormalisation.tables(lattices, rule, stream(own["seed"]), **own) for own, rule in named]
    return [pd.concat(tables, ignore_index=True) for tables in zip(*found, strict=True)]
