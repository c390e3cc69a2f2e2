"""Exponents of the filter of a convolutional machine used as an RG rule, for all seeds."""

from functools import partial

from rbmrg import rng, store
from rbmrg.exponents import learned_filters
from rbmrg.machines import entries, weights
from rbmrg.progress import Progress

entry = entries.Entry(**snakemake.params.entry)
progress = Progress(f"exponents of {entry.name}", 1, snakemake.log[0])
stream = partial(rng.stream, "renormalise", snakemake.params.seed, "machine", entry.name)
trained = weights.by_seed(store.load(path, "machine") for path in snakemake.input.machines)
lattices = [store.load(path, "samples") for path in snakemake.input.spins]
exponents, matching = learned_filters.of_machine(lattices, entry, trained, stream)
store.write_table(exponents, snakemake.output.exponents)
store.write_table(matching, snakemake.output.matching)
progress(1)
