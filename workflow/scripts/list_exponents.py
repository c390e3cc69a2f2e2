"""One table of the exponents of all rules and machines, and one of matched lattices."""

from rbmrg import store
from rbmrg.progress import Progress

progress = Progress("exponents", 1, snakemake.log[0])
store.write_table(store.read_tables(snakemake.input.exponents), snakemake.output.exponents)
store.write_table(store.read_tables(snakemake.input.matching), snakemake.output.matching)
progress(1)
