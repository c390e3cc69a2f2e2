"""Make one machine, or the lowest layer of a stack, and measure its distance from its data along the way."""

from rbmrg import rng, store
from rbmrg.machines import training
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

entry = Entry(**snakemake.params.entry)
replica = int(snakemake.wildcards.seed)
key = [snakemake.params.seed, entry.name, replica]
progress = Progress(f"{entry.name}, seed {replica}", entry.steps, snakemake.log[0])
samples = [store.load(path, "samples").spin.values for path in snakemake.input.spins]
rngs = [rng.stream(stage, *key) for stage in ("train", "likelihood", "sites")]
with training.named(progress.label):
    trained = training.learn(entry, *training.parts(samples), rngs, progress)
store.save(
    trained, snakemake.output[0], schema="machine", code=snakemake.params.code, seed=snakemake.params.seed,
    stream=["train", *key], machine=entry.name, replica=replica, layer=1, entry=snakemake.params.entry,
)  # fmt: skip
