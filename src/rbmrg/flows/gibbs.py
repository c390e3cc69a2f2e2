"""RBM flow: configurations sent through a machine again and again, v → h → v.  arXiv:1801.07172, arXiv:1906.05212."""

from itertools import pairwise

import numpy as np
import xarray as xr

from rbmrg.lattice import TC
from rbmrg.rbm import closed_forms

PAPER_LENGTH = 30  # the flows of arXiv:1906.05212 are of 1 to 29 steps


def snapshots(length):
    """Flow lengths at which to look, six a decade and the last: 0, 1, 2, 3, 5, 7, 10, 15, 20, 30, … `length`."""
    spaced = [int(step * 10**decade) for decade in range(9) for step in (1, 1.5, 2, 3, 5, 7)]
    return sorted({0, length, *(step for step in spaced if step < length)})


def run(machine, spins, steps, rng):
    """The flow of `spins`, int8 ±1 [n, L, L], at the numbers of Gibbs steps `steps` → int8 [steps, n, L, L].

    Raises ValueError unless `steps` increase from 0 on.
    """
    steps = list(steps)
    if not steps or any(a >= b for a, b in pairwise([-1, *steps])):
        raise ValueError(f"steps = {steps}: increasing numbers from 0 on are needed")
    rng = np.random.default_rng(rng)
    flowed = [spins]
    for before, now in pairwise([0, *steps]):
        flowed.append(advance(machine, flowed[-1], now - before, rng))
    return np.stack(flowed[1:]).astype(np.int8)


def advance(machine, spins, steps, rng):
    """`steps` times v → h → v, int8 ±1 [n, L, L].

    Of a checkerboard machine they are configurations of v and h, each drawn given the other.
    """
    visible = closed_forms.visible_units(machine, spins)
    if not steps:
        return spins
    if visible is spins:
        return machine.gibbs(spins, steps, rng)
    hidden = machine.sample_hidden(machine.gibbs(visible, steps - 1, rng), rng)
    return closed_forms.joined(machine.sample_visible(hidden, rng), hidden)


def dataset(flows, steps):
    """The flows {start temperature: int8 [steps, n, L, L]} as one Dataset, `spin(start, step, sample, y, x)`."""
    spins = np.stack(list(flows.values()))
    start = ("start", list(flows), {"long_name": "temperature of the configurations at step 0", "units": "J/k_B"})
    step = ("step", np.array(steps), {"long_name": "Gibbs steps v -> h -> v", "units": "1"})
    spin = (("start", "step", "sample", "y", "x"), spins, {"long_name": "spin", "units": "1"})
    return xr.Dataset({"spin": spin}, coords={"start": start, "step": step})


def end(flow, stationary):
    """The configurations at the end of a flow Dataset, int8 [n, L, L]: of all starts if it is `stationary`.

    If not, they are those of the start nearest Tc, as in the paper's fits.
    """
    last = flow.spin.isel(step=-1)
    if not stationary:
        return last.sel(start=TC, method="nearest").values
    return last.values.reshape(-1, *last.shape[-2:])


def late(flow, stationary):
    """The configurations of the second half of a stationary flow, int8 [n, L, L]; of any other, those of its `end`.

    Those of one chain follow each other, so that blocks of a jackknife hold whole chains and its errors are true
    however slowly the flow forgets.
    """
    if not stationary:
        return end(flow, stationary)
    half = flow.spin.sel(step=slice(flow.step[-1] / 2, None)).transpose("start", "sample", "step", "y", "x")
    return half.values.reshape(-1, *half.shape[-2:])


def at_length(flow, length):
    """The configurations at the last snapshot up to `length` of a flow Dataset, int8 [starts, n, L, L]."""
    return flow.spin.sel(step=length, method="ffill").values
