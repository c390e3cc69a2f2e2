"""Try every thermometer on equilibrium configurations that none of them has seen."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.thermometers import calibration, classes

progress = Progress("calibration", 1, snakemake.log[0])
networks = [store.load(path, "thermometer") for path in snakemake.input.networks]
levels = store.load(snakemake.input.levels, "magnetisation")
spins = classes.held_out_data(store.load(path, "samples") for path in snakemake.input.spins)
result = calibration.calibrate(spins, networks, levels)
store.save(result, snakemake.output.confusion, schema="calibration", code=snakemake.params.code)
store.write_table(calibration.summary(result), snakemake.output.table)
progress(1)
