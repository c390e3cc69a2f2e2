"""Count |m| at the temperatures of the thermometers: the |m| thermometer."""

import numpy as np

from rbmrg import splits, store
from rbmrg.progress import Progress
from rbmrg.thermometers import posteriors

progress = Progress("magnetisation thermometer", 1, snakemake.log[0])
files = [store.load(path, "samples") for path in snakemake.input.spins]
parts = [splits.training_part(file.spin.values) for file in files]
smallest = min(map(len, parts))
levels = posteriors.magnetisation_table(np.stack([part[:smallest] for part in parts]), [f.attrs["T"] for f in files])
store.save(levels, snakemake.output[0], schema="magnetisation", code=snakemake.input.code)
progress(1)
