"""Compare the ends of the flows of a machine with equilibrium and data: observables, correlators, momentum space."""

from rbmrg import rng, store
from rbmrg.flows import ends
from rbmrg.machines import entries, weights
from rbmrg.progress import Progress

settings = snakemake.params
entry = entries.Entry(**settings.entry)
flows = (store.load(path, "flow") for path in snakemake.input.flows)
machines = (weights.machine_of(store.load(path, "machine")) for path in snakemake.input.machines)
points = store.read(snakemake.input.points)
progress = Progress(f"equilibrium of {entry.name}", len(points), snakemake.log[0])
tables, correlators = ends.compare_all(
    flows, machines, points, entry, settings.n, lambda stage, *key: rng.stream(stage, settings.seed, *key), progress
)
for key, table in tables.items():
    store.write_table(table, snakemake.output[key])
attributes = {"code": snakemake.params.code, "seed": settings.seed, **entry.columns}
store.save(correlators, snakemake.output.correlators, schema="correlators", **attributes)
