"""Send held-out configurations of every start temperature through one machine."""

from rbmrg import rng, splits, store
from rbmrg.flows import gibbs
from rbmrg.machines import weights
from rbmrg.progress import Progress

settings, name, replica = snakemake.params, snakemake.wildcards.machine, int(snakemake.wildcards.seed)
machine = weights.machine_of(store.load(snakemake.input.machine, "machine"))
files, steps = [store.load(path, "samples") for path in snakemake.input.spins], gibbs.snapshots(settings.length)
progress = Progress(f"flow {name} seed {replica}", len(files), snakemake.log[0])
stream = ["flow", settings.seed, name, replica]
flows = {}
for done, file in enumerate(files):
    start = splits.held_out_part(file.spin.values)[: settings.n]
    T = file.attrs["T"]
    flows[T] = gibbs.run(machine, start, steps, rng.stream(*stream, f"{T:.6f}"))
    progress(done + 1, f"from T = {T:g}")
store.save(
    gibbs.dataset(flows, steps), snakemake.output[0], schema="flow", code=snakemake.input.code,
    seed=settings.seed, stream=stream, machine=name, replica=replica,
)  # fmt: skip
