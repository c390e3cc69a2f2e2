"""Hold the claims of a study against the released ones, row by row."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import comparison

progress = Progress("comparison", 1, snakemake.log[0])
table = comparison.compare(store.read(snakemake.input.claims), store.read(snakemake.input.released))
store.write_table(table, snakemake.output[0])
progress(1)
