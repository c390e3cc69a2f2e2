"""Judge replicas of Hamiltonians of known truth as those of machines, hidden layers and blocks are judged."""

from functools import partial

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.trials import couplings

settings = snakemake.params
progress = Progress("verdicts on known couplings", settings.replicas, snakemake.log[0])
stream = partial(rng.stream, "trial", settings.seed, "couplings")
store.write_table(couplings.judge(settings.replicas, stream, progress), snakemake.output[0])
