"""The record of a flow: the steps at which it is kept, the Dataset that holds it, and what counts as its end."""

import numpy as np

from rbmrg.lattice import TC

PAPER_LENGTH = 30  # the flows of arXiv:1906.05212 have 1 to 29 steps


def steps(length):
    """Numbers of steps at which to keep a flow, six a decade and the last: 0, 1, 2, 3, 5, 7, 10, 15, … `length`."""
    spaced = [int(step * 10**decade) for decade in range(9) for step in (1, 1.5, 2, 3, 5, 7)]
    return sorted({0, length, *(step for step in spaced if step < length)})


def dataset(flows, steps):
    """The flows {start temperature: int8 [steps, n, L, L]} as one Dataset, `spin(start, step, sample, y, x)`."""
    import xarray as xr  # takes longer to import than the estimate that needs the numbers of steps

    spins = np.stack(list(flows.values()))
    start = ("start", list(flows), {"long_name": "temperature of the configurations at step 0 in J/k_B", "units": "1"})
    step = ("step", np.array(steps), {"long_name": "Gibbs steps v -> h -> v", "units": "1"})
    spin = (("start", "step", "sample", "y", "x"), spins, {"long_name": "Ising spin", "units": "1"})
    return xr.Dataset({"spin": spin}, coords={"start": start, "step": step})


def end(flow, stationary):
    """The configurations at the end of a flow Dataset, int8 [n, L, L]: those of all starts if it is `stationary`.

    If it is not, they are those of the start nearest Tc, as in the paper's fits.
    """
    last = flow.spin.isel(step=-1)
    if not stationary:
        return last.sel(start=TC, method="nearest").values
    return last.values.reshape(-1, *last.shape[-2:])


def late(flow, stationary):
    """The configurations of the second half of a `stationary` flow, int8 [n, L, L]; otherwise those of its `end`.

    The configurations of one chain follow each other, so that jackknife blocks hold whole chains and their errors are
    right however slowly the flow forgets.
    """
    if not stationary:
        return end(flow, stationary)
    half = flow.spin.sel(step=slice(flow.step[-1] / 2, None)).transpose("start", "sample", "step", "y", "x")
    return half.values.reshape(-1, *half.shape[-2:])


def at_length(flow, length):
    """The configurations at the last snapshot up to `length` of a flow Dataset, int8 [starts, n, L, L]."""
    return flow.spin.sel(step=length, method="ffill").values
