"""Maps, receptive fields and their statistics of the layers of a machine."""

from rbmrg import rng, store
from rbmrg.layers import assessment, sources
from rbmrg.machines import coarse_graining, entries, weights
from rbmrg.progress import Progress

entry = entries.Entry(**snakemake.params.entry)
seed = int(snakemake.wildcards.seed)
progress = Progress(f"map {entry.name} seed {seed}", 1, snakemake.log[0])
file = store.load(str(snakemake.input.spins), "samples")
stream = ["map", snakemake.params.seed, entry.name, seed, f"{file.attrs['T']:.6f}"]
origin = {"seed": snakemake.params.seed, "stream": stream, "T": file.attrs["T"], "replica": seed}
trained = [weights.machine_of(store.load(path, "machine")) for path in snakemake.input.layers]
rules = coarse_graining.rules(entry, trained, len(snakemake.output.maps))
found = assessment.assess(file.spin.values, rules, rng.stream(*stream), 2, blocks=entry.filters == 1)
for k, (measured, table) in enumerate(sources.named(found, sources.of_machine(entry), entry.L)):
    store.save(measured, snakemake.output.maps[k], schema="map", code=snakemake.params.code, **origin)
    store.write_table(table.assign(seed=seed), snakemake.output.statistics[k])
progress(1)
