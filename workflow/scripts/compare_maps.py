"""All statistics of maps and receptive fields, with their distance from an RG rule; and what the ablation varies."""

import pandas as pd

from rbmrg import store
from rbmrg.layers import statistics as map_statistics
from rbmrg.progress import Progress

progress, settings = Progress("statistics of maps", 1, snakemake.log[0]), snakemake.params
table = store.read_tables(snakemake.input.statistics)
store.write_table(map_statistics.separations(table), snakemake.output.statistics)
ablations = pd.DataFrame(settings.ablations, columns=["machine", "parameter", "value", "base"])
store.write_table(ablations, snakemake.output.ablations)
progress(1)
