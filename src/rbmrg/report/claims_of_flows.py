"""Claims C1 to C4: where Gibbs flows end, and what the configurations there are like."""

import numpy as np

from rbmrg import exact
from rbmrg.exponents.magnetisation import WINDOW, yang_exponent
from rbmrg.exponents.torus_fit import dimension_of
from rbmrg.report.evidence import METHOD, UNKNOWN, Scope, of_column, row, said, scopes
from rbmrg.report.verdicts import REGIONS, verdict
from rbmrg.stats import CONFIDENCE, Interval

REFERENCE = "Monte Carlo"  # the source of Monte Carlo data: at Tc, or grouped as flows are by the network's class
SYMBOLS = {"spin": "Δσ", "energy": "Δε"}
LABELS = {
    "torus": "torus function",
    "amplitude": "torus function with its amplitude",
    "plain": "the paper's way: class nearest Tc, plain fit",
}
# The ensemble, and for each claim the fits that are asked, (operator, fit, region); the row shows the first.
SPIN = [("spin", "torus", "spin"), ("spin", "amplitude", "correlated")]
WAYS = (
    ("end", {"C3": SPIN, "C4": [("energy", "amplitude", "energy"), *SPIN]}),
    ("grouped", {"C3": [("spin", "plain", "spin")], "C4": [("energy", "plain", "energy"), ("spin", "plain", "spin")]}),
)


def fixed_points(points):
    """C1: T_E at the end of the flows of every machine; rival: T_mix of its training data.

    Rows have one more column: `median`, that of T_E over the seeds that speak together.
    """
    region = REGIONS["temperature"]
    for machine, seeds in points.groupby("machine", sort=False):
        T_mix = exact.temperature_of_energy(seeds.L.iloc[0], _mean_energy(seeds.L.iloc[0], seeds.T_mix))
        learned = region.holds(T_mix) and seeds.control.iloc[0] != "untrained"
        rival = f"its data have the energy of T = {T_mix:.3f}, inside the region" if learned else ""
        for scope, rows in scopes(seeds):
            columns = ["u"] if rows.stationary.all() else ["u_cold", "u_hot"]
            for (quantity, found), column in zip(ends(rows).items(), columns, strict=True):
                name = f"T_E at the end of {quantity}"
                median = np.median(_temperatures(rows, column)) if scope.machines > 1 else np.nan
                yield row("C1", name, machine, scope, {name: (found, region)}, rival=rival) | {"median": median}


def ends(points, confidence=CONFIDENCE):
    """{which flows: Interval of T_E at their end}, from the fixed points of one or more seeds of a machine.

    All flows together if all are stationary.  If not, those from the coldest and those from the hottest start: the
    interval is then extended by the largest drift of a seed since half the flow.  An exponential has less than that
    before it after 1.4 relaxation times; flows of the exact machine, whose slow modes are seen last, after three times
    that of the energy (`trials.of_flows`).  What is left of a shorter flow is more than its drift says.
    """
    if points.stationary.all():
        return {"all flows": temperature(points, "u", confidence=confidence)}
    return {f"flows from the {side} start": temperature(points, f"u_{short}", points[f"drift_{short}"], confidence)
            for side, short in (("coldest", "cold"), ("hottest", "hot"))}  # fmt: skip


def temperature(points, column, drifts=(0.0,), confidence=CONFIDENCE):
    """Interval of T_E from energies per spin, a `column` of `points`: energies are averaged, temperatures may be ∞."""
    found = of_column(points, column, f"{column}_error", confidence)
    limits = [found.estimate, found.low + min(0.0, *drifts), found.high + max(0.0, *drifts)]
    L = points.L.iloc[0]
    T, low, high = (float(exact.temperature_of_energy(L, max(u, -2.0))) for u in limits)
    slope = exact.specific_heat(L, T) if 0 < T < np.inf else 0.0
    return Interval(T, found.error / slope if slope else np.nan, low, high)


def _temperatures(points, column):
    """T_E of each seed from energies per spin, a `column` of `points`; of the ground state and below, 0."""
    return [float(exact.temperature_of_energy(points.L.iloc[0], max(u, -2.0))) for u in points[column]]


def _mean_energy(L, temperatures):
    """The mean of the exact energies per spin at `temperatures`, which may be ∞."""
    return float(np.mean([exact.energy_per_spin(L, T) if np.isfinite(T) else 0.0 for T in temperatures]))


def magnetisations(equilibrium, points):
    """C2: |m| of the end of the flows against that of the Ising model at T_E; the paper's exponent, on Yang's curve.

    `equilibrium`: tables of `flows.equilibrium`.
    """
    exponent = yang_exponent()
    reason = f"Yang's exact curve itself has Δm = {exponent:.3f} from T = {WINDOW[0]:g} to {WINDOW[1]:g}"
    test = (Interval(exponent, 0.0, exponent, exponent), REGIONS["spin"])
    quantity = "Δm of |m| by network class, the paper's fit"
    yield row("C2", quantity, "Yang's curve", Scope("exact", 0), {"Δm": test}, reason)
    chosen = (equilibrium.reference == "equilibrium") & (equilibrium.observable == "abs_magnetisation")
    for machine, seeds in equilibrium[chosen].groupby("machine", sort=False):
        L = points.L[points.machine == machine].iloc[0]
        for scope, rows in scopes(seeds):
            ratios = rows.assign(value=rows.flow / rows.expected, ratio_error=rows.error / rows.expected)
            test = (of_column(ratios, error="ratio_error"), REGIONS["magnetisation"])
            rival = _independent(L, _mean_energy(L, rows["T"]), rows.expected.mean())
            yield row("C2", "|m| against |m| of the Ising model at T_E", machine, scope, {"|m|": test}, rival=rival)


def _independent(L, u, expected):
    """Why |m| tells nothing at energy `u` per spin, where `expected` is that of the Ising model; "" if it tells.

    Independent spins of a common mean have E = −2 N m², and never less |m| than √(2/πN).
    """
    alike = max(np.sqrt(max(-u, 0.0) / 2), np.sqrt(2 / np.pi) / L)
    text = f"independent spins of the energy of T = {exact.temperature_of_energy(L, u):.2f} have nearly the same |m|"
    return text if REGIONS["magnetisation"].holds(alike / expected) else ""


def scaling_dimensions(dimensions, points):
    """C3, C4: Δσ and Δε at the end of flows, by torus functions; the paper's way, once and for every machine."""
    L = int(points.L.iloc[0])
    for ensemble, asked in WAYS:
        fits = dimensions[dimensions.ensemble == ensemble]
        method = by_fit(fits[(fits.kind == "monte carlo") & (fits.machine == REFERENCE)], L)
        machines = dict(iter(fits[fits.kind == "machine"].groupby("machine", sort=False)))
        found = [
            (machine, scope, by_fit(rows, L))
            for machine in points.machine.unique()
            if machine in machines
            for scope, rows in scopes(machines[machine])
        ]
        for claim, fit_names in asked.items():
            operator, fit, _ = fit_names[0]
            quantity = f"{SYMBOLS[operator]}, {LABELS[fit]}"
            reference = tests(method, fit_names)
            fails = [said(name, *test) for name, test in reference.items() if verdict([test]) != "reproduced"]
            fault = f"on Monte Carlo data {'; '.join(fails)}" if fails else ""
            yield row(claim, quantity, REFERENCE, METHOD, reference, fault)
            for machine, scope, rows in found:
                yield row(claim, quantity, machine, scope, tests(rows, fit_names), fault)


def by_fit(fits, L):
    """{(operator, fit): Interval of the dimension}, from rows of one machine or of several, on L × L spins."""
    return {
        (operator, fit): of_total(rows, L, operator) if fit == "amplitude" else of_column(rows, "dimension")
        for (operator, fit), rows in fits.groupby(["operator", "fit"], sort=False)
    }


def of_total(rows, L, operator):
    """Interval of the dimension by the known amplitude: sums of G are averaged, since dimensions may be ±∞."""
    found = of_column(rows, "total", "total_error")
    totals = [found.estimate, found.high, found.low, found.estimate - found.error, found.estimate + found.error]
    dimension, low, high, *changed = map(float, dimension_of(totals, L, operator))
    error = max(abs(one - dimension) for one in changed) if np.isfinite(dimension) else np.nan
    return Interval(dimension, error, low, high)


def tests(found, asked):
    """{name: (Interval, Region)} of the fits that are `asked`, of those that `by_fit` has `found`."""
    return {
        f"{SYMBOLS[operator]}{', amplitude' * (fit == 'amplitude')}": (
            found.get((operator, fit), UNKNOWN),
            REGIONS[region],
        )
        for operator, fit, region in asked
    }
