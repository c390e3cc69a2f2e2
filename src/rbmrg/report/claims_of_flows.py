"""Claims C1 to C4: where Gibbs flows end, and what the configurations there are like."""

import numpy as np

from rbmrg import exact
from rbmrg.exponents.magnetisation import WINDOW, yang_exponent
from rbmrg.report.evidence import of_column, row, scopes
from rbmrg.report.verdicts import REGIONS
from rbmrg.stats import Interval

REFERENCE = "Monte Carlo"  # the source of Monte Carlo data: at Tc, or grouped as flows are by the network's class
OPERATORS = (("spin", "C3"), ("energy", "C4"))
SYMBOLS = {"spin": "Δσ", "energy": "Δε"}
# The ensemble and, for each operator, the fit: ours, and the paper's.
WAYS = (("end", {"spin": "torus", "energy": "amplitude"}), ("grouped", {"spin": "plain", "energy": "plain"}))
LABELS = {
    "torus": "torus function",
    "amplitude": "torus function with its amplitude",
    "plain": "the paper's way: class nearest Tc, plain fit",
}


def fixed_points(points):
    """C1: T_E at the end of the flows of every machine; rival: T_mix of its training data."""
    region = REGIONS["temperature"]
    for machine, seeds in points.groupby("machine", sort=False):
        T_mix = exact.temperature_of_energy(seeds.L.iloc[0], _energy_of(seeds, "T_mix").mean())
        learned = region.holds(T_mix) and seeds.control.iloc[0] != "untrained"
        fault = f"its training data have the energy of T = {T_mix:.3f}, inside the region" if learned else ""
        for scope, rows in scopes(seeds):
            for quantity, found in ends(rows).items():
                yield row("C1", f"T_E at the end of {quantity}", machine, scope, [(found, region)], fault)


def ends(points):
    """{which flows: Interval of T_E at their end}, from the fixed points of one or more seeds of a machine.

    All flows together if all are stationary.  If not, those from the coldest and those from the hottest start: the
    interval is then extended by the drift since half the flow.  If the rest of the way is exponential, it is shorter
    than that as soon as the flow is longer than 1.4 relaxation times.
    """
    if points.stationary.all():
        return {"all flows": temperature(points, "u")}
    return {f"flows from the {side} start": temperature(points, f"u_{short}", points[f"drift_{short}"].mean())
            for side, short in (("coldest", "cold"), ("hottest", "hot"))}  # fmt: skip


def temperature(points, column, drift=0.0):
    """Interval of T_E from energies per spin, a `column` of `points`: energies are averaged, temperatures may be ∞."""
    found = of_column(points, column, f"{column}_error")
    limits = [found.estimate, found.low + min(drift, 0.0), found.high + max(drift, 0.0)]
    L = points.L.iloc[0]
    T, low, high = (float(exact.temperature_of_energy(L, max(u, -2.0))) for u in limits)
    slope = exact.specific_heat(L, T) if 0 < T < np.inf else 0.0
    return Interval(T, found.error / slope if slope else np.nan, low, high)


def _energy_of(points, column):
    """Exact energies per spin at the temperatures of a `column` of `points`."""
    return exact.energy_per_spin(points.L.iloc[0], points[column].to_numpy())


def magnetisations(equilibrium, points):
    """C2: |m| of the end of the flows against that of the Ising model at T_E; the paper's exponent, on Yang's curve.

    `equilibrium`: tables of `flows.equilibrium`.
    """
    exponent = yang_exponent()
    reason = f"Yang's exact curve itself has Δm = {exponent:.3f} from T = {WINDOW[0]:g} to {WINDOW[1]:g}"
    yield row(
        "C2", "Δm of |m| by network class, the paper's fit", "Yang's curve", "exact",
        [(Interval(exponent, 0.0, exponent, exponent), REGIONS["spin"])], reason,
    )  # fmt: skip
    chosen = (equilibrium.reference == "equilibrium") & (equilibrium.observable == "abs_magnetisation")
    for machine, seeds in equilibrium[chosen].groupby("machine", sort=False):
        L = points.L[points.machine == machine].iloc[0]
        for scope, rows in scopes(seeds):
            ratios = rows.assign(value=rows.flow / rows.expected, ratio_error=rows.error / rows.expected)
            found = of_column(ratios, error="ratio_error")
            fault = _independent(L, rows["T"].mean(), rows.expected.mean())
            yield row("C2", "|m| against |m| of the Ising model at T_E", machine, scope,
                      [(found, REGIONS["magnetisation"])], fault)  # fmt: skip


def _independent(L, T, expected):
    """Why |m| tells nothing at temperature `T`, where `expected` is that of the Ising model; "" if it tells.

    Independent spins of a common mean have E = −2 N m², and never less |m| than √(2/πN).
    """
    u = exact.energy_per_spin(L, T) if np.isfinite(T) else 0.0
    alike = max(np.sqrt(-u / 2), np.sqrt(2 / np.pi) / L)
    text = f"independent spins of the energy of T = {T:.2f} have nearly the same |m|"
    return text if REGIONS["magnetisation"].holds(alike / expected) else ""


def scaling_dimensions(dimensions, points):
    """C3, C4: Δσ and Δε at the end of flows, by torus functions; the paper's way, once and for every machine."""
    for ensemble, ways in WAYS:
        fits = dimensions[(dimensions.ensemble == ensemble) & (dimensions.fit == dimensions.operator.map(ways))]
        methods = {operator: method(fits, operator, claim, LABELS[ways[operator]]) for operator, claim in OPERATORS}
        yield from methods.values()
        for machine in points.machine.unique():
            mine = fits[(fits.kind == "machine") & (fits.machine == machine)]
            for row_of_method, operator in zip(methods.values(), methods, strict=True):
                yield from dimension(row_of_method, machine, mine, operator)


def method(fits, operator, claim, label):
    """The row of Monte Carlo data, at Tc or of the class nearest to it, which a method must find inside the region."""
    symbol = SYMBOLS[operator]
    reference = (fits.kind == "monte carlo") & (fits.machine == REFERENCE) & (fits.operator == operator)
    found = of_column(fits[reference], "dimension")
    region = REGIONS[operator]
    works = region.holds(found.low) and region.holds(found.high)
    fault = "" if works else f"Monte Carlo data give {symbol} = {found.estimate:.3f} this way"
    return row(claim, f"{symbol}, {label}", REFERENCE, "the method", [(found, region)], fault)


def dimension(of_method, machine, fits, operator):
    """Rows of one machine, whose `fits` are of both operators; C4 asks for the dimension of the spin, too."""
    operators = [operator] if operator == "spin" else [operator, "spin"]
    for scope, rows in scopes(fits):
        tests = [(of_column(rows[rows.operator == name], "dimension"), REGIONS[name]) for name in operators]
        yield row(of_method["claim"], of_method["quantity"], machine, scope, tests, of_method["reason"])
