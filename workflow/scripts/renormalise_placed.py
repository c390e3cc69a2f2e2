"""Exponents of the one step of a dense machine whose hidden units are placed on a lattice, for all seeds."""

from functools import partial

from rbmrg import rng, store
from rbmrg.exponents import placed_machines
from rbmrg.machines import entries, weights
from rbmrg.progress import Progress

entry = entries.Entry(**snakemake.params.entry)
progress = Progress(f"exponents of {entry.name}, placed", 1, snakemake.log[0])
stream = partial(rng.stream, "renormalise", snakemake.params.seed, "placed", entry.name)
trained = weights.by_seed(store.load(path, "machine") for path in snakemake.input.machines)
spins = store.load(snakemake.input.spins, "samples")
store.write_table(placed_machines.of_machine(spins, entry, trained, stream), snakemake.output[0])
progress(1)
