"""Fit the scaling dimensions of Monte Carlo data and of all flows in the same ways, in the same windows."""

import pandas as pd

from rbmrg import store
from rbmrg.exponents import dimensions
from rbmrg.progress import Progress

files = {key: store.read(paths) for key, paths in snakemake.input.items() if key != "code"}
groups = files["grouped_samples"]
sources = [("Monte Carlo", 0, "end", files["samples"])]
sources += [(name, 0, "grouped", groups.sel(source=name)) for name in groups.source.values]
for ends, grouped in zip(files["flows"], files["grouped_flows"], strict=True):
    for seed in range(ends.sizes["seed"]):
        each = {name: ends.isel(seed=seed).sel(ensemble=name) for name in ends.ensemble.values}
        each["grouped"] = grouped.isel(seed=seed)
        sources += [(ends.attrs["machine"], seed, ensemble, measured) for ensemble, measured in each.items()]
progress = Progress("scaling dimensions", len(sources), snakemake.log[0])
tables = {"dimensions": [], "windows": []}
for done, (machine, seed, ensemble, measured) in enumerate(sources):
    for key, table in zip(tables, dimensions.fits(measured), strict=True):
        tables[key].append(table.assign(machine=machine, seed=seed, ensemble=ensemble))
    progress(done + 1)
for key, table in tables.items():
    store.write_table(pd.concat(table), snakemake.output[key])
