"""Group Monte Carlo data, and data that are wrong on purpose, as the flows are grouped."""

from rbmrg import rng, splits, store
from rbmrg.exponents import monte_carlo
from rbmrg.progress import Progress
from rbmrg.thermometers import classes

progress = Progress("groups of Monte Carlo data", 1, snakemake.log[0])
network = store.load(snakemake.input.network, "thermometer")
mixture = classes.held_out_data(store.load(path, "samples") for path in snakemake.input.spins)
at_tc = splits.held_out_part(store.load(str(snakemake.input.critical), "samples").spin).values
stream = ["sites", snakemake.params.seed, "groups"]
found = monte_carlo.group_all(mixture, at_tc, network, rng.stream(*stream))
store.write_table(found.groups, snakemake.output.groups)
store.write_table(found.scans, snakemake.output.scans)
store.save(
    found.correlators, snakemake.output.correlators, schema="correlators", code=snakemake.params.code,
    seed=snakemake.params.seed, stream=stream,
)  # fmt: skip
progress(1)
