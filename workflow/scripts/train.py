"""Train one machine and measure its distance from its data along the way."""

from rbmrg import datasets, learning, rng, store
from rbmrg.progress import Progress
from rbmrg.rbm.recipes import resolve

machine, replica = snakemake.params.machine, int(snakemake.wildcards.seed)
samples = [store.load(path, "samples").spin.values for path in snakemake.input.spins]
stream = ["train", snakemake.params.seed, machine["name"], replica]
steps = resolve(machine["recipe"], **machine["options"]).steps
progress = Progress(f"{machine['name']} seed {replica}", steps, snakemake.log[0])
try:
    trained = learning.learn(
        datasets.mixture([datasets.training_part(spins) for spins in samples]),
        datasets.mixture([datasets.held_out_part(spins) for spins in samples]),
        [float(T) for T in machine["training"]], machine["recipe"], machine["hidden"], machine["options"],
        rngs=(rng.stream(*stream), rng.stream("likelihood", *stream[1:])),
        progress=lambda step, point: progress(step, f"KL = {point.kl:.4f}({point.error:.4f}) nat per spin"),
    )  # fmt: skip
except FloatingPointError as error:
    raise FloatingPointError(f"machine {machine['name']}, seed {replica}: {error}") from error
store.save(
    trained, snakemake.output[0], schema="machine", code=snakemake.input.code,
    seed=snakemake.params.seed, stream=stream, machine=machine["name"], replica=replica, settings=machine,
)  # fmt: skip
