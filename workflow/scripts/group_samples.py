"""Group Monte Carlo data, and data that are wrong on purpose, as the flows are grouped."""

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg import rng, splits, store
from rbmrg.exponents import by_class
from rbmrg.progress import Progress

progress = Progress("groups of Monte Carlo data", 1, snakemake.log[0])
network = store.load(snakemake.input.network, "thermometer")
parts = [splits.held_out_part(store.load(path, "samples").spin.values) for path in snakemake.input.spins]
at_tc = splits.held_out_part(store.load(str(snakemake.input.critical), "samples").spin.values)
stream = ["sites", snakemake.params.seed, "groups"]
smallest = min(map(len, parts))
found = by_class.monte_carlo(np.stack([part[:smallest] for part in parts]), at_tc, network, rng.stream(*stream))
groups, scans, correlators = zip(*found.values(), strict=True)
for tables, path in ((groups, snakemake.output.groups), (scans, snakemake.output.scans)):
    named = [table.assign(machine=name, seed=0) for name, table in zip(found, tables, strict=True)]
    store.write_table(pd.concat(named), path)
together = xr.concat(correlators, pd.Index(found, name="source"))
store.save(
    together, snakemake.output.correlators, schema="correlators", code=snakemake.input.code,
    seed=snakemake.params.seed, stream=stream,
)  # fmt: skip
progress(1)
