"""Send held-out configurations of every start temperature through one machine."""

from rbmrg import rng, store
from rbmrg.flows import gibbs, snapshots
from rbmrg.machines import weights
from rbmrg.progress import Progress

settings = snakemake.params
name = settings.entry["name"]
replica = int(snakemake.wildcards.seed)
stream = ["flow", settings.seed, name, replica]
machine = weights.machine_of(store.load(snakemake.input.machine, "machine"))
starts = gibbs.held_out([store.load(path, "samples") for path in snakemake.input.spins], settings.n)
steps = snapshots.steps(settings.length)
progress = Progress(f"flow {name} seed {replica}", len(starts), snakemake.log[0])
flows = gibbs.from_starts(machine, starts, steps, lambda T: rng.stream(*stream, T), progress)
store.save(
    flows, snakemake.output[0], schema="flow", code=snakemake.params.code, seed=settings.seed, stream=stream,
    machine=name, replica=replica, entry=settings.entry,
)  # fmt: skip
