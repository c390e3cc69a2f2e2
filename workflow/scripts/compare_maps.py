"""All statistics of maps and receptive fields, with their distance from an RG rule; and what the ablation varies."""

import pandas as pd

from rbmrg import store
from rbmrg.layers.statistics import separations
from rbmrg.progress import Progress

progress = Progress("statistics of maps", 1, snakemake.log[0])
statistics = separations(store.read_tables(snakemake.input.statistics))
store.write_table(statistics, snakemake.output.statistics)
ablations = pd.DataFrame(snakemake.params.ablations, columns=["machine", "parameter", "value", "base"])
store.write_table(ablations, snakemake.output.ablations)
progress(1)
