"""Read the temperatures of all layers of an RG rule, from configurations of several temperatures."""

import pandas as pd

from rbmrg import rg, rng, store
from rbmrg.layers import thermometry
from rbmrg.progress import Progress

rule, settings = snakemake.wildcards.rg_rule, snakemake.params
calibrations = {file.attrs["L"]: file for file in store.read(snakemake.input.calibrations)}
progress, tables = Progress(f"layers of {rule}", len(snakemake.input.spins), snakemake.log[0]), []
for path in snakemake.input.spins:
    file = store.load(path, "samples")
    spins, T = file.spin.values, file.attrs["T"]
    stream = rng.stream("coarse_grain", settings.seed, rule, settings.L, f"{T:.6f}")
    layers = [spins, *rg.iterate(spins, [rule] * settings.layers, stream)]
    tables.append(thermometry.follow(layers, calibrations).assign(kind="rule", source=rule, seed=0, T=T))
    progress(len(tables), f"T = {T:g}")
store.write_table(pd.concat(tables), snakemake.output[0])
