"""Judge RG rules as machines are judged: each by the others, and one with its units relabelled."""

from functools import partial

import pandas as pd

from rbmrg import rg, rng, store
from rbmrg.progress import Progress
from rbmrg.trials import rules

files = snakemake.input
settings = snakemake.params
progress = Progress("verdicts on RG rules", settings.replicas, snakemake.log[0])
by_the_others = rules.by_the_others(store.read(files.statistics), store.read(files.maps))
critical, *samples = (store.load(path, "samples") for path in (*files.critical, *files.spins))
calibrations = {file.attrs["L"]: file for file in store.read(files.calibrations)}
relabelled = rules.relabelled(
    samples, critical, rg.RULES["majority"], store.read(files.majority), calibrations, settings.replicas,
    partial(rng.stream, "trial", settings.seed), progress,
)  # fmt: skip
store.write_table(pd.concat([by_the_others, relabelled], ignore_index=True), snakemake.output[0])
