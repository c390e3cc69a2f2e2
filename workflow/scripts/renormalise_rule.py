"""Exponents of an RG rule from its linearised matrix at each step."""

from rbmrg import rg, rng, store
from rbmrg.exponents import renormalisation
from rbmrg.progress import Progress

rule = rg.RULES[snakemake.wildcards.rg_rule]
progress = Progress(f"exponents of {rule.NAME}", 1, snakemake.log[0])
stream = rng.stream("renormalise", snakemake.params.seed, "rule", rule.NAME)
lattices = [store.load(path, "samples") for path in snakemake.input.spins]
exponents, matching = renormalisation.of_rule(lattices, rule, stream)
store.write_table(exponents, snakemake.output.exponents)
store.write_table(matching, snakemake.output.matching)
progress(1)
