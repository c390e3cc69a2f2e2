"""Layers of known truth judged as those of machines are, claims C5 to C7: RG rules, and mixtures of their units."""

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg import rbm, rg, sampling
from rbmrg.lattice import TC
from rbmrg.layers import assessment, bands, readings
from rbmrg.machines.entries import Entry
from rbmrg.report import claims_of_layers
from rbmrg.report.evidence import COLUMNS
from rbmrg.report.verdicts import REGIONS
from rbmrg.rg.machine import Layer
from rbmrg.thermometers import curves_calibration

# The smallest lattice whose layer has so many units that their share, if it is 1, is seen to be more than 0.9.
L = 12
N = 20_000  # configurations at each temperature, as many as the default study has for maps
CALIBRATED = 3000  # at each temperature of a calibration
HEATED = (2.0, 2.6)  # the temperatures of configurations whose change C7 asks for
MIXED = "majority"  # the RG rule of the mixtures
UNITS = (L // rg.RULES[MIXED].FACTOR) ** 2
RELABELLED = f"{MIXED}, units relabelled and their signs flipped"
UNTRAINED = "untrained"
NULL = "another untrained machine"  # which is no case: it judges, as the untrained machine of a study does
MIXTURES = {f"{MIXED}, {count} of {UNITS} units untrained": count for count in (1, 2, 4, 11)}
CASES = {RELABELLED: 0, **MIXTURES, UNTRAINED: UNITS}  # {name: number of untrained units}


class Mixture:
    """A layer of an RG `rule` as a machine would have it: its `units` in another order, with some signs flipped.

    A number of them is `replaced` by units of an untrained machine.
    """

    def __init__(self, rule, units, replaced, rng):
        self.rule = rule
        self.order = rng.permutation(units)
        self.signs = rng.choice(np.array([-1, 1], np.int8), units)
        self.replaced = slice(0, replaced)
        spins = np.ones((1, units * rule.FACTOR**2), np.int8)
        self.untrained = Layer(rbm.train(spins, "paper", units, rng, steps=0))

    def apply(self, spins, rng):
        """The units, [n, l, l] as those of the rule; with rng = None their means."""
        units = self.rule.apply(spins, rng)
        mixed = units.reshape(len(spins), -1)[:, self.order] * self.signs
        mixed[:, self.replaced] = self.untrained.apply(spins, rng).reshape(mixed.shape)[:, self.replaced]
        return mixed.reshape(units.shape)


def judge(rules, replicas, stream, progress=None):
    """The rows of C5 to C7 for all CASES, and for each of the RG `rules` by the band of the others.

    `replicas` ≥ 2 are measured on independent samples; each is judged by the rules and the untrained machine of another
    one.  `stream(*key)`: the Generators; `progress(done)` is called after each.  Returns the DataFrame for
    `trials.summary`.
    """
    layers = {name: mixture(L, count, stream("layers", name)) for name, count in (CASES | {NULL: UNITS}).items()}
    calibrations = calibrated(L, CALIBRATED, stream("calibration"))
    cases = {name: layers[name] for name in CASES}
    measured = []
    moved = []
    for replica in range(replicas):
        rng = stream("replica", replica)
        measured.append(measure(rules, layers, rng))
        moved.append(changes(L, cases, calibrations, N, rng).assign(replica=replica))
        if progress:
            progress(replica + 1)
    rows = [by_others(*own, *measured[replica - 1]).assign(replica=replica) for replica, own in enumerate(measured)]
    return with_truth(pd.concat([*rows, *moved], ignore_index=True))


def mixture(L, replaced, rng):
    """A `Mixture` of the rule MIXED above L × L spins with a number of untrained units."""
    rule = rg.RULES[MIXED]
    return Mixture(rule, (L // rule.FACTOR) ** 2, replaced, rng)


def calibrated(L, n, rng):
    """The calibrations, {L: Dataset}, of the lattices and of the layer, with `n` configurations at each temperature."""
    return {side: curves_calibration.calibrate(side, curves_calibration.nodes(side), n, rng) for side in (L, L // 2)}


def measure(rules, layers, rng):
    """(statistics, {source: Dataset}) of `layers`, {name: Mixture}, and of RG `rules`, as a study has them."""
    spins = sampling.sample(L, TC, N, rng)
    tables = []
    values = {}
    for name, layer in ({rule.NAME: rule for rule in rules} | layers).items():
        rule = name not in layers
        [(found, table)] = assessment.assess(spins, [layer], rng, 2, rule)
        source = {"kind": "rule" if rule else "machine", "source": name, "L": L, "layer": 1}
        tables.append(table.assign(**source, control="untrained" if name == NULL else "none", seed=0))
        values[name] = found[["statistic_value"]].assign_attrs(**source, replica=0)
    return pd.concat(tables, ignore_index=True), values


def by_others(statistics, values, judges, judging_values):
    """The rows of C5 and C6 for the layers and rules of `measure`, judged by those of another replica.

    A rule is judged by the other rules.  What cannot tell, with all rules, says so here, too.
    """
    judges = judges[(judges.kind == "rule") | (judges.control == "untrained")]
    judges = judges.assign(source="judging " + judges.source)
    judging = [file.assign_attrs(source=f"judging {source}") for source, file in judging_values.items()]
    reasons = bands.bands(judges)[[*bands.KEYS, "reason"]]
    mixtures = statistics[(statistics.kind == "machine") & (statistics.source != NULL)]
    tables = [judged(mixtures, [values[name] for name in mixtures.source.unique()], judges, judging, reasons)]
    for rule, rows in statistics[statistics.kind == "rule"].groupby("source", sort=False):
        named = {"kind": "machine", "source": f"{rule}, by the other rules"}
        others = without(judges, f"judging {rule}")
        tables.append(judged(rows.assign(**named), [values[rule].assign_attrs(named)], others, judging, reasons))
    return pd.concat(tables, ignore_index=True)


def judged(statistics, values, judges, judging, reasons):
    """The rows of C5 and C6 for layers with these `statistics` and `values`, by the `judges` and theirs."""
    band = bands.bands(judges).drop(columns="reason").merge(reasons, on=bands.KEYS)
    placed = bands.placed(pd.concat([judges, statistics]), band, [*values, *judging])
    rows = [*claims_of_layers.patches(placed, band), *claims_of_layers.telling(placed, band)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table[table.source.isin(statistics.source)]


def without(statistics, rule):
    """The rows of all sources but an RG `rule`, and but those of rules that have the same mean (`bands.EQUAL`)."""
    own = statistics[(statistics.kind == "rule") & (statistics.source == rule)][[*bands.KEYS, "mean"]]
    own_mean = statistics[bands.KEYS].merge(own, how="left", on=bands.KEYS)["mean"].to_numpy()
    same = np.isclose(statistics["mean"], own_mean, rtol=bands.EQUAL, atol=0, equal_nan=True)
    return statistics[~((statistics.kind == "rule") & same)]


def changes(L, layers, calibrations, n, rng):
    """The rows of C7 for `layers`, {name: Mixture}, beside the RG rule of the mixtures on the same configurations.

    These are L × L spins, `n` at each temperature.
    """
    critical, *samples = (configurations(L, T, n, rng) for T in (TC, *HEATED))

    def stream(*key):
        return rng

    tables = [readings.read_rule(samples, rg.RULES[MIXED], 1, calibrations, stream)]
    for name, layer in layers.items():
        entry = Entry(name, L, (f"{TC:.6f}",), "paper")
        tables.append(readings.read_machine(samples, critical, {0: [layer]}, calibrations, stream, entry))
    return pd.DataFrame(claims_of_layers.temperatures_moved(pd.concat(tables)), columns=COLUMNS)


def configurations(L, T, n, rng):
    """`n` configurations at temperature `T`, as a file of samples has them."""
    return xr.Dataset({"spin": (("sample", "y", "x"), sampling.sample(L, T, n, rng))}, attrs={"T": T})


def with_truth(rows):
    """`rows` of all replicas with the columns case, truth and power.

    RG rules and their relabelled units are what the claims say, an untrained machine is not.  Of mixtures C6 holds if
    the share of the rule's units is large enough, C5 and C7 if the mean over replicas, whose error is small, lies
    inside the region.
    """
    tables = []
    for (claim, case), own in rows.groupby(["claim", "source"], sort=False):
        if case not in MIXTURES:
            true = case != UNTRAINED
        elif claim == "C6":
            true = REGIONS["share"].holds(1 - MIXTURES[case] / UNITS)
        else:
            means = own.groupby("quantity")[["estimate", "region_low", "region_high"]].mean()
            true = bool(means.estimate.between(means.region_low, means.region_high).all())
        tables.append(own.drop(columns="source").assign(case=case, truth=true, power=case in MIXTURES))
    return pd.concat(tables, ignore_index=True)
