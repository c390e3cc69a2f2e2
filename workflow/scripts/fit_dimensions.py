"""Fit the scaling dimensions of Monte Carlo data and of all flows in the same ways, in the same windows."""

from rbmrg import store
from rbmrg.exponents import dimensions, sources
from rbmrg.progress import Progress

files = {key: store.read(paths) for key, paths in snakemake.input.items()}
measured = sources.every(**files)
progress = Progress("scaling dimensions", len(measured), snakemake.log[0])
fits, scans = dimensions.fit_all(measured, progress)
store.write_table(fits, snakemake.output.dimensions)
store.write_table(scans, snakemake.output.windows)
