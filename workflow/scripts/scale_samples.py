"""Exponents of raw configurations from two sizes, without a renormalisation group."""

from rbmrg import store
from rbmrg.exponents import renormalisation
from rbmrg.progress import Progress

progress = Progress("finite-size scaling", 1, snakemake.log[0])
lattices = [store.load(path, "samples") for path in snakemake.input.spins]
store.write_table(renormalisation.finite_size(lattices), snakemake.output[0])
progress(1)
