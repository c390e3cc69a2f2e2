"""Energy, specific heat and magnetisation of all samples, beside the exact values."""

from rbmrg import observables, store
from rbmrg.progress import Progress

progress = Progress("observables", len(snakemake.input.spins), snakemake.log[0])
samples = (store.load(path, "samples") for path in snakemake.input.spins)
store.write_table(observables.table(samples, progress), snakemake.output[0])
