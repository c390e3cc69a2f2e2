"""The couplings of the configurations at the ends of the flows of a machine."""

from rbmrg import store
from rbmrg.exponents import hamiltonians
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

entry = Entry(**snakemake.params.entry)
points = store.read(snakemake.input.points)
flows = (store.load(path, "flow") for path in snakemake.input.flows)
progress = Progress(f"couplings at the ends of {entry.name}", len(points), snakemake.log[0])
store.write_table(hamiltonians.of_flows(flows, points, entry, progress), snakemake.output[0])
