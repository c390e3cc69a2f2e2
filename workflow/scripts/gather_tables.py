"""One file of the tables of all machines, rules and data."""

from rbmrg import store
from rbmrg.progress import Progress

progress = Progress(f"table {snakemake.wildcards.table}", 1, snakemake.log[0])
store.write_table(store.read_tables(list(snakemake.input)), snakemake.output[0])
progress(1)
