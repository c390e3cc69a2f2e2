"""Exponents of a rule on the dial between majority and decimation."""

from rbmrg import rng, store
from rbmrg.exponents import renormalisation
from rbmrg.progress import Progress

settings = snakemake.params
progress = Progress(f"exponents of dial {settings.dial:g}", 1, snakemake.log[0])
stream = rng.stream("renormalise", settings.seed, "dial", snakemake.wildcards.x)
file = store.load(snakemake.input.spins, "samples")
store.write_table(renormalisation.of_dial(file, settings.dial, stream), snakemake.output[0])
progress(1)
