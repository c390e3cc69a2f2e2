"""Judge replicas of layers of known truth, RG rules and mixtures of their units, as layers of machines are judged."""

from functools import partial

from rbmrg import rg, rng, store
from rbmrg.progress import Progress
from rbmrg.trials import layers

settings = snakemake.params
progress = Progress("verdicts on known layers", settings.replicas, snakemake.log[0])
stream = partial(rng.stream, "trial", settings.seed, "layers")
rules = [rg.RULES[name] for name in settings.rules]
store.write_table(layers.judge(rules, settings.replicas, stream, progress), snakemake.output[0])
