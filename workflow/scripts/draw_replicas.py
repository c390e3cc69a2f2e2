"""Draw configurations at Tc of many chains, for averages whose errors come from independent chains."""

from rbmrg import rng, store
from rbmrg.exponents import replicas
from rbmrg.lattice import TC
from rbmrg.progress import Progress

settings = snakemake.params
L = int(snakemake.wildcards.L)
stream = ["replicas", settings.seed, L]
n = replicas.length(L, settings.n)
progress = Progress(f"replicas L={L}", n, snakemake.log[0])
chains, batches = replicas.draw(L, n, rng.stream(*stream))
store.save_spins(
    progress.over(batches), (n, L, L), snakemake.output[0], schema="samples",
    code=settings.code, seed=settings.seed, stream=stream, L=L, T=TC, chains=chains,
)  # fmt: skip
