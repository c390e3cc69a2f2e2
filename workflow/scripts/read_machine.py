"""Read the temperatures of all layers of a machine, from configurations of several temperatures, with signs fixed."""

from functools import partial

from rbmrg import rng, store
from rbmrg.layers import readings
from rbmrg.machines import coarse_graining, entries, weights
from rbmrg.progress import Progress

entry = entries.Entry(**snakemake.params.entry)
settings = snakemake.params
progress = Progress(f"layers of {entry.name}", settings.seeds, snakemake.log[0])
calibrations = {file.attrs["L"]: file for file in store.read(snakemake.input.calibrations)}
critical, *samples = (store.load(path, "samples") for path in (*snakemake.input.critical, *snakemake.input.spins))
trained = weights.by_seed(store.load(path, "machine") for path in snakemake.input.layers)
layers = {seed: coarse_graining.rules(entry, machines, settings.layers) for seed, machines in trained.items()}
stream = partial(rng.stream, "map", settings.seed, entry.name)
table = readings.read_machine(samples, critical, layers, calibrations, stream, entry, progress)
store.write_table(table, snakemake.output[0])
