"""Ends of flows whose truth is known: Monte Carlo data, also with rearranged sites, judged as flows are."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from rbmrg import correlators, sampling
from rbmrg.exponents import dimensions
from rbmrg.flows import equilibrium, fixed_points, snapshots
from rbmrg.lattice import TC, energy
from rbmrg.machines import controls
from rbmrg.report import claims_of_flows
from rbmrg.report.verdicts import REGIONS

STEPS = [0, 500, 1000]  # two snapshots in the second half of a flow, as in a study of this length or less
REFERENCE = 4  # configurations of equilibrium for each that is compared with them
CLAIMS = ("C1", "C2", "C3", "C4")


class Case(NamedTuple):
    """Configurations at temperature `T`; of a `share` of them the sites are rearranged as `sites` says."""

    T: float
    sites: str = "lattice"
    share: float = 1.0
    power: bool = False  # a distance for the table of power, no known answer

    def draw(self, L, n, rng):
        """`n` configurations, int8 ±1 [n, L, L]."""
        spins = sampling.sample(L, self.T, n, rng)
        changed = rng.random(n) < self.share
        spins[changed] = controls.rearranged(spins[changed], self.sites, None, rng)
        return spins


def _named(T):
    return "Tc" if T == TC else f"{T:g}"


DISTANCES = (-0.15, -0.12, -0.08, -0.05, 0.05, 0.08, 0.12, 0.15)  # from Tc
CASES = {
    **{f"monte-carlo-{_named(T)}": Case(T) for T in (TC, 2.0, 2.2, 2.4, 2.6)},
    **{sites: Case(TC, sites) for sites in ("shuffled", "independent")},
    **{f"monte-carlo-Tc{d:+g}": Case(TC + d, power=True) for d in DISTANCES},
    **{f"shuffled-{share:g}": Case(TC, "shuffled", share, power=True) for share in (0.1, 0.2, 0.4)},
}


def judge(name, L, starts, n, replicas, methods, stream, progress=None):
    """The rows of C1 to C4 for independent replicas of the case called `name`, a DataFrame with `case` and `replica`.

    Each replica is a flow of `n` chains from each of `starts` temperatures that is at its end from the beginning.
    `methods`: the rows of Monte Carlo data in a table of scaling dimensions; `stream(name)`: a Generator;
    `progress(done)` is called after each replica.
    """
    generator = stream(name)
    found = []
    for replica in range(replicas):
        found.append(_replica(CASES[name], L, starts, n, generator))
        if progress:
            progress(replica + 1)
    points, equilibria, fits = (
        pd.concat([tables[k].assign(machine=f"{replica}", seed=0) for replica, tables in enumerate(found)])
        for k in range(3)
    )
    rows = [
        *claims_of_flows.fixed_points(points),
        *claims_of_flows.magnetisations(equilibria, points),
        *claims_of_flows.scaling_dimensions(pd.concat([methods, fits]), points),
    ]
    table = pd.DataFrame(rows)
    return table[table.source.isin(points.machine)].rename(columns={"source": "replica"}).assign(case=name)


def _replica(case, L, starts, n, generator):
    """(fixed points, comparison with equilibrium, torus fits) of one flow, DataFrames."""
    spins = case.draw(L, len(starts) * len(STEPS) * n, generator).reshape(len(starts), len(STEPS), n, L, L)
    flow = snapshots.dataset(dict(zip(starts, spins, strict=True)), STEPS)
    point = fixed_points.fixed_point(energy(flow.spin.values), np.asarray(starts), flow.step.values, L)
    point |= fixed_points.rivals(L, 0.0)  # no data that could have been learned
    end = snapshots.end(flow, point["stationary"])
    compared = equilibrium.at_best_temperature(end, generator, REFERENCE * len(end)).assign(reference="equilibrium")
    measured = correlators.measure(snapshots.late(flow, point["stationary"]), min(correlators.BLOCKS, n // 4))
    fits, _ = dimensions.fits(measured)
    return pd.DataFrame([point]), compared, fits.assign(kind="machine", ensemble="end")


def truth(claim, case, estimate):
    """Whether a `claim` is true of a Case, where replicas have the mean `estimate`, {claim: number}.

    For known answers this is known: C1 by the temperature, C2 of all Monte Carlo data, C3 and C4 at Tc alone.  For the
    distances of the table of power it is whether the mean over replicas, whose error is small, lies inside the region.
    """
    genuine = case.sites == "lattice"
    if claim == "C1":
        return REGIONS["temperature"].holds(case.T if genuine else estimate["C1"])
    if claim == "C2":
        return genuine or (case.power and REGIONS["magnetisation"].holds(estimate["C2"]))
    if not case.power:
        return genuine and case.T == TC
    spin = REGIONS["spin"].holds(estimate["C3"])
    return spin if claim == "C3" else spin and REGIONS["energy"].holds(estimate["C4"])


def summaries(table):
    """(known answers, power): DataFrames from the rows of `judge` for all cases.

    Each has a row for each claim and case: truth, the most frequent verdict, and the shares of replicas with a wrong
    verdict, a right one, and none (undecided or not diagnostic); that of power also the mean estimate.
    """
    tables = {False: [], True: []}
    for name, mine in table.groupby("case", sort=False):
        estimate = mine.groupby("claim").estimate.mean()
        for claim, rows in mine.groupby("claim", sort=False):
            true = bool(truth(claim, CASES[name], estimate))
            tables[CASES[name].power].append(
                {"claim": claim, "case": name, "estimate": estimate[claim], **verdicts_of(rows.verdict, true)}
            )
    known, power = (
        pd.DataFrame(tables[which]).sort_values(["claim", "case"], kind="stable") for which in (False, True)
    )
    return known.drop(columns="estimate"), power


def verdicts_of(verdicts, true):
    """What replicas say of a claim that is `true` or not, {column: value}."""
    right, wrong = ("reproduced", "not reproduced") if true else ("not reproduced", "reproduced")
    shares = verdicts.value_counts(normalize=True)
    return {
        "truth": "holds" if true else "fails",
        "verdict": shares.index[0],
        "wrong_share": shares.get(wrong, 0.0),
        "right_share": shares.get(right, 0.0),
        "replicas": len(verdicts),
    }
