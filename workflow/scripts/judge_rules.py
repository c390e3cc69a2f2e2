"""Judge each RG rule as machines are judged, by the band of the others, and untrained machines by that of all rules."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.trials import rules

progress = Progress("verdicts on RG rules", 1, snakemake.log[0])
statistics = store.read(snakemake.input.statistics)
store.write_table(rules.by_the_others(statistics, store.read(snakemake.input.maps)), snakemake.output[0])
progress(1)
