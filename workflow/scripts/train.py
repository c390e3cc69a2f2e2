"""Make one machine, or the lowest layer of a stack, and measure its distance from its data along the way."""

from rbmrg import rng, splits, store
from rbmrg.machines import entries, training
from rbmrg.progress import Progress

machine, replica = snakemake.params.machine, int(snakemake.wildcards.seed)
samples = [store.load(path, "samples").spin.values for path in snakemake.input.spins]
stream = ["train", snakemake.params.seed, machine["name"], replica]
try:
    trained = training.learn(
        machine,
        splits.mixture([*map(splits.training_part, samples)]),
        splits.mixture([*map(splits.held_out_part, samples)]),
        rngs=[rng.stream(stage, *stream[1:]) for stage in ("train", "likelihood", "sites")],
        progress=Progress(f"{machine['name']} seed {replica}", entries.steps(machine), snakemake.log[0]),
    )
except FloatingPointError as error:
    raise FloatingPointError(f"machine {machine['name']}, seed {replica}: {error}") from error
store.save(
    trained, snakemake.output[0], schema="machine", code=snakemake.input.code, seed=snakemake.params.seed,
    stream=stream, machine=machine["name"], replica=replica, layer=1, settings=machine,
)  # fmt: skip
