"""Judge replicas of cases of known truth as the ends of flows are judged."""

from functools import partial

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.trials import cases, flow_ends

settings = snakemake.params
names = cases.part(int(snakemake.wildcards.part))
replicas = {name: cases.CASES[name].replicas(settings.replicas) for name in names}
fits = store.read(snakemake.input.dimensions)
progress = Progress("verdicts on known ends", sum(replicas.values()), snakemake.log[0])
starts = [float(T) for T in settings.starts]
stream = partial(rng.stream, "trial", settings.seed, "verdicts")
methods = fits[fits.kind == "monte carlo"]
store.write_table(
    flow_ends.judge_all(replicas, settings.L, starts, settings.n, methods, stream, progress), snakemake.output[0]
)
