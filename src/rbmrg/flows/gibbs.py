"""The flow of a machine: v → h → v again and again from given configurations.  arXiv:1801.07172, arXiv:1906.05212."""

from itertools import pairwise

import numpy as np

from rbmrg import splits
from rbmrg.flows import snapshots
from rbmrg.rbm import closed_forms


def run(machine, spins, steps, rng):
    """The flow of `spins`, int8 ±1 [n, L, L], after each number of Gibbs steps in `steps` → int8 [steps, n, L, L].

    Raises ValueError unless `steps` are ≥ 0 and increase.
    """
    steps = list(steps)
    if not steps or any(a >= b for a, b in pairwise([-1, *steps])):
        raise ValueError(f"steps = {steps}: must be increasing numbers ≥ 0, at least one")
    rng = np.random.default_rng(rng)
    flowed = [spins]
    for before, now in pairwise([0, *steps]):
        flowed.append(advance(machine, flowed[-1], now - before, rng))
    return np.stack(flowed[1:]).astype(np.int8)


def advance(machine, spins, steps, rng):
    """`spins` [n, L, L] after `steps` times v → h → v, int8 ±1 [n, L, L].

    For a checkerboard machine, v and h together form the configuration, each drawn given the other.
    """
    visible = closed_forms.visible_units(machine, spins)
    if not steps:
        return spins
    if visible is spins:
        return machine.gibbs(spins, steps, rng)
    hidden = machine.sample_hidden(machine.gibbs(visible, steps - 1, rng), rng)
    return closed_forms.joined(machine.sample_visible(hidden, rng), hidden)


def held_out(files, n):
    """{T: int8 [≤ n, L, L]}: the first `n` held-out configurations of each of `files`, Datasets of samples at T."""
    return {file.attrs["T"]: splits.held_out_part(file.spin)[:n].values for file in files}


def from_starts(machine, starts, steps, stream, progress=None):
    """The flows of `machine` from every one of `starts`, {T: int8 [n, L, L]}: a Dataset of `snapshots.dataset`.

    `stream(key)` gives the Generator of a start; its key is T with six decimals.  `progress(done, remark)` is called
    after each start.  Raises ValueError as `run` does.
    """
    flows = {}
    for T, spins in starts.items():
        flows[T] = run(machine, spins, steps, stream(f"{T:.6f}"))
        if progress:
            progress(len(flows), f"from T = {T:g}")
    return snapshots.dataset(flows, steps)
