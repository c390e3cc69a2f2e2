"""Draw the Ising configurations of one lattice size and temperature."""

import xarray as xr

from rbmrg import rng, sampling, store
from rbmrg.progress import Progress

L, T, settings = int(snakemake.wildcards.L), snakemake.wildcards.T, snakemake.params
progress = Progress(f"samples L={L} T={T}", settings.n, snakemake.log[0])
stream = ["sample", settings.seed, L, T]
spins = sampling.sample(L=L, T=float(T), n=settings.n, rng=rng.stream(*stream), algorithm=settings.algorithm)
variable = (("sample", "y", "x"), spins, {"long_name": "Ising spin", "units": "1"})
store.save(
    xr.Dataset({"spin": variable}), snakemake.output[0], schema="samples", code=snakemake.input.code,
    seed=settings.seed, stream=stream, L=L, T=float(T), algorithm=settings.algorithm,
)  # fmt: skip
progress(settings.n, settings.algorithm)
