"""Draw the Ising configurations of one lattice size and temperature, straight to the file."""

from rbmrg import rng, sampling, store
from rbmrg.progress import Progress

L, T, settings = int(snakemake.wildcards.L), snakemake.wildcards.T, snakemake.params
algorithm, thermalisation, thinning = sampling.schedule(L, float(T), settings.algorithm)
progress = Progress(f"samples L={L} T={T}", settings.n, snakemake.log[0])
stream = ["sample", settings.seed, L, T]
batches = sampling.batches(L, float(T), settings.n, rng.stream(*stream), algorithm)
store.save_spins(
    progress.over(batches, algorithm), (settings.n, L, L), snakemake.output[0], schema="samples",
    code=snakemake.input.code, seed=settings.seed, stream=stream, L=L, T=float(T),
    algorithm=algorithm, thermalisation_sweeps=thermalisation, thinning_sweeps=thinning,
)  # fmt: skip
