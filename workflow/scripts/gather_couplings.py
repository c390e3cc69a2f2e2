"""The table of all couplings: of machines, of the ends of flows, of what rules make."""

from rbmrg import store
from rbmrg.progress import Progress

progress = Progress("table of couplings", 1, snakemake.log[0])
store.write_table(store.read_tables(list(snakemake.input)), snakemake.output[0])
progress(1)
