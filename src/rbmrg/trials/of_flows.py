"""Errors of what is read off the end of a flow: scaling dimensions, |m| at its energy, fixed points."""

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg import correlators, exact, rbm, sampling
from rbmrg.coverage import LEVELS, Estimate, gaussian
from rbmrg.exponents import dimensions
from rbmrg.flows import ends, equilibrium, fixed_points, gibbs, snapshots
from rbmrg.lattice import TC, energy
from rbmrg.report import claims_of_flows

STARTS = (0.0, 1.0, TC, 3.0, 5.9)
L = 10
CHAINS = 250  # from each start
# Chains of the exact machine that begin in equilibrium stay there: two late snapshots, one step apart, are the most
# correlated data that a flow can have.
STEPS = [0, 1, 2]
ENDS = [f"T_E, {flows}" for flows in ("all flows", "flows from the coldest start", "flows from the hottest start")]
LONG = 400  # times as many configurations or chains give the dimensions and the times of perfect statistics
BATCH = 50_000

SMALL = 6  # L of the flows from far away, at a temperature at which they relax in ten steps
T = 2.6
SHORT = 300  # steps
MOVING = 30  # steps, three relaxation times of the energy: from there on the drift is more than what is left


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

    return {name: found.truth for name, found in truths.items()}, replica


def _dimensions(measured):
    """{quantity: Estimate} of both fits to a Dataset of `correlators.measure`."""
    fits = dimensions.fits(measured)
    symbols = {"spin": "Δσ", "energy": "Δε"}
    return {
        f"{symbols[row.operator]}, {row.fit} fit": gaussian(row.dimension, row.error) for row in fits.itertuples()
    }  # fmt: skip


def fixed_point(rng):
    """The end of flows of the exact machine from far away, and how long they take to forget their start.

    Where they end, as C1 says it: of flows that are there, and of the same flows as long as they still move.
    """
    machine = rbm.exact_machine(SMALL, T)
    steps = np.array(snapshots.steps(SHORT))
    times = {"relaxation time, cold": "time_cold", "relaxation time, hot": "time_hot"}

    def energies(start, n, rng):
        return energy(gibbs.run(machine, sampling.sample(SMALL, start, n, rng), steps, rng))

    def replica(rng):
        E = np.stack([energies(start, CHAINS, rng) for start in STARTS])
        point = fixed_points.fixed_point(E, STARTS, steps, SMALL)
        found = {text: gaussian(point[name], point[f"{name}_error"]) for text, name in times.items()}
        moving = steps <= MOVING
        return found | _ends(point) | _ends(fixed_points.fixed_point(E[:, moving], STARTS, steps[moving], SMALL))

    truths = dict.fromkeys(ENDS, (T, 0.0))
    end = SMALL**2 * exact.energy_per_spin(SMALL, T)
    for text, start in zip(times, (STARTS[0], STARTS[-1]), strict=True):
        truths[text] = fixed_points.relaxation_time(energies(start, LONG * CHAINS, rng), end, steps)
    return truths, replica


def _ends(point):
    """{quantity: Estimate} of T_E at the end, all flows together or, if they still move, from either side."""
    rows = pd.DataFrame([point])
    both = zip(*(claims_of_flows.ends(rows, level).items() for level in LEVELS.values()), strict=True)
    return {f"T_E, {quantity}": Estimate(in68.estimate, in68.low, in68.high, in95.low, in95.high,
            bound=not point["stationary"]) for (quantity, in68), (_, in95) in both}  # fmt: skip
