"""Hold the ends of the flows of a machine against equilibrium and data: observables, correlators, momentum space."""

from collections import defaultdict

import pandas as pd
import xarray as xr

from rbmrg import correlators, rng, sampling, store
from rbmrg.flows import equilibrium, gibbs, momentum_space
from rbmrg.machines import weights
from rbmrg.progress import Progress
from rbmrg.rbm import closed_forms

name, settings = snakemake.wildcards.machine, snakemake.params
progress = Progress(f"equilibrium of {name}", len(snakemake.input.flows), snakemake.log[0])
training, tables, measured = [float(T) for T in settings.training], defaultdict(list), []
data = sampling.mixture(settings.L, training, 5 * settings.n, rng.stream("spectrum", settings.seed, name))
for seed, point in store.read(snakemake.input.points).iterrows():
    stream = rng.stream("equilibrium", settings.seed, name, seed)
    flows = store.load(snakemake.input.flows[seed], "flow")
    machine = weights.machine_of(store.load(snakemake.input.machines[seed], "machine"))
    end, W = gibbs.end(flows, point.stationary), closed_forms.lattice_weights(machine, settings.L)
    tests = equilibrium.assess(end, training, stream).assign(stationary=point.stationary)
    momenta, singular = momentum_space.momentum_table(W, end, data), momentum_space.singular_table(W, settings.L)
    for key, table in {"equilibrium": tests, "momentum": momenta, "singular_values": singular}.items():
        tables[key].append(table.assign(machine=name, seed=seed))
    same = sampling.sample(settings.L, equilibrium.best_temperature(end)[0], 20 * settings.n, stream)
    late, blocks = gibbs.late(flows, point.stationary), min(correlators.BLOCKS, settings.n // 4)
    pair = [correlators.measure(spins, blocks) for spins in (late, same)]
    measured.append(xr.concat(pair, pd.Index(["end", "equilibrium"], name="ensemble")))
    progress(seed + 1)
for key, parts in tables.items():
    store.write_table(pd.concat(parts), snakemake.output[key])
store.save(
    xr.concat(measured, "seed"), snakemake.output.correlators, schema="correlators", code=snakemake.input.code,
    seed=settings.seed, machine=name,
)  # fmt: skip
