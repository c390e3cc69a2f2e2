"""The table of all machines and layers: how each was made, and how far it is from its data."""

from rbmrg import store
from rbmrg.machines import training
from rbmrg.progress import Progress

progress = Progress("table of machines", 1, snakemake.log[0])
store.write_table(
    training.summary([store.load(path, "machine") for path in snakemake.input.machines]), snakemake.output[0]
)
progress(1)
