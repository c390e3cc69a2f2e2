"""The couplings in both layers of a machine, and in the blocks that its filter makes if it has but one."""

from functools import partial

import pandas as pd

from rbmrg import rng, store
from rbmrg.exponents import hamiltonians
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

settings = snakemake.params
entry = Entry(**settings.entry)
machines, [sample], blocks = ([*map(store.load, snakemake.input[name])] for name in ("machines", "spins", "blocks"))
progress = Progress(f"couplings of {entry.name}", len(machines), snakemake.log[0])
stream = partial(rng.stream, "couplings", settings.seed, entry.name)
tables = [hamiltonians.of_machine(machines, sample, settings.n, entry, stream, progress)]
tables += [hamiltonians.of_filters(machines, blocks, settings.layers, entry, stream)] if blocks else []
store.write_table(pd.concat(tables), snakemake.output[0])
