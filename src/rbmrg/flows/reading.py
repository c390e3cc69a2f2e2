"""What every thermometer reads at every step of a flow, and where the flow ends."""

import numpy as np
import pandas as pd

from rbmrg.flows import fixed_points, seeds
from rbmrg.lattice import energy
from rbmrg.thermometers import posteriors


def read(flow, networks, levels):
    """Read every thermometer (see `posteriors.read`) at every step of a flow Dataset.

    Returns (readings, histograms): tidy DataFrames `start, step, thermometer, temperature, error` and
    `start, step, thermometer, class, count`.
    """
    temperatures = levels["class"].values
    readings = []
    histograms = []
    for start in flow.start.values:
        for step in flow.step.values:
            spins = flow.spin.sel(start=start, step=step).values
            read, counts = posteriors.read(spins, networks, levels)
            readings += [(start, step, name, *reading) for name, reading in read.items()]
            for name, count in counts.items():
                used = np.flatnonzero(count)
                histograms += [(start, step, name, temperatures[k], count[k]) for k in used]
    return (
        pd.DataFrame(readings, columns=["start", "step", "thermometer", "temperature", "error"]),
        pd.DataFrame(histograms, columns=["start", "step", "thermometer", "class", "count"]),
    )


def read_all(flows, data_energies, networks, levels, entry, progress=None):
    """Read the flows of all seeds of a machine: {"readings", "histograms", "fixed_points": DataFrame}.

    `flows` is an iterable of flow Datasets, seed by seed, `data_energies` that of the energies per spin of the training
    data, `entry` the `Entry` of their machine.  Fixed points are those of `fixed_points.fixed_point`, one row a seed,
    beside their `rivals`.  `progress(done, remark)` is called after each seed.
    """
    tables = []
    points = []
    for seed, (flow, data_energy) in enumerate(zip(flows, data_energies, strict=True)):
        rivals = fixed_points.rivals(entry.L, data_energy)
        readings, histograms = read(flow, networks, levels)
        tables.append({"readings": readings, "histograms": histograms})
        E = energy(flow.spin.values)
        point = fixed_points.fixed_point(E, flow.start.values, flow.step.values, entry.L)
        points.append(entry.columns | {"seed": seed} | point | rivals)
        if progress:
            progress(seed + 1, f"T = {point['T']:.4f}({point['T_error']:.4f})")
    return seeds.joined(tables, entry.columns) | {"fixed_points": pd.DataFrame(points)}
