"""Maps, receptive fields and their statistics of one layer of an RG rule."""

from rbmrg import rg, rng, store
from rbmrg.layers import assessment
from rbmrg.progress import Progress

rule, L, layer = snakemake.wildcards.rg_rule, int(snakemake.wildcards.L), int(snakemake.wildcards.layer)
progress = Progress(f"map {rule} L={L} layer {layer}", 1, snakemake.log[0])
file = store.load(str(snakemake.input.spins), "samples")
spins, T = file.spin.values, file.attrs["T"]
stream = ["coarse_grain", snakemake.params.seed, rule, L, f"{T:.6f}"]
lattices, means = ([spins, *rg.iterate(spins, [rule] * layer, random)] for random in (rng.stream(*stream), None))
measured, table = assessment.assess(lattices, means, rg.RULES[rule].FACTOR ** layer, blocks=True)
source = {"kind": "rule", "source": rule, "L": L, "layer": layer}
store.save(
    measured, snakemake.output.map, schema="map", code=snakemake.input.code, seed=snakemake.params.seed,
    stream=stream, T=T, replica=0, **source,
)  # fmt: skip
store.write_table(table.assign(**source, seed=0), snakemake.output.statistics)
progress(1)
