"""Try every thermometer on equilibrium configurations that none has seen."""

import numpy as np

from rbmrg import splits, store
from rbmrg.progress import Progress
from rbmrg.thermometers import calibration

progress = Progress("calibration", 1, snakemake.log[0])
networks = [store.load(path, "thermometer") for path in snakemake.input.networks]
levels = store.load(snakemake.input.levels, "magnetisation")
held_out = [splits.held_out_part(store.load(path, "samples").spin.values) for path in snakemake.input.spins]
smallest = min(map(len, held_out))
result = calibration.calibrate(np.stack([part[:smallest] for part in held_out]), networks, levels)
store.save(result, snakemake.output.confusion, schema="calibration", code=snakemake.input.code)
store.write_table(calibration.summary(result), snakemake.output.table)
progress(1)
