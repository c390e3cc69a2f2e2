"""Claims C1 to C4: where Gibbs flows end, and the exponents of the configurations there."""

import pandas as pd

from rbmrg.exponents import magnetisation
from rbmrg.lattice import TC
from rbmrg.report.evidence import first, known_seeds, row
from rbmrg.report.verdicts import Control, Reference
from rbmrg.stats import total_error

REFERENCE = "Monte Carlo"  # the source of Monte Carlo data that is grouped as flows are: whole, by the network's class
OPERATORS = (  # operator, its claim, the symbol of its scaling dimension and the exact value
    ("spin", "C3", "Δσ", Reference(0.125, "exact")),
    ("energy", "C4", "Δε", Reference(1.0, "exact")),
)


def fixed_points(points):
    """C1: T_E at the end of the stationary flows of every machine, against Tc; rival: T_mix of its training data."""
    for machine, seeds in points.groupby("machine", sort=False):
        still = stationary(seeds)
        count = f"{seeds.stationary.sum()} of {len(seeds)} stationary by {seeds.length.max()}"
        rival = Control("T_mix of the training data", seeds.T_mix.iloc[0], 0.0, "rival")
        yield row(
            "C1", f"fixed point, {machine} ({count})", (still["T"], still.T_error), Reference(TC, "Onsager"), rival
        )  # fmt: skip


def stationary(seeds):
    """The stationary ones of the `seeds` of one machine, a table of fixed points; none if they are less than half."""
    still = seeds[seeds.stationary]
    return still if 2 * len(still) >= len(seeds) else still[:0]


def magnetisation_exponents(scans, points):
    """C2: Δm of |m| grouped by the network's class, for flows and for controls, against that of Monte Carlo data."""
    found = pd.DataFrame(
        [
            (*key, *magnetisation.central(scan)[:2])
            for key, scan in scans.groupby(["kind", "machine", "seed"], sort=False)
        ],
        columns=["kind", "machine", "seed", "exponent", "error"],
    )  # fmt: skip
    reference = _reference(found)
    control = Control("Monte Carlo, same classes", *first(found[reference], "exponent"), "positive")
    others = found[~reference]
    sources = [*zip(others.kind, others.machine, strict=True), *(("machine", name) for name in points.machine)]
    for kind, machine in dict.fromkeys(sources):
        seeds = others[(others.kind == kind) & (others.machine == machine)]
        yield row(
            "C2", f"Δm of |m| by network class, {machine}", (seeds.exponent, seeds.error), Reference(0.125, "exact"),
            control,
        )  # fmt: skip


def scaling_dimensions(dimensions, points):
    """C3, C4: Δσ and Δε of flows, the paper's way and the careful way, beside Monte Carlo data treated alike."""
    for operator, claim, symbol, exact in OPERATORS:
        fits = dimensions[dimensions.operator == operator]
        for machine, seeds in points.groupby("machine", sort=False):
            mine = fits[(fits.kind == "machine") & (fits.machine == machine)]
            yield paper_dimension(claim, f"{symbol}, class nearest Tc, plain fit, {machine}", mine, fits, exact)
            still = mine[mine.seed.isin(stationary(seeds).seed)]
            yield careful_dimension(claim, f"{symbol}, stationary flow, torus fit, {machine}", still, exact)


def paper_dimension(claim, quantity, mine, fits, exact):
    """The row for a plain fit to configurations grouped by class: `mine` of one machine, `fits` of all sources."""
    plain = mine[(mine.fit == "plain") & (mine.ensemble == "grouped")]
    alike = fits[_reference(fits) & (fits.fit == "plain") & (fits.ensemble == "grouped")]
    control = Control("Monte Carlo, same class and fit", *first(alike, "dimension"), "positive")
    return row(claim, quantity, (plain.dimension, plain.error), exact, control)


def careful_dimension(claim, quantity, still, exact):
    """The row for torus fits to the ends of the stationary flows of one machine, whose fits are `still`."""
    torus = still[still.fit == "torus"]
    ends = torus[torus.ensemble == "end"]
    alike = torus[torus.ensemble == "equilibrium"]
    estimate, *errors = known_seeds(alike.dimension, alike.error)
    control = Control("equilibrium at its T, same fit", estimate, total_error(*errors), "positive")
    return row(claim, quantity, (ends.dimension, ends.error), exact, control)


def _reference(table):
    """Whether rows are of the Monte Carlo data that were treated as flows are."""
    return (table.kind == "monte carlo") & (table.machine == REFERENCE)
