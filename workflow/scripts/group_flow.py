"""Group the flows of a machine by the network's class, at the length of the paper's: |m|, its exponent, correlators."""

import pandas as pd
import xarray as xr

from rbmrg import flow, grouping, store
from rbmrg.progress import Progress

name = snakemake.wildcards.machine
network = store.load(snakemake.input.network, "thermometer")
progress = Progress(f"groups of {name}", len(snakemake.input.flows), snakemake.log[0])
groups, scans, correlators = [], [], []
for seed, path in enumerate(snakemake.input.flows):
    group, scan, correlator = grouping.by_class(flow.at_length(store.load(path, "flow"), flow.PAPER_LENGTH), network)
    groups.append(group.assign(machine=name, seed=seed))
    scans.append(scan.assign(machine=name, seed=seed))
    correlators.append(correlator)
    progress(seed + 1)
store.write_table(pd.concat(groups), snakemake.output.groups)
store.write_table(pd.concat(scans), snakemake.output.scans)
store.save(
    xr.concat(correlators, "seed"), snakemake.output.correlators, schema="correlators", code=snakemake.input.code,
    machine=name,
)  # fmt: skip
