"""The couplings of the blocks that an RG rule makes, layer by layer, from configurations of several temperatures."""

from functools import partial

from rbmrg import rg, rng, store
from rbmrg.exponents import hamiltonians
from rbmrg.progress import Progress

rule = rg.RULES[snakemake.wildcards.rg_rule]
settings = snakemake.params
samples = (store.load(path, "samples") for path in snakemake.input.spins)
progress = Progress(f"couplings of {rule.NAME}", len(snakemake.input.spins), snakemake.log[0])
stream = partial(rng.stream, "couplings", settings.seed, "rule", rule.NAME)
store.write_table(hamiltonians.of_rule(rule, samples, settings.layers, stream, progress), snakemake.output[0])
