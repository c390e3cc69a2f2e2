"""From evidence to verdicts, by one written rule for each kind of control.

A verdict is `reproduced` if the estimate is within two standard errors of the reference, `not reproduced` if it is
not, and `not diagnostic` if there is no estimate, or if the control shows that the test could not have told:

* against a negative control (an untrained machine) when the control, too, is within two of its errors of the reference;
* against a rival prediction when the estimate agrees with both;
* against a positive control (Monte Carlo data, for which the claim holds by construction) when the control misses the
  reference by more than a tenth of it.  A smaller miss is the systematic error of the method and is added in
  quadrature;
* when the estimate agrees, but with a standard error of more than a tenth of the reference: it would agree with almost
  anything.

A fixed point (C1) is that of the seeds whose flows are stationary, if these are at least half of all; else there is no
estimate.  Its rival is T_mix, the temperature of the mean energy of the training data: a machine trained at Tc that
flows to Tc has learned its data, and says nothing about the renormalization group.

Exponents are given the paper's way (configurations grouped by the class of its network, plain power laws) and the
careful way (the second half of stationary flows, torus function).  The positive control is Monte Carlo data treated
in the same way: grouped by the same network, or equilibrium at the temperature where the flow ended.

The standard error is the larger of the statistical error (within machines) and the seed error (scatter of machines /
√seeds, which contains it).
"""

import numpy as np
import pandas as pd

from rbmrg import maps, scaling
from rbmrg.lattice import TC

COLUMNS = [
    "claim", "quantity", "estimate", "stat_err", "seed_err", "reference", "reference_source", "control",
    "control_estimate", "verdict",
]  # fmt: skip
STATEMENTS = {
    "C1": "RBM flows drive configurations of any temperature towards Tc",
    "C2": "|m| of flowed configurations against their measured temperature scales as |T − Tc|^Δm with Δm ≈ 1/8",
    "C3": "the spin two-point function of flowed configurations gives Δσ = 1/8",
    "C4": "the energy two-point function of flowed configurations gives Δε = 1",
    "C5": "visible–hidden correlators of trained machines show the patches of an RG step",
}
UNTESTED = {
    "C6": "spatial statistics of the maps tell RG-like coarse graining",
    "C7": "stacked machines and RG layers move the temperature in comparable or different directions",
}
VERDICTS = ("reproduced", "not reproduced", "not diagnostic")
AGREEMENT, TOLERANCE = 2.0, 0.1


def untrained(name):
    """Whether the machine called `name` is a negative control; the configuration sees to it that names tell."""
    return name.startswith("untrained")


def verdict(estimate, error, reference, control, control_error, kind):
    """The rule above; `kind` is that of the control: "positive", "negative" or "rival".

    An estimate or control that is not a number is `not diagnostic`.  A temperature may be infinite: it is not the
    reference.
    """
    if np.isnan(estimate) or np.isnan(control):
        return "not diagnostic"
    if np.isinf(estimate):
        return "not reproduced"
    miss = abs(control - reference)
    if kind == "positive" and miss > TOLERANCE * abs(reference):
        return "not diagnostic"
    if kind == "negative" and miss <= AGREEMENT * np.nan_to_num(control_error):
        return "not diagnostic"
    scale = np.hypot(error, miss) if kind == "positive" else error
    if abs(estimate - reference) > AGREEMENT * scale:
        return "not reproduced"
    told = error <= TOLERANCE * abs(reference) and not (
        kind == "rival" and abs(estimate - control) <= AGREEMENT * np.hypot(error, control_error)
    )
    return "reproduced" if told else "not diagnostic"


def combine(estimates, errors):
    """(mean, statistical error, seed error) over seeds; the seed error is NaN for a single or an infinite estimate."""
    estimates, errors = np.asarray(estimates, float), np.asarray(errors, float)
    seeds = len(estimates)
    scatter = estimates.std(ddof=1) / np.sqrt(seeds) if seeds > 1 and np.isfinite(estimates).all() else np.nan
    return estimates.mean(), np.sqrt((errors**2).sum()) / seeds, scatter


def standard_error(stat, seed):
    """The error of a verdict: the scatter of machines contains their statistical errors, so the larger of the two.

    One that is NaN does not count.
    """
    return np.fmax(stat, seed)


def row(claim, quantity, seeds, reference, source, control, kind):
    """One row of the table.  `seeds` = (estimates, errors) of the machines, `control` = (name, estimate, error)."""
    estimate, stat, seed = combine(*seeds)
    name, control_estimate, control_error = control
    decided = verdict(estimate, standard_error(stat, seed), reference, control_estimate, control_error, kind)
    values = (claim, quantity, estimate, stat, seed, reference, source, name, control_estimate, decided)
    return dict(zip(COLUMNS, values, strict=True))


def fixed_points(points):
    """C1: T_E at the end of stationary flows of every machine, against Tc; rival: T_mix of its training data."""
    for machine, seeds in points.groupby("machine", sort=False):
        still = stationary(seeds)
        quantity = (
            f"fixed point, {machine} ({seeds.stationary.sum()} of {len(seeds)} stationary by {seeds.length.max()})"
        )
        found = _seeds(still["T"], still.T_error)
        rival = ("T_mix of the training data", seeds.T_mix.iloc[0], 0.0)
        yield row("C1", quantity, found, TC, "Onsager", rival, "rival")


def stationary(seeds):
    """The stationary ones of the `seeds` of one machine, a table of fixed points; none if they are less than half."""
    still = seeds[seeds.stationary]
    return still if 2 * len(still) >= len(seeds) else still[:0]


def magnetisation_exponents(scans, points):
    """C2: Δm of |m| grouped by the network's class, of flows and of Monte Carlo data, controls included."""
    exponents = pd.DataFrame(
        [
            (machine, *scaling.central(scan)[:2])
            for (machine, _), scan in scans.groupby(["machine", "seed"], sort=False)
        ],
        columns=["machine", "exponent", "error"],
    )  # fmt: skip
    control = exponents[exponents.machine == "Monte Carlo"]
    for machine in dict.fromkeys([*exponents.machine, *points.machine]):
        seeds = exponents[exponents.machine == machine]
        if machine != "Monte Carlo":
            yield row(
                "C2", f"Δm of |m| by network class, {machine}", _seeds(seeds.exponent, seeds.error), 0.125, "exact",
                ("Monte Carlo, same classes", *_first(control, "exponent")), kind="positive",
            )  # fmt: skip


def scaling_dimensions(dimensions, points):
    """C3, C4: Δσ and Δε of flows, the paper's way and the careful way, beside Monte Carlo data treated alike."""
    monte_carlo = dimensions[(dimensions.machine == "Monte Carlo") & (dimensions.ensemble == "grouped")]
    for operator, claim, symbol, exact in (("spin", "C3", "Δσ", 0.125), ("energy", "C4", "Δε", 1.0)):
        for machine, seeds in points.groupby("machine", sort=False):
            mine = dimensions[(dimensions.machine == machine) & (dimensions.operator == operator)]
            plain = mine[(mine.fit == "plain") & (mine.ensemble == "grouped")]
            alike = monte_carlo[(monte_carlo.operator == operator) & (monte_carlo.fit == "plain")]
            yield row(
                claim, f"{symbol}, class nearest Tc, plain fit, {machine}", _seeds(plain.dimension, plain.error), exact,
                "exact", ("Monte Carlo, same class and fit", *_first(alike, "dimension")), kind="positive",
            )  # fmt: skip
            torus = mine[(mine.fit == "torus") & mine.seed.isin(stationary(seeds).seed)]
            ends, alike = (torus[torus.ensemble == ensemble] for ensemble in ("end", "equilibrium"))
            control, *errors = combine(*_seeds(alike.dimension, alike.error))
            yield row(
                claim, f"{symbol}, stationary flow, torus fit, {machine}", _seeds(ends.dimension, ends.error), exact,
                "exact", ("equilibrium at its T, same fit", control, standard_error(*errors)), kind="positive",
            )  # fmt: skip


def patches(rule_map, machine_maps):
    """C5: peak of |⟨v h⟩| less its value at the farthest site, mean over hidden units; reference: an RG rule."""
    reference, source = contrast(rule_map)[0], f"{rule_map.attrs['source']}, same spins"
    null = [contrast(m) for m in machine_maps if untrained(m.attrs["source"])]
    control = ("untrained machine", *(null[0] if null else (np.nan, np.nan)))
    names = dict.fromkeys(m.attrs["source"] for m in machine_maps)
    for name in names:
        if not untrained(name):
            seeds = zip(*(contrast(m) for m in machine_maps if m.attrs["source"] == name), strict=True)
            quantity = f"contrast of ⟨v h⟩ maps, {name}"
            yield row("C5", quantity, tuple(seeds), reference, source, control, "negative")


def contrast(map_dataset):
    """(mean over hidden units of peak − far value, its standard error over units)."""
    peak, far = maps.peak_and_far(map_dataset.correlator.values)
    difference = peak - far
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))


def assess(points, scans, dimensions, rule_map, machine_maps):
    """The table of claims, one row for each quantity that can be tested so far."""
    rows = [*fixed_points(points), *magnetisation_exponents(scans, points), *scaling_dimensions(dimensions, points)]
    return pd.DataFrame([*rows, *patches(rule_map, machine_maps)], columns=COLUMNS)


def _seeds(estimates, errors):
    """(estimates, errors) of the seeds that have an estimate; one NaN if none has."""
    known = estimates.notna()
    return (estimates[known], errors[known]) if known.any() else ([np.nan], [np.nan])


def _first(rows, column):
    """(value, error) of the first of `rows`, NaN if there is none."""
    return (rows[column].iloc[0], rows.error.iloc[0]) if len(rows) else (np.nan, np.nan)
