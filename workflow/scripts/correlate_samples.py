"""Two-point functions of equilibrium configurations."""

from rbmrg import correlators, store
from rbmrg.progress import Progress

progress = Progress(f"correlators T={snakemake.wildcards.T}", 1, snakemake.log[0])
spins = store.load(snakemake.input.spins, "samples").spin
store.save(
    correlators.measure(spins), snakemake.output[0], schema="correlators", code=snakemake.params.code,
    L=int(snakemake.wildcards.L), T=float(snakemake.wildcards.T),
)  # fmt: skip
progress(1)
