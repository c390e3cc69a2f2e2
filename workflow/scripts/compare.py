"""Say which claims of a study differ from the released ones."""

from rbmrg import store
from rbmrg.report import comparison

print(comparison.summary(store.read(snakemake.input[0]), snakemake.params.study), flush=True)
