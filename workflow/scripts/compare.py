"""Say which claims of a study differ from the released ones."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import comparison

said = comparison.summary(store.read(snakemake.input[0]), snakemake.params.study)
Progress("comparison", 1, snakemake.log[0])(1, said)
print(said, flush=True)
