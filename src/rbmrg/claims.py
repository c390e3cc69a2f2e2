"""From evidence to verdicts, by one written rule for each kind of control.

A verdict is `reproduced` if the estimate is within two standard errors of the reference, `not reproduced` if it is
not, and `not diagnostic` if the control shows that the test could not have told:

* against a negative control (an untrained machine) when the control, too, is within two of its errors of the reference;
* against a positive control (Monte Carlo data, for which the claim holds by construction) when the control misses the
  reference by more than a tenth of it.  A smaller miss is the systematic error of the method and is added in
  quadrature;
* when the estimate agrees, but with a standard error of more than a tenth of the reference: it would agree with almost
  anything.

The standard error is the larger of the statistical error (within machines) and the seed error (scatter of machines /
√seeds, which contains it).
"""

import numpy as np
import pandas as pd

from rbmrg import maps
from rbmrg.lattice import TC

COLUMNS = [
    "claim", "quantity", "estimate", "stat_err", "seed_err", "reference", "reference_source", "control",
    "control_estimate", "verdict",
]  # fmt: skip
STATEMENTS = {
    "C1": "RBM flows drive configurations of any temperature towards Tc",
    "C3": "the spin two-point function of flowed configurations gives Δσ = 1/8",
    "C4": "the energy two-point function of flowed configurations gives Δε = 1",
    "C5": "visible–hidden correlators of trained machines show the patches of an RG step",
}
UNTESTED = {
    "C2": "|m| against temperature scales as |T − Tc|^Δm with Δm ≈ 1/8",
    "C6": "spatial statistics of the maps tell RG-like coarse graining",
    "C7": "stacked machines and RG layers move the temperature in comparable or different directions",
}
AGREEMENT, TOLERANCE = 2.0, 0.1


def untrained(name):
    """Whether the machine called `name` is a negative control; the configuration sees to it that names tell."""
    return name.startswith("untrained")


def verdict(estimate, error, reference, control, control_error, positive):
    """The rule above; `positive` tells the kind of control.

    An estimate or control that is not a number is `not diagnostic`.  A temperature may be infinite: it is not the
    reference.
    """
    if np.isnan(estimate) or np.isnan(control):
        return "not diagnostic"
    if np.isinf(estimate):
        return "not reproduced"
    miss = abs(control - reference)
    if positive and miss > TOLERANCE * abs(reference):
        return "not diagnostic"
    if not positive and miss <= AGREEMENT * np.nan_to_num(control_error):
        return "not diagnostic"
    scale = np.hypot(error, miss) if positive else error
    if abs(estimate - reference) > AGREEMENT * scale:
        return "not reproduced"
    return "reproduced" if error <= TOLERANCE * abs(reference) else "not diagnostic"


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


def row(claim, quantity, seeds, reference, source, control, positive):
    """One row of the table.  `seeds` = (estimates, errors) of the machines, `control` = (name, estimate, error)."""
    estimate, stat, seed = combine(*seeds)
    name, control_estimate, control_error = control
    decided = verdict(estimate, standard_error(stat, seed), reference, control_estimate, control_error, positive)
    values = (claim, quantity, estimate, stat, seed, reference, source, name, control_estimate, decided)
    return dict(zip(COLUMNS, values, strict=True))


def fixed_points(readings):
    """C1: T_E at the end of the flow, for every machine and start, against Tc; control: the untrained machine.

    Flows that start at Tc are left out: a machine that does nothing would keep them there.
    """
    last = readings[(readings.step == readings.step.max()) & (readings.thermometer == "energy")]
    length = readings.step.max()
    null = last.machine.map(untrained)
    tested = last[~null & (np.abs(last.start - TC) > 0.01)]
    for (machine, start), seeds in tested.groupby(["machine", "start"], sort=False):
        control = last[null & (last.start == start)]
        name = f"T_E after {length} steps from T0 = {start:g}, {machine}"
        yield row(
            "C1", name, (seeds.temperature, seeds.error), TC, "Onsager",
            ("untrained machine", *_first(control, "temperature")), positive=False,
        )  # fmt: skip


def scaling_dimensions(dimensions):
    """C3, C4: Δσ and Δε of flows from Tc, both fits; control: Monte Carlo data at Tc fitted in the same way."""
    starts = dimensions.start.dropna().unique()
    nearest = starts[np.argmin(np.abs(starts - TC))]
    for (operator, fit), rows in dimensions.groupby(["operator", "fit"], sort=False):
        claim, symbol, exact = {"spin": ("C3", "Δσ", 0.125), "energy": ("C4", "Δε", 1.0)}[operator]
        control = rows[rows.machine == "Monte Carlo"]
        flows = rows[(rows.start == nearest) & ~rows.machine.map(untrained)]
        for machine, seeds in flows.groupby("machine", sort=False):
            yield row(
                claim, f"{symbol}, {fit} fit, {machine}", (seeds.dimension, seeds.error), exact, "exact",
                ("Monte Carlo at Tc, same fit", *_first(control, "dimension")), positive=True,
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
            yield row("C5", quantity, tuple(seeds), reference, source, control, positive=False)


def contrast(map_dataset):
    """(mean over hidden units of peak − far value, its standard error over units)."""
    peak, far = maps.peak_and_far(map_dataset.correlator.values)
    difference = peak - far
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))


def assess(readings, dimensions, rule_map, machine_maps):
    """The table of claims, one row for each quantity that can be tested so far."""
    rows = [*fixed_points(readings), *scaling_dimensions(dimensions), *patches(rule_map, machine_maps)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _first(rows, column):
    """(value, error) of the first of `rows`, NaN if there is none."""
    return (rows[column].iloc[0], rows.error.iloc[0]) if len(rows) else (np.nan, np.nan)
