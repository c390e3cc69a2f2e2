"""Say which claims of a study differ from the released ones."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import comparison

Progress("comparison", 1)(1, comparison.summary(store.read(snakemake.input[0]), snakemake.params.study))
