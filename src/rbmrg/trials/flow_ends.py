"""Cases of known truth judged as the ends of flows are, claims C1 to C4."""

import math

import numpy as np
import pandas as pd

from rbmrg import correlators, sampling
from rbmrg.exponents import dimensions
from rbmrg.flows import equilibrium, fixed_points, snapshots
from rbmrg.lattice import TC, energy
from rbmrg.machines import controls
from rbmrg.report import claims_of_flows
from rbmrg.report.evidence import COLUMNS
from rbmrg.report.verdicts import REGIONS
from rbmrg.trials.cases import CASES

STEPS = [0, 500, 700, 1000]  # the second half of a flow as `snapshots.steps` keeps it
REFERENCE = 4  # configurations of equilibrium for each that is compared with them


def judge_all(replicas, L, starts, n, methods, stream, progress=None):
    """The rows of `judge` for several cases, {name: number of replicas}, with the Generators `stream(name)`."""
    tables = []
    done = 0
    for name, count in replicas.items():
        told = (lambda replica, before=done, name=name: progress(before + replica, name)) if progress else None
        tables.append(judge(name, L, starts, n, count, methods, stream(name), told))
        done += count
    return pd.concat(tables, ignore_index=True)


def judge(name, L, starts, n, replicas, methods, generator, progress=None):
    """The rows of C1 to C4 for independent replicas of the case called `name`: DataFrame for `trials.summary`.

    Each replica is a flow of `n` chains from each of `starts` temperatures that is at its end from the beginning.
    `methods`: the rows of Monte Carlo data in a table of scaling dimensions; `progress(done)` is called after each
    replica.
    """
    found = []
    shape = (replicas, len(starts), len(STEPS), n)
    drawn = draw(CASES[name], L, math.prod(shape), generator).reshape(*shape, L, L)  # at once: see `transfer.AT_ONCE`
    for replica, spins in enumerate(drawn):
        found.append(_replica(spins, starts, generator))
        if progress:
            progress(replica + 1)
    points, equilibria, fits = (
        pd.concat(
            [tables[k].assign(machine=f"{replica}", seed=0, control="none") for replica, tables in enumerate(found)]
        )
        for k in range(3)
    )
    rows = [
        *claims_of_flows.fixed_points(points),
        *claims_of_flows.magnetisations(equilibria, points),
        *claims_of_flows.scaling_dimensions(pd.concat([methods, fits]), points),
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table[table.source.isin(points.machine)].rename(columns={"source": "replica"})
    case = CASES[name]
    estimates = table.groupby("claim").estimate.mean()
    true = [truth(claim, case, estimates) for claim in table.claim]
    return table.assign(case=name, truth=true, power=case.power)


def draw(case, L, n, rng):
    """`n` configurations of a Case, int8 ±1 [n, L, L]."""
    spins = sampling.sample(L, case.T, n, rng)
    changed = rng.random(n) < case.share
    spins[changed] = controls.rearranged(spins[changed], case.sites, None, rng)
    return spins


def _replica(spins, starts, generator):
    """(fixed points, comparison with equilibrium, torus fits) of one flow, `spins` [starts, STEPS, n, L, L]."""
    n, L = spins.shape[2:4]
    flow = snapshots.dataset(dict(zip(starts, spins, strict=True)), STEPS)
    point = fixed_points.fixed_point(energy(flow.spin.values), np.asarray(starts), flow.step.values, L)
    point |= fixed_points.rivals(L, 0.0)  # no data that could have been learned
    end = snapshots.end(flow, point["stationary"])
    compared = equilibrium.at_best_temperature(end, generator, REFERENCE * len(end)).assign(reference="equilibrium")
    measured = correlators.measure(snapshots.late(flow, point["stationary"]), min(correlators.BLOCKS, n // 4))
    fits = dimensions.fits(measured)
    return pd.DataFrame([point]), compared, fits.assign(kind="machine", ensemble="end")


def truth(claim, case, estimates):
    """Whether a `claim` is true of a Case, of which replicas have the mean `estimates`, {claim: number}.

    For known answers this is known: C1 by the temperature, C2 of all Monte Carlo data, C3 and C4 at Tc alone.  For the
    distances of the table of power it is whether the mean over replicas, whose error is small, lies inside the region.
    """
    genuine = case.sites == "lattice"
    if claim == "C1":
        known = estimates["C1"] if case.power and not genuine else case.T_E or case.T
        return REGIONS["temperature"].holds(known)
    if claim == "C2":
        return genuine or (case.power and REGIONS["magnetisation"].holds(estimates["C2"]))
    if not case.power:
        return genuine and case.T == TC
    spin = REGIONS["spin"].holds(estimates["C3"])
    return spin if claim == "C3" else spin and REGIONS["energy"].holds(estimates["C4"])
