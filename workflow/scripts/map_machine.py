"""Maps, receptive fields and their statistics of one layer of a machine."""

from rbmrg import rg, rng, store
from rbmrg.layers import assessment
from rbmrg.machines import coarse_graining, entries, weights
from rbmrg.progress import Progress

name, seed, layer = snakemake.wildcards.machine, int(snakemake.wildcards.seed), int(snakemake.wildcards.layer)
machine = snakemake.params.machine
progress = Progress(f"map {name} seed {seed} layer {layer}", 1, snakemake.log[0])
file = store.load(str(snakemake.input.spins), "samples")
spins, T = file.spin.values, file.attrs["T"]
trained = [weights.machine_of(store.load(path, "machine")) for path in snakemake.input.layers]
steps = coarse_graining.rules(machine, trained, layer)
stream = ["map", snakemake.params.seed, name, seed, f"{T:.6f}"]
lattices, means = ([spins, *rg.iterate(spins, steps, random)] for random in (rng.stream(*stream), None))
measured, table = assessment.assess(lattices, means, 2**layer, blocks=entries.filters(machine) == 1)
source = {"kind": "machine", "source": name, "L": spins.shape[-1], "layer": layer}
store.save(
    measured, snakemake.output.map, schema="map", code=snakemake.input.code, seed=snakemake.params.seed,
    stream=stream, T=T, replica=seed, **source,
)  # fmt: skip
store.write_table(table.assign(**source, seed=seed), snakemake.output.statistics)
progress(1)
