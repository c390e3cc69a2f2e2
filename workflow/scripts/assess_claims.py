"""Weigh the evidence that the study has: the table of claims with verdicts."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import claims

progress = Progress("claims", 1, snakemake.log[0])
evidence = {name: store.read(paths) for name, paths in snakemake.input.items()}
store.write_table(claims.assess(**evidence), snakemake.output[0])
progress(1)
