"""The ends of all flows of a machine beside equilibrium and beside its training data, in real and in momentum space."""

import xarray as xr

from rbmrg import correlators, sampling
from rbmrg.flows import equilibrium, momentum_space, seeds, snapshots
from rbmrg.rbm import closed_forms

DATA = 5  # configurations of the training mixture for each chain of a flow
REFERENCE = 20  # configurations of equilibrium for each chain, where correlators are compared


def compare_all(flows, machines, points, entry, n, stream, progress=None):
    """Compare the ends of the flows of all seeds of a machine: ({name: DataFrame}, Dataset of correlators).

    `flows` and `machines` are iterables of flow Datasets and RBMs, seed by seed; `points` is the table of their fixed
    points, `entry` the `Entry` of the machine and `n` the number of chains from each start.  `stream(stage, *key)`
    gives the Generators: ("spectrum", name) draws the training mixture, ("equilibrium", name, seed) the references of
    each seed.  `progress(done)` is called after each seed.

    For the tables see `tables_of`, for the correlators, which get the dimension seed, `correlators_of`.
    """
    data = sampling.mixture(entry.L, entry.temperatures, DATA * n, stream("spectrum", entry.name))
    tables = []
    measured = []
    for seed, (flow, machine, stationary) in enumerate(zip(flows, machines, points.stationary, strict=True)):
        rng = stream("equilibrium", entry.name, seed)
        tables.append(tables_of(flow, machine, stationary, entry.temperatures, data, rng))
        measured.append(correlators_of(flow, stationary, n, rng))
        if progress:
            progress(seed + 1)
    return seeds.joined(tables, entry.columns), xr.concat(measured, "seed")


def tables_of(flow, machine, stationary, temperatures, data, rng):
    """One flow of a `machine` trained at `temperatures`: {"equilibrium", "momentum", "singular_values": DataFrame}.

    They are those of `equilibrium.assess`, with a column `stationary`, and of `momentum_space`, with `data` [n, L, L].
    """
    L = data.shape[-1]
    end = snapshots.end(flow, stationary)
    W = closed_forms.lattice_weights(machine, L)
    return {
        "equilibrium": equilibrium.assess(end, temperatures, rng).assign(stationary=stationary),
        "momentum": momentum_space.momentum_table(W, end, data),
        "singular_values": momentum_space.singular_table(W, L),
    }


def correlators_of(flow, stationary, n, rng):
    """Two-point functions of the ensembles `end`, the late part of a flow of `n` chains, and `equilibrium` at its T_E.

    A Dataset of `correlators.measure` with the dimension ensemble, in n/4 blocks at most.
    """
    T, _ = equilibrium.best_temperature(snapshots.end(flow, stationary))
    L = flow.sizes["x"]
    ensembles = {
        "end": snapshots.late(flow, stationary),
        "equilibrium": sampling.sample(L, T, REFERENCE * n, rng),
    }
    blocks = min(correlators.BLOCKS, n // 4)
    measured = [correlators.measure(spins, blocks) for spins in ensembles.values()]
    return xr.concat(measured, xr.Variable("ensemble", list(ensembles), {"long_name": "ensemble of configurations"}))
