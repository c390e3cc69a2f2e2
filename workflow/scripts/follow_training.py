"""Where the flows of a machine end at snapshots of its training."""

import numpy as np
import pandas as pd

from rbmrg import rng, splits, store
from rbmrg.flows import fixed_points, gibbs
from rbmrg.lattice import energy
from rbmrg.machines import weights
from rbmrg.progress import Progress

name, replica, settings = snakemake.wildcards.machine, int(snakemake.wildcards.seed), snakemake.params
file, steps = store.load(snakemake.input.machine, "machine"), gibbs.snapshots(settings.length)
samples = [store.load(path, "samples") for path in snakemake.input.spins]
starts = {sample.attrs["T"]: splits.held_out_part(sample.spin.values)[: settings.n] for sample in samples}
progress, points = Progress(f"training of {name} seed {replica}", file.sizes["step"], snakemake.log[0]), []
for index, training_step in enumerate(file.step.values):
    machine, stream = weights.machine_of(file, index), rng.stream("course", settings.seed, name, replica, index)
    E = [energy(gibbs.run(machine, spins, steps, stream)) for spins in starts.values()]
    point = fixed_points.fixed_point(np.array(E), list(starts), steps, settings.L)
    points.append({"machine": name, "seed": replica, "training_step": training_step} | point)
    progress(index + 1, f"T = {point['T']:.4f}({point['T_error']:.4f})")
store.write_table(pd.DataFrame(points), snakemake.output[0])
