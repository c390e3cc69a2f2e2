"""How often verdicts on data of known truth are right and wrong, by claim and case."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.trials.summary import summaries

progress = Progress("known answers", 1, snakemake.log[0])
known, power = summaries(store.read_tables(list(snakemake.input)))
store.write_table(known, snakemake.output.known)
store.write_table(power, snakemake.output.power)
progress(1)
