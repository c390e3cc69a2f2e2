"""RBM flow: configurations sent through a machine again and again, v → h → v.  arXiv:1801.07172, arXiv:1906.05212."""

import numpy as np
import xarray as xr

from rbmrg.rbm import closed_forms


def run(machine, spins, length, rng):
    """The flow of `spins`, int8 ±1 [n, L, L], through `length` Gibbs steps: int8 [length+1, n, L, L], start first.

    Raises ValueError for a negative length.
    """
    if length < 0:
        raise ValueError(f"length = {length}: must be ≥ 0")
    rng = np.random.default_rng(rng)
    steps = [spins]
    for _ in range(length):
        steps.append(step(machine, steps[-1], rng))
    return np.stack(steps).astype(np.int8)


def step(machine, spins, rng):
    """v → h → v, int8 ±1 [n, L, L]; of a checkerboard machine the lattice of v and h, each drawn given the other."""
    visible = closed_forms.visible_units(machine, spins)
    if visible is spins:
        return machine.gibbs(spins, 1, rng)
    hidden = machine.sample_hidden(visible, rng)
    return closed_forms.joined(machine.sample_visible(hidden, rng), hidden)


def dataset(flows):
    """The flows {start temperature: int8 [length+1, n, L, L]} as one Dataset, `spin(start, step, sample, y, x)`."""
    spins = np.stack(list(flows.values()))
    start = ("start", list(flows), {"long_name": "temperature of the configurations at step 0", "units": "J/k_B"})
    step = ("step", np.arange(spins.shape[1]), {"long_name": "Gibbs steps v -> h -> v", "units": "1"})
    spin = (("start", "step", "sample", "y", "x"), spins, {"long_name": "spin", "units": "1"})
    return xr.Dataset({"spin": spin}, coords={"start": start, "step": step})
