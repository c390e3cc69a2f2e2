"""Fit the scaling dimensions of Monte Carlo data and of the ends of all flows in the same ways."""

import pandas as pd

from rbmrg import dimensions, store
from rbmrg.progress import Progress

progress = Progress("scaling dimensions", 1, snakemake.log[0])
baseline = store.load(str(snakemake.input.samples), "correlators")
tables = [dimensions.table(baseline).assign(machine="Monte Carlo", seed=0, start="")]
for path in snakemake.input.flows:
    flows = store.load(path, "correlators")
    for start in flows.start.values:
        fitted = dimensions.table(flows.sel(start=start))
        tables.append(fitted.assign(machine=flows.attrs["machine"], seed=flows.attrs["replica"], start=start))
order = ["machine", "seed", "start", "operator", "fit", "dimension", "error"]
store.write_table(pd.concat(tables, ignore_index=True)[order], snakemake.output[0])
progress(1)
