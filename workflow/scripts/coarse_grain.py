"""Coarse-grain one layer of configurations by one rule."""

import numpy as np
import xarray as xr

from rbmrg import rg, rng, store
from rbmrg.progress import Progress

rule, layer = snakemake.wildcards.rg_rule, int(snakemake.wildcards.layer)
progress = Progress(f"{rule} layer {layer}", 1, snakemake.log[0])
finer = store.load(str(snakemake.input.spins))
spins = finer["spin" if "spin" in finer else "block"].values
stream = ["coarse_grain", snakemake.params.seed, rule, layer]
blocks = rg.coarse_grain(spins, rule=rule, rng=rng.stream(*stream))
name = "spin" if blocks.dtype == np.int8 else "block"
variable = (("sample", "y", "x"), blocks, {"long_name": f"block spin after {layer} × {rule}", "units": "1"})
store.save(
    xr.Dataset({name: variable}), snakemake.output[0], schema="lattice", code=snakemake.input.code,
    seed=snakemake.params.seed, stream=stream, rule=rule, layer=layer,
)  # fmt: skip
progress(1)
