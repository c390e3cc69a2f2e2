"""Where flows end while their machine is still being trained."""

import numpy as np
import pandas as pd

from rbmrg.flows import fixed_points, gibbs
from rbmrg.lattice import energy
from rbmrg.machines import weights


def follow(course, starts, steps, stream, columns, progress=None):
    """Flows through each snapshot of a machine's `course`: a DataFrame, a row of `fixed_points.fixed_point` for each.

    `course` is a Dataset of `machines.weights`.  Flows run from each of `starts`, {T: int8 [n, L, L]}, and are kept at
    `steps`.  `stream(index)` gives the Generator of a snapshot.  Each row begins with `columns`, a dict, and
    `training_step`.  `progress(done, remark)` is called after each snapshot.
    """
    L = next(iter(starts.values())).shape[-1]
    rows = []
    for index, training_step in enumerate(course.step.values):
        machine = weights.machine_of(course, index)
        rng = stream(index)
        E = np.array([energy(gibbs.run(machine, spins, steps, rng)) for spins in starts.values()])
        point = fixed_points.fixed_point(E, list(starts), steps, L)
        rows.append(columns | {"training_step": training_step} | point)
        if progress:
            progress(index + 1, f"T = {point['T']:.4f}({point['T_error']:.4f})")
    return pd.DataFrame(rows)
