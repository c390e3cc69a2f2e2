"""Train one more layer of a stack on the hidden units of the layers below."""

from rbmrg import rng, store
from rbmrg.machines import training, weights
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

entry = Entry(**snakemake.params.entry)
replica = int(snakemake.wildcards.seed)
layer = int(snakemake.wildcards.layer)
stream = ["train_layer", snakemake.params.seed, entry.name, replica, layer]
progress = Progress(f"{entry.name}, seed {replica}, layer {layer}", entry.steps, snakemake.log[0])
below = [weights.machine_of(store.load(path, "machine")) for path in snakemake.input.below]
samples = [store.load(path, "samples").spin.values for path in snakemake.input.spins]
with training.named(progress.label):
    trained = training.learn_layer(entry, below, *training.parts(samples), rng.stream(*stream), progress)
store.save(
    trained, snakemake.output[0], schema="machine", code=snakemake.params.code, seed=snakemake.params.seed,
    stream=stream, machine=entry.name, replica=replica, layer=layer, entry=snakemake.params.entry,
)  # fmt: skip
