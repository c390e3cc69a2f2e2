"""Maps, receptive fields and their statistics of the layers of an RG rule."""

from rbmrg import rg, rng, store
from rbmrg.layers import assessment, sources
from rbmrg.progress import Progress

rule = rg.RULES[snakemake.wildcards.rg_rule]
file = store.load(str(snakemake.input.spins), "samples")
source = sources.of_rule(rule) | {"L": int(snakemake.wildcards.L)}
progress = Progress(f"map {rule.NAME} L={source['L']}", 1, snakemake.log[0])
stream = ["coarse_grain", snakemake.params.seed, rule.NAME, source["L"], f"{file.attrs['T']:.6f}"]
origin = {"seed": snakemake.params.seed, "stream": stream, "T": file.attrs["T"], "replica": 0}
rules = [rule] * len(snakemake.output.maps)
found = assessment.assess(file.spin.values, rules, rng.stream(*stream), rule.FACTOR, blocks=True)
for k, (measured, table) in enumerate(found):
    layer = source | {"layer": k + 1}
    store.save(measured, snakemake.output.maps[k], schema="map", code=snakemake.params.code, **origin, **layer)
    store.write_table(table.assign(**layer, seed=0), snakemake.output.statistics[k])
progress(1)
