"""Calibrate the thermometers of lattices of one size, for the layers of RG rules and of machines."""

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.thermometers import curves_calibration

settings = snakemake.params
L = int(snakemake.wildcards.L)
progress = Progress(f"thermometers of L={L}", settings.epochs, snakemake.log[0])
stream = ["calibrate", settings.seed, L]
calibration = curves_calibration.calibrate(
    L, curves_calibration.nodes(L), settings.n, settings.hidden, settings.epochs, rng.stream(*stream),
    lambda epoch, loss: progress(epoch, f"loss = {loss:.4f}"),
)  # fmt: skip
store.save(
    calibration, snakemake.output[0], schema="calibration", code=snakemake.params.code, seed=settings.seed,
    stream=stream, L=L, n=settings.n,
)  # fmt: skip
