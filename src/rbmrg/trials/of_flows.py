"""Errors of what is read off the end of a flow: scaling dimensions, |m| at its energy, fixed points."""

import numpy as np
import xarray as xr

from rbmrg import correlators, exact, rbm, sampling
from rbmrg.coverage import gaussian
from rbmrg.exponents import dimensions
from rbmrg.flows import ends, equilibrium, fixed_points, gibbs, snapshots
from rbmrg.lattice import TC, energy

STARTS = (0.0, 1.0, TC, 3.0, 5.9)
L = 10
CHAINS = 250  # from each start
# Chains of the exact machine that begin in equilibrium stay there: two late snapshots, one step apart, are the most
# correlated data that a flow can have.
STEPS = [0, 1, 2]
LONG = 400  # times as many configurations or chains give the dimensions and the times of perfect statistics
BATCH = 50_000

SMALL = 6  # L of the flows from far away, at a temperature at which they relax in ten steps
T = 2.6
SHORT = 300  # steps


def scaling_dimensions(rng):
    """Δσ and Δε at the end of flows of the exact machine at Tc, and |m| there over that of the Ising model at T_E."""
    size = LONG * CHAINS * len(STARTS) // BATCH
    parts = [correlators.measure(sampling.sample(L, TC, BATCH, rng)) for _ in range(size)]
    truths = _dimensions(xr.concat(parts, "block")) | {"|m| over |m| at T_E": gaussian(1.0, 0.0)}
    machine = rbm.exact_machine(L, TC)

    def replica(rng):
        flows = {start: gibbs.run(machine, sampling.sample(L, TC, CHAINS, rng), STEPS, rng) for start in STARTS}
        flow = snapshots.dataset(flows, STEPS)
        measured = ends.correlators_of(flow, True, CHAINS, rng).sel(ensemble="end")
        compared = equilibrium.at_best_temperature(snapshots.end(flow, True), rng, 10_000).set_index("observable")
        m = compared.loc["abs_magnetisation"]
        return _dimensions(measured) | {"|m| over |m| at T_E": gaussian(m.flow / m.expected, m.error / m.expected)}

    return {name: found[:2] for name, found in truths.items()}, replica


def _dimensions(measured):
    """{quantity: Estimate} of both fits to a Dataset of `correlators.measure`."""
    fits = dimensions.fits(measured)
    symbols = {"spin": "Δσ", "energy": "Δε"}
    return {
        f"{symbols[row.operator]}, {row.fit} fit": gaussian(row.dimension, row.error) for row in fits.itertuples()
    }  # fmt: skip


def fixed_point(rng):
    """The end of flows of the exact machine from far away, and how long they take to forget their start."""
    machine = rbm.exact_machine(SMALL, T)
    steps = np.array(snapshots.steps(SHORT))
    names = {"fixed point": "T", "cold end": "T_cold", "hot end": "T_hot"}
    times = {"relaxation time, cold": "time_cold", "relaxation time, hot": "time_hot"}

    def energies(start, n, rng):
        return energy(gibbs.run(machine, sampling.sample(SMALL, start, n, rng), steps, rng))

    def replica(rng):
        E = np.stack([energies(start, CHAINS, rng) for start in STARTS])
        point = fixed_points.fixed_point(E, STARTS, steps, SMALL)
        return {text: gaussian(point[name], point[f"{name}_error"]) for text, name in (names | times).items()}

    truths = dict.fromkeys(names, (T, 0.0))
    end = SMALL**2 * exact.energy_per_spin(SMALL, T)
    for text, start in zip(times, (STARTS[0], STARTS[-1]), strict=True):
        truths[text] = fixed_points.relaxation_time(energies(start, LONG * CHAINS, rng), end, steps)
    return truths, replica
