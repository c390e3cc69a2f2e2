"""All statistics of maps and fields between the untrained machine and RG rules, and what the ablation varies."""

import pandas as pd

from rbmrg import store
from rbmrg.layers import bands
from rbmrg.progress import Progress

progress = Progress("statistics of maps", 1, snakemake.log[0])
statistics = store.read_tables(snakemake.input.statistics)
found = bands.bands(statistics)
values = (store.load(path, "map") for path in snakemake.input.maps)
store.write_table(bands.placed(statistics, found, values), snakemake.output.statistics)
store.write_table(found, snakemake.output.bands)
ablations = pd.DataFrame(snakemake.params.ablations, columns=["machine", "parameter", "value", "base"])
store.write_table(ablations, snakemake.output.ablations)
progress(1)
