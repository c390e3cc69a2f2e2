"""Exponents of an RG rule from its linearised matrix at each step."""

from rbmrg import rg, rng, store
from rbmrg.exponents import renormalisation
from rbmrg.progress import Progress

rule = rg.RULES[snakemake.wildcards.rg_rule]
progress = Progress(f"exponents of {rule.NAME}", 1, snakemake.log[0])
stream = rng.stream("renormalise", snakemake.params.seed, "rule", rule.NAME)
file = store.load(snakemake.input.spins, "samples")
store.write_table(renormalisation.of_rule(file, rule, stream), snakemake.output[0])
progress(1)
