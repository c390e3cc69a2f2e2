"""Energy, specific heat and magnetisation of all samples, beside the exact values."""

import pandas as pd

from rbmrg import observables, store
from rbmrg.progress import Progress

progress = Progress("observables", len(snakemake.input.spins), snakemake.log[0])
rows = []
for done, path in enumerate(snakemake.input.spins):
    file = store.load(path, "samples")
    rows.append(observables.observe(file.spin.values, file.attrs["T"]))
    progress(done + 1)
store.write_table(pd.DataFrame(rows).sort_values(["L", "T"]), snakemake.output[0])
