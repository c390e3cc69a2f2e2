"""Train the paper's network thermometer on the configurations of all its temperatures."""

import numpy as np

from rbmrg import rng, splits, store
from rbmrg.progress import Progress
from rbmrg.thermometers import posteriors

settings, replica = snakemake.params, int(snakemake.wildcards.seed)
files = [store.load(path, "samples") for path in snakemake.input.spins]
parts = [splits.training_part(file.spin.values) for file in files]
smallest = min(map(len, parts))
stream = ["thermometer", settings.seed, replica]
progress = Progress(f"thermometer seed {replica}", settings.epochs, snakemake.log[0])
network = posteriors.train_network(
    np.stack([part[:smallest] for part in parts]), [file.attrs["T"] for file in files],
    settings.hidden, settings.epochs, rng.stream(*stream),
    progress=lambda epoch, loss: progress(epoch, f"cross-entropy {loss:.4f} nat"),
)  # fmt: skip
store.save(
    network, snakemake.output[0], schema="thermometer", code=snakemake.input.code,
    seed=settings.seed, stream=stream, hidden=settings.hidden, epochs=settings.epochs,
)  # fmt: skip
