"""Train one more layer of a stack on the hidden units of the layers below."""

from rbmrg import rbm, rng, splits, store
from rbmrg.machines import entries, training, weights
from rbmrg.progress import Progress

machine, replica, layer = snakemake.params.machine, int(snakemake.wildcards.seed), int(snakemake.wildcards.layer)
below = [weights.machine_of(store.load(path, "machine")) for path in snakemake.input.below]
samples = [store.load(path, "samples").spin.values for path in snakemake.input.spins]
stream = ["train_layer", snakemake.params.seed, machine["name"], replica, layer]
random = rng.stream(*stream)
label = f"{machine['name']} seed {replica} layer {layer}"
try:
    trained = training.learn_layer(
        machine, layer,
        rbm.upwards(below, splits.mixture([*map(splits.training_part, samples)]), random, machine["states"]),
        rbm.upwards(below, splits.mixture([*map(splits.held_out_part, samples)]), random),
        random, progress=Progress(label, entries.steps(machine), snakemake.log[0]),
    )  # fmt: skip
except FloatingPointError as error:
    raise FloatingPointError(f"machine {label}: {error}") from error
store.save(
    trained, snakemake.output[0], schema="machine", code=snakemake.input.code, seed=snakemake.params.seed,
    stream=stream, machine=machine["name"], replica=replica, layer=layer, settings=machine,
)  # fmt: skip
