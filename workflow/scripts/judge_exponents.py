"""Judge replicas of rules whose exponents are known as learned filters are judged."""

from functools import partial

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.trials import exponents

settings = snakemake.params
progress = Progress("verdicts on known exponents", settings.replicas, snakemake.log[0])
stream = partial(rng.stream, "trial", settings.seed, "exponents")
store.write_table(exponents.judge(settings.replicas, settings.majority, stream, progress), snakemake.output[0])
