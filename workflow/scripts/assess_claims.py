"""Weigh the evidence that the study has: the table of claims with verdicts, and one answer for each kind of machine."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import claims

progress = Progress("claims", 1, snakemake.log[0])
evidence = {name: store.read(paths) for name, paths in snakemake.input.items()}
table = claims.assess(**evidence)
store.write_table(table, snakemake.output.claims)
store.write_table(claims.answers(table), snakemake.output.answers)
progress(1)
