"""Replicas of one trial of error bars: estimates beside truths."""

from functools import partial

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.trials import errors

settings = snakemake.params
name = snakemake.wildcards.trial
progress = Progress(f"errors of {name}", settings.replicas, snakemake.log[0])
stream = partial(rng.stream, "trial", settings.seed, "errors", name)
store.write_table(errors.run(name, settings.replicas, stream, progress), snakemake.output[0])
