"""Draw the Ising configurations of one lattice size and temperature, straight to the file."""

from rbmrg import rng, sampling, store
from rbmrg.progress import Progress

settings = snakemake.params
L = int(snakemake.wildcards.L)
T = float(snakemake.wildcards.T)
stream = ["sample", settings.seed, L, snakemake.wildcards.T]
algorithm, thermalisation, thinning = sampling.schedule(L, T, settings.algorithm)
progress = Progress(f"samples L={L} T={snakemake.wildcards.T}", settings.n, snakemake.log[0])
batches = sampling.batches(L, T, settings.n, rng.stream(*stream), algorithm)
store.save_spins(
    progress.over(batches, algorithm), (settings.n, L, L), snakemake.output[0], schema="samples",
    code=snakemake.params.code, seed=settings.seed, stream=stream, L=L, T=T,
    algorithm=algorithm, thermalisation_sweeps=thermalisation, thinning_sweeps=thinning,
)  # fmt: skip
