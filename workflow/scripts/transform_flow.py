"""A machine in momentum space: its weights, and the structure factor of its flow beside that of its data."""

import pandas as pd

from rbmrg import flow, learning, rng, sampling, spectrum, store
from rbmrg.progress import Progress
from rbmrg.rbm import closed_forms

name, settings = snakemake.wildcards.machine, snakemake.params
progress = Progress(f"spectra of {name}", len(snakemake.input.flows), snakemake.log[0])
stream = rng.stream("spectrum", settings.seed, name)
data = sampling.mixture(settings.L, [float(T) for T in settings.training], 5 * settings.n, stream)
momenta, singular = [], []
for seed, point in store.read(snakemake.input.points).iterrows():
    end = flow.end(store.load(snakemake.input.flows[seed], "flow"), point.stationary)
    machine = learning.machine_of(store.load(snakemake.input.machines[seed], "machine"))
    W = closed_forms.lattice_weights(machine, settings.L)
    momenta.append(spectrum.momentum_table(W, end, data).assign(machine=name, seed=seed))
    singular.append(spectrum.singular_table(W, settings.L).assign(machine=name, seed=seed))
    progress(seed + 1)
store.write_table(pd.concat(momenta), snakemake.output.momentum)
store.write_table(pd.concat(singular), snakemake.output.singular_values)
