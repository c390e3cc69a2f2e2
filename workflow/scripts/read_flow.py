"""Read the flows of a machine: every thermometer at every step, where they end, the groups of the network's classes."""

from rbmrg import store
from rbmrg.exponents import flow_classes
from rbmrg.flows import reading
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

entry = Entry(**snakemake.params.entry)
flows, machines, networks = (store.read(snakemake.input[name]) for name in ("flows", "machines", "networks"))
levels = store.load(snakemake.input.levels, "magnetisation")
energies = [float(machine.data_energy) for machine in machines]
progress = Progress(f"temperatures of {entry.name}", len(flows), snakemake.log[0])
grouped = flow_classes.group_all(flows, networks[0], entry.columns)
tables = reading.read_all(flows, energies, networks, levels, entry, progress)
for key, table in {**tables, "groups": grouped.groups, "scans": grouped.scans}.items():
    store.write_table(table, snakemake.output[key])
attributes = {"code": snakemake.params.code, **entry.columns}
store.save(grouped.correlators, snakemake.output.correlators, schema="correlators", **attributes)
