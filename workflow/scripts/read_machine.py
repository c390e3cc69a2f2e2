"""Read the temperatures of all layers of a machine, from configurations of several temperatures, with signs fixed."""

import pandas as pd

from rbmrg import rg, rng, store
from rbmrg.layers import thermometry
from rbmrg.machines import coarse_graining, weights
from rbmrg.progress import Progress

name, settings = snakemake.wildcards.machine, snakemake.params
calibrations = {file.attrs["L"]: file for file in store.read(snakemake.input.calibrations)}
critical, *files = (store.load(path, "samples") for path in (*snakemake.input.critical, *snakemake.input.spins))
layers = [weights.machine_of(store.load(path, "machine")) for path in snakemake.input.layers]
depth, tables = len(layers) // settings.seeds, []
progress = Progress(f"layers of {name}", settings.seeds, snakemake.log[0])


def units(file, seed):
    """The units of every layer of a machine, given the configurations of `file`: those of its maps."""
    steps = coarse_graining.rules(settings.machine, layers[seed * depth : (seed + 1) * depth], settings.layers)
    stream = rng.stream("map", settings.seed, name, seed, f"{file.attrs['T']:.6f}")
    return list(rg.iterate(file.spin.values, steps, stream))


for seed in range(settings.seeds):
    signs = [thermometry.gauge(hidden, critical.spin.values) for hidden in units(critical, seed)]
    for file in files:
        lattices = [hidden * sign for hidden, sign in zip(units(file, seed), signs, strict=True)]
        table = thermometry.follow([file.spin.values, *lattices], calibrations)
        tables.append(table.assign(kind="machine", source=name, seed=seed, T=file.attrs["T"]))
    progress(seed + 1)
store.write_table(pd.concat(tables), snakemake.output[0])
