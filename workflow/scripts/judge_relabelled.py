"""Judge the majority rule with its units relabelled as machines are judged, by the change of temperature."""

from functools import partial

from rbmrg import rg, rng, store
from rbmrg.progress import Progress
from rbmrg.trials import rules

settings = snakemake.params
progress = Progress("verdicts on relabelled units", settings.replicas, snakemake.log[0])
files = (*snakemake.input.critical, *snakemake.input.spins)
critical, *samples = (store.load(path, "samples") for path in files)
calibrations = {file.attrs["L"]: file for file in store.read(snakemake.input.calibrations)}
majority = rg.RULES["majority"]
temperatures = store.read(snakemake.input.temperatures)
stream = partial(rng.stream, "trial", settings.seed)
table = rules.relabelled(samples, critical, majority, temperatures, calibrations, settings.replicas, stream, progress)
store.write_table(table, snakemake.output[0])
