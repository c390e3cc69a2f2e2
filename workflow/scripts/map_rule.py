"""Maps, receptive fields and their statistics of the layers of an RG rule."""

from rbmrg import rg, rng, store
from rbmrg.layers import assessment, sources
from rbmrg.progress import Progress

rule = rg.RULES[snakemake.wildcards.rg_rule]
L = int(snakemake.wildcards.L)
progress = Progress(f"map {rule.NAME} L={L}", 1, snakemake.log[0])
file = store.load(str(snakemake.input.spins), "samples")
stream = ["coarse_grain", snakemake.params.seed, rule.NAME, L, f"{file.attrs['T']:.6f}"]
origin = {"seed": snakemake.params.seed, "stream": stream, "T": file.attrs["T"], "replica": 0}
rules = [rule] * len(snakemake.output.maps)
found = assessment.assess(file.spin.values, rules, rng.stream(*stream), rule.FACTOR, blocks=True)
for k, (measured, table) in enumerate(sources.named(found, sources.of_rule(rule), L)):
    store.save(measured, snakemake.output.maps[k], schema="map", code=snakemake.params.code, **origin)
    store.write_table(table.assign(seed=0), snakemake.output.statistics[k])
progress(1)
