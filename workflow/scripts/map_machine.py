"""Visible–hidden correlators of a machine: spins against hidden units drawn from them."""

from rbmrg import learning, maps, rng, store
from rbmrg.progress import Progress
from rbmrg.rbm import closed_forms

name, replica = snakemake.wildcards.machine, int(snakemake.wildcards.seed)
progress = Progress(f"map {name} seed {replica}", 1, snakemake.log[0])
spins = store.load(str(snakemake.input.visible), "samples").spin.values
machine = learning.machine_of(store.load(snakemake.input.machine, "machine"))
stream = ["map", snakemake.params.seed, name, replica]
hidden = machine.sample_hidden(closed_forms.visible_units(machine, spins), rng.stream(*stream))
store.save(
    maps.correlator(spins, hidden), snakemake.output[0], schema="map", code=snakemake.input.code,
    seed=snakemake.params.seed, stream=stream, source=name, replica=replica,
)  # fmt: skip
progress(1)
