"""Train the paper's network thermometer on the configurations of all its temperatures."""

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.thermometers import classes, posteriors

settings = snakemake.params
replica = int(snakemake.wildcards.seed)
spins, temperatures = classes.training_data(store.load(path, "samples") for path in snakemake.input.spins)
stream = ["thermometer", settings.seed, replica]
progress = Progress(f"thermometer seed {replica}", settings.epochs, snakemake.log[0])
network = posteriors.train_network(
    spins, temperatures, settings.hidden, settings.epochs, rng.stream(*stream),
    progress=lambda epoch, loss: progress(epoch, f"cross-entropy {loss:.4f} nat"),
)  # fmt: skip
store.save(
    network, snakemake.output[0], schema="thermometer", code=snakemake.params.code,
    seed=settings.seed, stream=stream, hidden=settings.hidden, epochs=settings.epochs,
)  # fmt: skip
