"""How often the error bars of every analysis cover the truth."""

from rbmrg import coverage, store
from rbmrg.progress import Progress

progress = Progress("coverage", 1, snakemake.log[0])
store.write_table(coverage.table(store.read_tables(list(snakemake.input))), snakemake.output[0])
progress(1)
