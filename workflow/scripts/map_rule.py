"""Maps, receptive fields and their statistics of one layer of an RG rule."""

from rbmrg import rg, rng, store
from rbmrg.layers import assessment, sources
from rbmrg.progress import Progress

rule, layer = rg.RULES[snakemake.wildcards.rg_rule], int(snakemake.wildcards.layer)
file = store.load(str(snakemake.input.spins), "samples")
L, T = int(snakemake.wildcards.L), file.attrs["T"]
progress = Progress(f"map {rule.NAME} L={L} layer {layer}", 1, snakemake.log[0])
stream = ["coarse_grain", snakemake.params.seed, rule.NAME, L, f"{T:.6f}"]
rules, factor = [rule] * layer, rule.FACTOR**layer
measured, table = assessment.assess(file.spin.values, rules, rng.stream(*stream), factor, blocks=True)
source = sources.of_rule(rule) | {"L": L, "layer": layer}
origin = {"seed": snakemake.params.seed, "stream": stream, "T": T, "replica": 0}
store.save(measured, snakemake.output.map, schema="map", code=snakemake.params.code, **origin, **source)
store.write_table(table.assign(**source, seed=0), snakemake.output.statistics)
progress(1)
