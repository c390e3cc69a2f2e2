"""Send held-out configurations of every start temperature through one machine."""

from functools import partial

from rbmrg import rng, store
from rbmrg.flows import gibbs, snapshots
from rbmrg.machines import weights
from rbmrg.progress import Progress

settings = snakemake.params
stream = ["flow", settings.seed, settings.entry["name"], int(snakemake.wildcards.seed)]
machine = weights.machine_of(store.load(snakemake.input.machine, "machine"))
starts = gibbs.held_out([store.load(path, "samples") for path in snakemake.input.spins], settings.n)
progress = Progress(f"flow {stream[-2]} seed {stream[-1]}", len(starts), snakemake.log[0])
flows = gibbs.from_starts(machine, starts, snapshots.steps(settings.length), partial(rng.stream, *stream), progress)
store.save(
    flows, snakemake.output[0], schema="flow", code=snakemake.input.code, seed=settings.seed, stream=stream,
    machine=stream[-2], replica=stream[-1], entry=settings.entry,
)  # fmt: skip
