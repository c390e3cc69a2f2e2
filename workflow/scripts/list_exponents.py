"""One table of the exponents of all rules and machines."""

from rbmrg import store
from rbmrg.progress import Progress

progress = Progress("exponents", 1, snakemake.log[0])
store.write_table(store.read_tables(list(snakemake.input)), snakemake.output[0])
progress(1)
