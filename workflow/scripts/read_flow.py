"""Read the flows of a machine: every thermometer at every step, where they end, the groups of the network's classes."""

from collections import defaultdict

import pandas as pd
import xarray as xr

from rbmrg import store
from rbmrg.exponents import by_class
from rbmrg.flows import fixed_points, gibbs, reading
from rbmrg.lattice import energy
from rbmrg.progress import Progress

name, settings = snakemake.wildcards.machine, snakemake.params
networks = [store.load(path, "thermometer") for path in snakemake.input.networks]
levels = store.load(snakemake.input.levels, "magnetisation")
progress = Progress(f"temperatures of {name}", len(snakemake.input.flows), snakemake.log[0])
tables, correlators = defaultdict(list), []
rivals = fixed_points.rivals(settings.L, [float(T) for T in settings.training])
for seed, path in enumerate(snakemake.input.flows):
    flows = store.load(path, "flow")
    readings, histograms = reading.read_flow(flows, networks, levels)
    point = fixed_points.fixed_point(energy(flows.spin.values), flows.start.values, flows.step.values, settings.L)
    groups, scans, correlator = by_class.by_class(gibbs.at_length(flows, gibbs.PAPER_LENGTH), networks[0])
    found = {"readings": readings, "histograms": histograms, "groups": groups, "scans": scans}
    for key, table in found.items():
        tables[key].append(table.assign(machine=name, seed=seed))
    tables["fixed_points"].append(pd.DataFrame([{"machine": name, "seed": seed} | point | rivals]))
    correlators.append(correlator)
    progress(seed + 1, f"T = {point['T']:.4f}({point['T_error']:.4f})")
for key, parts in tables.items():
    store.write_table(pd.concat(parts), snakemake.output[key])
store.save(
    xr.concat(correlators, "seed"), snakemake.output.correlators, schema="correlators", code=snakemake.input.code,
    machine=name,
)  # fmt: skip
