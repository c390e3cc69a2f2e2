"""Read the flows of a machine: every thermometer at every step, where they end, the groups of the network's classes."""

from rbmrg import store
from rbmrg.exponents import flow_classes
from rbmrg.flows import reading
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

entry = Entry(**snakemake.params.entry)
networks = [store.load(path, "thermometer") for path in snakemake.input.networks]
levels = store.load(snakemake.input.levels, "magnetisation")
files = snakemake.input.flows
energies = [float(store.load(path, "machine").data_energy) for path in snakemake.input.machines]
progress = Progress(f"temperatures of {entry.name}", len(files), snakemake.log[0])
grouped = flow_classes.group_all((store.load(path, "flow") for path in files), networks[0], entry.columns)
flows = (store.load(path, "flow") for path in files)
tables = reading.read_all(flows, energies, networks, levels, entry, progress)
for key, table in {**tables, "groups": grouped.groups, "scans": grouped.scans}.items():
    store.write_table(table, snakemake.output[key])
origin = {"code": snakemake.params.code, **entry.columns}
store.save(grouped.correlators, snakemake.output.correlators, schema="correlators", **origin)
