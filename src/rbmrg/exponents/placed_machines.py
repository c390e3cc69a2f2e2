"""Exponents of the one step that a dense machine makes, its hidden units placed on a lattice as well as they can be.

A negative control: such a machine fits on lattices of its own size only, so that its step has no second one to agree
with, and its hidden units need not have places at all.
"""

import pandas as pd

from rbmrg.exponents import mcrg
from rbmrg.exponents.named_rules import NO_PLACE
from rbmrg.layers import placement, sources
from rbmrg.rg.machine import Layer
from rbmrg.splits import portions

SHARE = 4  # a control needs no three digits: of each chain, the first part of as many


def of_machine(file, entry, machines, stream):
    """`mcrg.table` for all seeds of a dense machine, {seed: [RBM, …]}, with the columns of `renormalisation.of_rule`.

    `file`: configurations of the size of the machine; `stream(seed)`: the Generator of a seed.  `kind` is "placed", and
    `quality` that of `placement.place`.
    """
    chains = file.attrs["chains"]
    spins = file.spin[: chains * (len(file.spin) // chains // SHARE)]
    tables = []
    for seed, (machine, *_) in machines.items():
        placed, quality = placement.place(machine, entry.L)
        measured = mcrg.measure(portions(spins), Layer(placed), 1, stream(seed), chains)
        tables.append(mcrg.table(measured, entry.L).assign(seed=seed, quality=quality))
    columns = sources.of_machine(entry) | {"kind": "placed", "dial": NO_PLACE}
    return pd.concat(tables, ignore_index=True).assign(**columns)
