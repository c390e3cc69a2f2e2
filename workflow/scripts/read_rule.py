"""Read the temperatures of all layers of an RG rule, from configurations of several temperatures."""

from functools import partial

from rbmrg import rg, rng, store
from rbmrg.layers import readings
from rbmrg.progress import Progress

rule = rg.RULES[snakemake.wildcards.rg_rule]
settings = snakemake.params
progress = Progress(f"layers of {rule.NAME}", len(snakemake.input.spins), snakemake.log[0])
calibrations = {file.attrs["L"]: file for file in store.read(snakemake.input.calibrations)}
samples = (store.load(path, "samples") for path in snakemake.input.spins)
stream = partial(rng.stream, "coarse_grain", settings.seed, rule.NAME, settings.L)
table = readings.read_rule(samples, rule, settings.layers, calibrations, stream, progress)
store.write_table(table, snakemake.output[0])
