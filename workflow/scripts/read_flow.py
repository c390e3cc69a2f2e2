"""Read every thermometer along the flows of a machine; where they end, and how long they take to forget their start."""

import pandas as pd

from rbmrg import calibration, fixed_points, store
from rbmrg.lattice import energy
from rbmrg.progress import Progress

name, settings = snakemake.wildcards.machine, snakemake.params
networks = [store.load(path, "thermometer") for path in snakemake.input.networks]
levels = store.load(snakemake.input.levels, "magnetisation")
progress = Progress(f"temperatures of {name}", len(snakemake.input.flows), snakemake.log[0])
tables, points = {"readings": [], "histograms": []}, []
rivals = fixed_points.rivals(settings.L, [float(T) for T in settings.training])
for seed, path in enumerate(snakemake.input.flows):
    flow = store.load(path, "flow")
    for key, table in zip(tables, calibration.read_flow(flow, networks, levels), strict=True):
        tables[key].append(table.assign(machine=name, seed=seed))
    point = fixed_points.fixed_point(energy(flow.spin.values), flow.start.values, flow.step.values, settings.L)
    points.append({"machine": name, "seed": seed} | point | rivals)
    progress(seed + 1, f"T = {point['T']:.4f}({point['T_error']:.4f})")
for key, table in tables.items():
    store.write_table(pd.concat(table), snakemake.output[key])
store.write_table(pd.DataFrame(points), snakemake.output.fixed_points)
