"""Machines whose names say nothing true of them, and tables about them, for the tests of this folder."""

import numpy as np
import pandas as pd

from rbmrg.lattice import TC
from rbmrg.machines.entries import Entry

CRITICAL = [f"{TC:.6f}"]
MIXTURE = [f"{T:.6f}" for T in (0.0, 2.0, 5.9)]
ENTRIES = {
    entry.name: entry
    for entry in (
        Entry("alpha", 10, CRITICAL, "paper", 81),
        Entry("untrained-by-name", 10, MIXTURE, "paper", 81),
        Entry("beta", 10, CRITICAL, "pcd", 81),
        Entry("gamma-Tc", 10, MIXTURE, "pcd", 81),
        Entry("paper-delta", 10, CRITICAL, "best", 81, sites="permuted"),
        Entry("1e3", 10, CRITICAL, "best", 81),
        Entry("closed", 10, CRITICAL, "exact"),
        Entry("blank", 10, CRITICAL, "paper", 81, options={"steps": 0}),
    )
}
FULL = {"alpha": 3, "untrained-by-name": 1, "beta": 2, "gamma-Tc": 1, "paper-delta": 1, "1e3": 1}  # machine: seeds
PANELS = ["paper", "best", "others"]
ONE = {"alpha": 1}


def described(names):
    """One row for each machine of `names`, as tables have it."""
    return pd.DataFrame([ENTRIES[name].columns for name in names])


def rows(names, **columns):
    """A row for each machine and seed of `names` {machine: seeds} and each combination of the values of `columns`."""
    index = pd.MultiIndex.from_product(columns.values(), names=columns)
    table = index.to_frame(index=False)
    return pd.concat(
        [table.assign(**ENTRIES[name].columns, seed=seed) for name, seeds in names.items() for seed in range(seeds)],
        ignore_index=True,
    )


def fixed_points(names):
    """A row of `fixed_points.fixed_point` for each machine and seed; every third flow is not stationary."""
    table = rows(names, Tc=[TC])
    place = np.arange(len(table))
    T = 2 + 0.1 * place
    done = place % 3 != 1
    T_mix = np.where(table.training == ENTRIES["alpha"].mixture, TC, 2.6)
    return table.assign(
        length=1000, T_peak=2.345, T_mix=T_mix, stationary=done, T=np.where(done, T, np.nan),
        T_error=np.where(done, 0.02, np.nan), T_cold=T - 0.2, T_hot=T + 0.2, time_cold=np.where(done, 3.0, np.nan),
        time_cold_error=0.1, time_hot=np.where(done, 5.0 + place, np.nan), time_hot_error=0.2,
    )  # fmt: skip
