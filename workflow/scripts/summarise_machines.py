"""The table of all machines and layers: how each was made, and how far it is from its data."""

from rbmrg import store
from rbmrg.machines import summary
from rbmrg.progress import Progress

progress = Progress("table of machines", 1, snakemake.log[0])
files = (store.load(path, "machine") for path in snakemake.input.machines)
store.write_table(summary.table(files), snakemake.output[0])
progress(1)
