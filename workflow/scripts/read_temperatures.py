"""Read every thermometer at every step of a flow."""

from rbmrg import calibration, store
from rbmrg.progress import Progress

name, replica = snakemake.wildcards.machine, int(snakemake.wildcards.seed)
progress = Progress(f"temperatures {name} seed {replica}", 1, snakemake.log[0])
network = store.load(snakemake.input.network, "thermometer")
readings, histograms = calibration.read_flow(store.load(snakemake.input.flow, "flow"), network)
for table, path in ((readings, snakemake.output.readings), (histograms, snakemake.output.histograms)):
    table.insert(0, "machine", name)
    table.insert(1, "seed", replica)
    store.write_table(table, path)
progress(1)
