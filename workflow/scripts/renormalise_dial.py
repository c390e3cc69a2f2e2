"""Exponents of a rule on the dial between majority and decimation."""

from rbmrg import rng, store
from rbmrg.exponents import renormalisation
from rbmrg.progress import Progress

settings = snakemake.params
progress = Progress(f"exponents of dial {settings.dial:g}", 1, snakemake.log[0])
stream = rng.stream("renormalise", settings.seed, "dial", snakemake.wildcards.x)
lattices = [store.load(path, "samples") for path in snakemake.input.spins]
exponents, matching = renormalisation.of_dial(lattices, settings.dial, stream)
store.write_table(exponents, snakemake.output.exponents)
store.write_table(matching, snakemake.output.matching)
progress(1)
