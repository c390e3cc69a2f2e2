"""Hold the ends of the flows of a machine against equilibrium at their best temperature: observables, correlators."""

import pandas as pd
import xarray as xr

from rbmrg import correlators, equilibrium, flow, rng, sampling, store
from rbmrg.progress import Progress

name, settings = snakemake.wildcards.machine, snakemake.params
progress = Progress(f"equilibrium of {name}", len(snakemake.input.flows), snakemake.log[0])
tables, measured = [], []
for seed, point in store.read(snakemake.input.points).iterrows():
    stream = rng.stream("equilibrium", settings.seed, name, seed)
    flows = store.load(snakemake.input.flows[seed], "flow")
    end = flow.end(flows, point.stationary)
    tests = equilibrium.assess(end, [float(T) for T in settings.training], stream)
    tables.append(tests.assign(machine=name, seed=seed, stationary=point.stationary))
    same = sampling.sample(end.shape[-1], equilibrium.best_temperature(end)[0], 20 * settings.n, stream)
    late, blocks = flow.late(flows, point.stationary), min(correlators.BLOCKS, settings.n // 4)
    pair = [correlators.measure(spins, blocks) for spins in (late, same)]
    measured.append(xr.concat(pair, pd.Index(["end", "equilibrium"], name="ensemble")))
    progress(seed + 1)
store.write_table(pd.concat(tables), snakemake.output.table)
store.save(
    xr.concat(measured, "seed"), snakemake.output.correlators, schema="correlators", code=snakemake.input.code,
    seed=settings.seed, machine=name,
)  # fmt: skip
