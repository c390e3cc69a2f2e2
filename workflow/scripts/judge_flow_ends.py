"""Judge replicas of a case of known truth as the ends of flows are judged."""

from rbmrg import rng, store
from rbmrg.progress import Progress
from rbmrg.trials import flow_ends

settings = snakemake.params
case = snakemake.wildcards.case
fits = store.read(snakemake.input.dimensions)
methods = fits[fits.kind == "monte carlo"]
progress = Progress(f"verdicts on {case}", settings.replicas, snakemake.log[0])
starts = [float(T) for T in settings.starts]
generator = rng.stream("trial", settings.seed, "verdicts", case)
rows = flow_ends.judge(case, settings.L, starts, settings.n, settings.replicas, methods, generator, progress)
store.write_table(rows, snakemake.output[0])
