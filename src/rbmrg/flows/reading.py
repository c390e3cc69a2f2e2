"""What every thermometer reads at every step of a flow."""

import numpy as np
import pandas as pd

from rbmrg.thermometers import posteriors


def read_flow(flow, networks, levels):
    """Read every thermometer (see `posteriors.read`) at every step of a flow Dataset.

    Returns (readings, histograms): tidy DataFrames `start, step, thermometer, temperature, error` and
    `start, step, thermometer, class, count`.
    """
    readings, histograms, temperatures = [], [], levels["class"].values
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
