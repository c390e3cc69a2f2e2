"""Visible–hidden correlators of an RG rule: bottom spins against the block spins of one layer."""

from rbmrg import maps, store
from rbmrg.progress import Progress

progress = Progress(f"map {snakemake.wildcards.rg_rule} layer {snakemake.wildcards.layer}", 1, snakemake.log[0])
spins = store.load(str(snakemake.input.visible), "samples").spin.values
layer = store.load(snakemake.input.hidden, "lattice")
blocks = layer["spin" if "spin" in layer else "block"].values
source = f"{layer.attrs['rule']}, layer {layer.attrs['layer']}"
store.save(
    maps.correlator(spins, blocks), snakemake.output[0], schema="map", code=snakemake.input.code, source=source
)  # fmt: skip
progress(1)
