"""Calibrate the thermometers of lattices of one size, for the layers of RG rules and of machines."""

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.thermometers import curves_calibration

settings = snakemake.params
L = int(snakemake.wildcards.L)
temperatures = curves_calibration.nodes(L)
progress = Progress(f"thermometers of L={L}", len(temperatures), snakemake.log[0])
stream = ["calibrate", settings.seed, L]
calibration = curves_calibration.calibrate(L, temperatures, settings.n, rng.stream(*stream), progress)
store.save(
    calibration, snakemake.output[0], schema="calibration", code=snakemake.params.code, seed=settings.seed,
    stream=stream, n=settings.n,
)  # fmt: skip
