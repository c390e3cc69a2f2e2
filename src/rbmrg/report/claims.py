"""From evidence to verdicts, by one written rule for each kind of control.

A verdict is `reproduced` if the estimate is within two standard errors of the reference, `not reproduced` if it is
not, and `not diagnostic` if there is no estimate, or if the control shows that the test could not have told:

* against a negative control (an untrained machine) when the control, too, is within two of its errors of the reference;
* against a rival prediction when the estimate agrees with both;
* against a positive control (Monte Carlo data, for which the claim holds by construction) when the control misses the
  reference by more than a tenth of it.  A smaller miss is the systematic error of the method and is added in
  quadrature;
* when the estimate agrees, but with a standard error of more than a tenth of the reference: it would agree with almost
  anything;
* when there is no finite reference.

A reference that is measured has an error of its own, which is added in quadrature to those of estimate and control.

A fixed point (C1) is that of the seeds whose flows are stationary, if these are at least half of all; else there is no
estimate.  Its rival is T_mix, the temperature of the mean energy of the training data: a machine trained at Tc that
flows to Tc has learned its data, and says nothing about the renormalization group.

Exponents are given the paper's way (configurations grouped by the class of its network, plain power laws) and the
careful way (the second half of stationary flows, torus function).  The positive control is Monte Carlo data treated
in the same way: grouped by the same network, or equilibrium at the temperature where the flow ended.

Maps and receptive fields (C5) are those of the largest lattice.  The reference is the RG rule `average`, the negative
control an untrained machine, both of the same layer.

Whether a statistic tells RG from a machine (C6) is asked of single hidden units of the first layer: the errors are the
standard deviations of units, written `units ±`.  So it is `reproduced` if a unit of the machine is like an RG block and
one of an untrained machine is not; a machine whose units are all alike may be nearer to the rule in the mean (C5), and
none of its units be like a block.  It is `not diagnostic` if that of the untrained machine is, too, or if units differ
so much that two errors reach from the reference to the untrained machine; this takes the place of the tenth.  The
statistic that sets the untrained machine farthest apart from the rule comes first.

Changes of temperature from the bottom to a layer (C7) are compared with those of the RG rule `majority`, whose lattices
are spins; the control is an untrained machine.  For the directions, the share of changes with the sign of the rule's is
compared with 1; its error is the mean of √(p (1 − p)) over the changes, where p is the probability, by their errors, of
the same sign: the true error is smaller unless all readings err together.  The thermometers of a layer in equilibrium
agree: their largest difference is compared with 0, the positive control is the rule, and 0.03 takes the place of the
tenth.

The standard error is the larger of the statistical error (within machines) and the seed error (scatter of machines /
√seeds, which contains it).
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from rbmrg.exponents import magnetisation as scaling
from rbmrg.lattice import TC
from rbmrg.stats import over_seeds, total_error
from rbmrg.layers.statistics import REFERENCE, STATISTICS
from rbmrg.layers.thermometry import disagreement

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
    "C6": "spatial statistics of the maps tell RG-like coarse graining",
    "C7": "stacked machines and RG layers move the temperature in comparable or different directions",
}
VERDICTS = ("reproduced", "not reproduced", "not diagnostic")
AGREEMENT, TOLERANCE = 2.0, 0.1
STEP = "majority"  # the RG rule whose layers are spins, which have a temperature
DISAGREEMENT = 0.03  # J/k_B, the tolerance for thermometers of one layer: the majority rule's agree this well at Tc
CERTAIN = 1e-6
NOUNS = {"map": "⟨v h⟩ maps", "field": "receptive fields"}


def untrained(name):
    """Whether the machine called `name` is a negative control; the configuration sees to it that names tell."""
    return name.startswith("untrained")


def verdict(estimate, error, reference, control, control_error, kind, tolerance=None):
    """The rule above; `kind` is that of the control: "positive", "negative" or "rival".

    An estimate or control that is not a number is `not diagnostic`.  A temperature may be infinite: it is not the
    reference.  `tolerance` bounds the error and the miss of a positive control; None: a tenth of the reference.
    """
    if np.isnan(estimate) or np.isnan(control) or not np.isfinite(reference):
        return "not diagnostic"
    if np.isinf(estimate):
        return "not reproduced"
    tolerance = TOLERANCE * abs(reference) if tolerance is None else tolerance
    miss = abs(control - reference)
    if kind == "positive" and miss > tolerance:
        return "not diagnostic"
    if kind == "negative" and miss <= AGREEMENT * np.nan_to_num(control_error):
        return "not diagnostic"
    scale = np.hypot(error, miss) if kind == "positive" else error
    if abs(estimate - reference) > AGREEMENT * scale:
        return "not reproduced"
    told = error <= tolerance and not (
        kind == "rival" and abs(estimate - control) <= AGREEMENT * np.hypot(error, control_error)
    )
    return "reproduced" if told else "not diagnostic"


def row(
    claim, quantity, seeds, reference, source, control, kind, *, reference_error=0.0, spread=np.nan, tolerance=None
):  # fmt: skip
    """One row of the table.  `seeds` = (estimates, errors) of the machines, `control` = (name, estimate, error).

    `spread`, if it is larger, takes the place of the standard error in the verdict.
    """
    estimate, stat, seed = over_seeds(*seeds)
    name, control_estimate, control_error = control
    error = np.hypot(np.fmax(total_error(stat, seed), spread), reference_error)
    control_error = np.hypot(np.nan_to_num(control_error), reference_error)
    decided = verdict(estimate, error, reference, control_estimate, control_error, kind, tolerance)
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
            control, *errors = over_seeds(*_seeds(alike.dimension, alike.error))
            yield row(
                claim, f"{symbol}, stationary flow, torus fit, {machine}", _seeds(ends.dimension, ends.error), exact,
                "exact", ("equilibrium at its T, same fit", control, total_error(*errors)), kind="positive",
            )  # fmt: skip


def patches(statistics):
    """C5: contrast of ⟨v h⟩ maps of every layer; overlap of receptive fields of the first layer with an RG block."""
    table = largest(statistics).rename(columns={"mean": "value"})
    contrast = (table.of == "map") & (table.statistic == "contrast")
    overlap = (table.of == "field") & (table.statistic == "overlap") & (table.layer == 1)
    for (statistic, of, layer), rows in table[contrast | overlap].groupby(["statistic", "of", "layer"]):
        yield from compared("C5", f"{NOUNS[of]}: {STATISTICS[statistic][0]}, layer {layer}", rows, REFERENCE)


def telling(statistics):
    """C6: every statistic of the first layer, those that tell an untrained machine best from an RG rule first."""
    table = largest(statistics)
    groups = [rows for _, rows in table[table.layer == 1].groupby(["of", "statistic"], sort=False)]
    for rows in sorted(groups, key=_separation, reverse=True):
        yield from units_compared(rows)


def units_compared(rows):
    """C6: the hidden units of each machine against the blocks of the RG rule, by one statistic."""
    rule, null, machines = roles(rows, REFERENCE)
    (reference, width), (control, control_width) = pooled(rule), pooled(null)
    label, _ = STATISTICS[rows.statistic.iloc[0]]
    for machine, seeds in machines.items():
        spread = pooled(seeds)[1]
        yield row(
            "C6", f"{NOUNS[rows.of.iloc[0]]}: {label}, units ± {spread:.2g}, {machine}",
            _seeds(seeds["mean"], seeds.error), reference, f"{REFERENCE} rule, same configurations",
            (_name(null), control, control_width), "negative", reference_error=width, spread=spread,
            tolerance=abs(control - reference) / AGREEMENT,
        )  # fmt: skip


def pooled(seeds):
    """(mean, standard deviation) of the hidden units of all seeds together, from those of each."""
    return seeds["mean"].mean(), np.sqrt((seeds.spread**2).mean() + seeds["mean"].var(ddof=0))


def temperatures_moved(temperatures):
    """C7: the change of each thermometer's reading from the bottom to each layer, and whether its sign is RG's."""
    changed = changes(temperatures[~_critical(temperatures)])
    for (_, T, layer, _, thermometer), rows in changed.groupby(["start", "T", "layer", "L", "thermometer"], sort=False):
        quantity = f"change of temperature ({thermometer}) from T = {T:g} to layer {layer}"
        yield from compared("C7", quantity, rows, STEP)
    for (_, layer, _), rows in changed.groupby(["start", "layer", "L"], sort=False):
        quantity = f"share of changes of temperature in RG's direction, layer {layer}"
        yield from compared("C7", quantity, directions(rows, STEP), "majority")


def changes(temperatures):
    """Layers above the bottom with `value`, the temperature less that of the bottom, and `start`, the bottom's L."""
    keys = ["kind", "source", "seed", "T", "thermometer"]
    bottom = temperatures[temperatures.layer == 0].rename(columns={"L": "start"}).drop(columns="layer")
    above = temperatures[temperatures.layer > 0].merge(bottom, on=keys, suffixes=("", "_bottom"))
    change = (above.temperature - above.temperature_bottom).where(np.isfinite(above.temperature_bottom))
    return above.assign(value=change, error=np.hypot(above.error, above.error_bottom))


def directions(changed, rule):
    """For each source and seed of `changed`, the share of changes with the sign of the `rule`'s, and its error."""
    reference = changed[(changed.kind == "rule") & (changed.source == rule)][["T", "thermometer", "value", "error"]]
    rows = [
        (*key, *same_sign(mine.merge(reference, on=["T", "thermometer"], how="left", suffixes=("", "_rule"))))
        for key, mine in changed.groupby(["kind", "source", "seed"], sort=False)
    ]
    return pd.DataFrame(rows, columns=["kind", "source", "seed", "value", "error"])


def same_sign(pairs):
    """(share of `pairs` with value and value_rule of the same sign, its error as above); NaN if one is not known.

    A change to an end of the thermometer's range has no error, and its sign is certain; so are signs that chance would
    turn less often than CERTAIN.
    """
    share = (1 + np.sign(pairs.value) * np.sign(pairs.value_rule)) / 2
    x, y = pairs.value / pairs.error.fillna(0.0), pairs.value_rule / pairs.error_rule.fillna(0.0)
    same, other = ndtr(x) * ndtr(y) + ndtr(-x) * ndtr(-y), ndtr(x) * ndtr(-y) + ndtr(-x) * ndtr(y)
    error = np.sqrt(same * other).mean(skipna=False)
    return share.mean(skipna=False), 0.0 if error < CERTAIN else error


def disagreements(temperatures):
    """C7: the largest difference between thermometers of the first layer at Tc; NaN if one of them has no reading."""
    tested = temperatures[_critical(temperatures) & (temperatures.layer == 1)]
    for _, rows in tested.groupby("L", sort=False):
        complete = rows.temperature.notna().groupby([rows.kind, rows.source, rows.seed]).transform("all")
        table = disagreement(rows.assign(temperature=rows.temperature.where(complete)))
        rule, _, machines = roles(table, STEP)
        for machine, seeds in machines.items():
            yield row(
                "C7", f"largest difference of thermometers at Tc, layer 1, {machine}",
                _seeds(seeds.disagreement, seeds.error), 0.0, "equilibrium: all agree",
                (f"{STEP} rule", *_first(rule, "disagreement")), "positive", tolerance=DISAGREEMENT,
            )  # fmt: skip


def compared(claim, quantity, table, rule):
    """A row for each trained machine of `table` (kind, source, value, error; a row a seed), against the RG `rule`."""
    rules, null, machines = roles(table, rule)
    reference, error = _first(rules, "value")
    control, *errors = over_seeds(*_seeds(null.value, null.error))
    for machine, seeds in machines.items():
        yield row(
            claim, f"{quantity}, {machine}", _seeds(seeds.value, seeds.error), reference,
            f"{rule} rule, same configurations", (_name(null), control, total_error(*errors)), "negative",
            reference_error=error,
        )  # fmt: skip


def roles(table, rule):
    """(rows of the RG `rule`, rows of the first untrained machine, {trained machine: rows}) of `table`."""
    machines = dict(iter(table[table.kind == "machine"].groupby("source", sort=False)))
    null = next((rows for name, rows in machines.items() if untrained(name)), table[:0])
    trained = {name: rows for name, rows in machines.items() if not untrained(name)}
    return table[(table.kind == "rule") & (table.source == rule)], null, trained


def largest(statistics):
    """The rows of the largest lattice that has a machine."""
    L = statistics.L[statistics.kind == "machine"].max()
    return statistics[statistics.L == L]


def assess(points, scans, dimensions, statistics, temperatures):
    """The table of claims, one row for each quantity.

    Tables: `points`, fixed points; `scans`, Δm in windows; `dimensions`, fits of Δ; `statistics` of maps and receptive
    fields; `temperatures` of layers.
    """
    rows = [*fixed_points(points), *magnetisation_exponents(scans, points), *scaling_dimensions(dimensions, points)]
    rows += [*patches(statistics), *telling(statistics), *temperatures_moved(temperatures)]
    return pd.DataFrame([*rows, *disagreements(temperatures)], columns=COLUMNS)


def _critical(temperatures):
    """Whether the bottom was drawn at Tc, which files write with six digits."""
    return np.isclose(temperatures["T"], TC, rtol=0, atol=1e-5)


def _separation(rows):
    """How far the untrained machine is from the RG rule, in σ of units; last if it is not known."""
    return np.nan_to_num(roles(rows, REFERENCE)[1].separation.abs().mean(), nan=-1.0)


def _name(null):
    """What the negative control is called."""
    return next(iter(null.source), "untrained machine")


def _seeds(estimates, errors):
    """(estimates, errors) of the seeds that have an estimate; one NaN if none has."""
    known = estimates.notna()
    return (estimates[known], errors[known]) if known.any() else ([np.nan], [np.nan])


def _first(rows, column):
    """(value, error) of the first of `rows`, NaN if there is none."""
    return (rows[column].iloc[0], rows.error.iloc[0]) if len(rows) else (np.nan, np.nan)
