"""Two-point functions at the end of a flow, for every start."""

import xarray as xr

from rbmrg import correlators, store
from rbmrg.progress import Progress

progress = Progress(f"correlators {snakemake.wildcards.machine} seed {snakemake.wildcards.seed}", 1, snakemake.log[0])
file = store.load(snakemake.input.flow, "flow")
last = file.spin.isel(step=-1)
measured = [correlators.measure(last.sel(start=start).values) for start in last.start]
store.save(
    xr.concat(measured, dim=last.start), snakemake.output[0], schema="correlators", code=snakemake.input.code,
    machine=file.attrs["machine"], replica=int(file.attrs["replica"]),
)  # fmt: skip
progress(1)
