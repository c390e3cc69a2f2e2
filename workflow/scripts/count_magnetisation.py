"""Count |m| at the temperatures of the thermometers: the |m| thermometer."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.thermometers import classes, posteriors

progress = Progress("magnetisation thermometer", 1, snakemake.log[0])
spins, temperatures = classes.training_data(store.load(path, "samples") for path in snakemake.input.spins)
levels = posteriors.magnetisation_table(spins, temperatures)
store.save(levels, snakemake.output[0], schema="magnetisation", code=snakemake.params.code)
progress(1)
