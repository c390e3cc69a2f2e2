"""Maps, receptive fields and their statistics of one layer of a machine."""

from rbmrg import rng, store
from rbmrg.layers import assessment, sources
from rbmrg.machines import coarse_graining, entries, weights
from rbmrg.progress import Progress

entry = entries.Entry(**snakemake.params.entry)
seed, layer = int(snakemake.wildcards.seed), int(snakemake.wildcards.layer)
progress = Progress(f"map {entry.name} seed {seed} layer {layer}", 1, snakemake.log[0])
file = store.load(str(snakemake.input.spins), "samples")
stream = ["map", snakemake.params.seed, entry.name, seed, f"{file.attrs['T']:.6f}"]
trained = [weights.machine_of(store.load(path, "machine")) for path in snakemake.input.layers]
rules = coarse_graining.rules(entry, trained, layer)
measured, table = assessment.assess(file.spin.values, rules, rng.stream(*stream), 2**layer, blocks=entry.filters == 1)
source = sources.of_machine(entry) | {"L": entry.L, "layer": layer}
origin = {"seed": snakemake.params.seed, "stream": stream, "T": file.attrs["T"], "replica": seed}
store.save(measured, snakemake.output.map, schema="map", code=snakemake.params.code, **origin, **source)
store.write_table(table.assign(**source, seed=seed), snakemake.output.statistics)
progress(1)
