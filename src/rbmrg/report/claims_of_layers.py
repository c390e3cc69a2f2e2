"""Claims C5 to C7: what trained layers see and how they move the temperature, against RG rules."""

import numpy as np

from rbmrg.lattice import TC
from rbmrg.layers.bands import share
from rbmrg.layers.statistics import STATISTICS
from rbmrg.layers.thermometry import WITHOUT
from rbmrg.report.evidence import METHOD, UNKNOWN, of_column, row, scopes
from rbmrg.report.verdicts import REGIONS, Region
from rbmrg.stats import Interval, jackknife_error
from rbmrg.thermometers.curves import RANGE

STEP = "majority"  # the RG rule whose layers are spins, which have a temperature
HOTTEST = 1 / RANGE[1]  # 1/T where the thermometers of layers end
LABEL_FREE = ("magnetisation", "overlap")  # thermometers that no relabelling of hidden units changes
PATCH = "patch"  # the statistic that C5 asks for
NOUNS = {"map": "⟨v h⟩ maps", "field": "receptive fields"}


def patches(statistics, bands):
    """C5: the mass of receptive fields in their best patch, the mean over the units of each source and layer."""
    for band, rows in banded(statistics, bands):
        if band.of == "field" and band.statistic == PATCH:
            quantity = f"receptive fields: {STATISTICS[PATCH][0]}, layer {band.layer}"
            region = Region(band.low, band.high)
            yield from judged("C5", quantity, rows, lambda seeds, region=region: mass(seeds, region), band.reason)


def telling(statistics, bands):
    """C6: the share of the units of the first layer that lie inside the band of RG rules, by every statistic.

    Units of a layer share their samples: where noise moves single units, it moves many of them together, by more than
    Wilson's interval says.  So a statistic is asked only if each rule passes by the band of the others.
    """
    for band, rows in banded(statistics, bands):
        if band.layer == 1:
            quantity = f"share of units like RG blocks, {NOUNS[band.of]}: {STATISTICS[band.statistic][0]}"
            _, _, certain, _ = share(rows.share_by_others * rows.of_units, rows.of_units)
            noisy = rows[certain < REGIONS["share"].low].source
            scattered = f"too many units of {', '.join(noisy)} may lie outside the band of the other rules"
            yield from judged("C6", quantity, rows, shares, band.reason or (scattered if len(noisy) else ""))


def mass(seeds, region):
    """The tests of C5 for the seeds of one source: the mean over units, and that most units can be measured."""
    measured = float((seeds.units / seeds.of_units).min())
    known = Interval(measured, 0.0, measured, measured)
    return {
        "mean": (of_column(seeds, "mean", common=True), region),
        "share of units measured": (known, REGIONS["share"]),
    }


def shares(seeds):
    """The tests of C6 for the seeds of one source; the interval of a single machine is Wilson's."""
    found = of_column(seeds, "share", "share_error")
    if len(seeds) == 1:
        found = found._replace(low=seeds.share_low.iloc[0], high=seeds.share_high.iloc[0])
    return {"share": (found, REGIONS["share"])}


def judged(claim, quantity, rows, tests, fault):
    """A row for each source of `rows`, by `tests(seeds)`; before them the `fault` that none of them can tell."""
    if fault:
        (_, region), *_ = tests(rows[:1]).values()
        yield row(claim, quantity, "RG rules", METHOD, {"": (UNKNOWN, region)}, fault)
    for source, seeds in rows.groupby("source", sort=False):
        for scope, chosen in scopes(seeds):
            yield row(claim, quantity, source, scope, tests(chosen), fault)


def banded(statistics, bands):
    """Yield (a row of `bands`, the rows of `statistics` that it judges) at the largest lattice that has a machine."""
    L = statistics.L[statistics.kind == "machine"].max()
    reasons = bands.reason.astype(object).where(bands.reason.notna(), "")  # a file has no empty text
    mine = bands.assign(reason=reasons)[bands.L == L]
    for band in mine.sort_values("of", kind="stable").itertuples():  # fields tell more than maps
        same = (statistics.L == L) & (statistics.layer == band.layer) & (statistics.of == band.of)
        yield band, statistics[same & (statistics.statistic == band.statistic)]


def temperatures_moved(temperatures):
    """C7: the change of 1/T from the bottom to each layer, in units of that of the RG rule, by LABEL_FREE thermometers.

    A lattice that looks hotter than any has 1/T = 0; so machines can be averaged, and none is without an estimate.
    """
    moved = changes(temperatures[temperatures.thermometer.isin(LABEL_FREE)])
    keys = ["start", "T", "layer", "thermometer"]
    for (_, T, layer, thermometer), rows in moved.groupby(keys, sort=False):
        rules = rows[(rows.kind == "rule") & (rows.source == STEP)]
        if rules.empty:
            continue
        rule = rules.iloc[0]
        beyond = not 0 < rule.beta < np.inf
        machines = in_units_of(rule, rows[rows.kind == "machine"])
        quantity = f"change of 1/T ({thermometer}) from T = {T:g} to layer {layer}, in units of {STEP}'s"
        fault = f"the layer of {STEP} is beyond the range of the thermometer" if beyond else ""
        for source, seeds in machines.groupby("source", sort=False):
            for scope, chosen in scopes(seeds):
                yield row(
                    "C7",
                    quantity,
                    source,
                    scope,
                    {"change": (of_column(chosen, common=True), REGIONS["change"])},
                    fault,
                )


def in_units_of(rule, machines):
    """`machines`, rows of `changes`, with `value` and `error` of the ratio of their changes to that of a `rule`.

    Both layers are above the same configurations, and all have the same calibrations: the error is the jackknife of the
    ratio, (β − β_bottom) / (β_rule − β_bottom), over the parts of both.
    """
    value = machines.value / rule.value
    with np.errstate(invalid="ignore"):  # ∞ where a layer is colder than any
        without = jackknife_error((machines[WITHOUT].to_numpy() / rule[WITHOUT].to_numpy(float)).T)
    beyond = np.hypot(machines.beyond, value * rule.beyond) / abs(rule.value)
    return machines.assign(value=value, error=np.hypot(without, beyond))


def changes(temperatures):
    """The layers above each bottom that was not drawn at Tc, with `beta` = 1/T and `start`, the bottom's L.

    `value` is `beta` less that of the bottom, and WITHOUT the same for the jackknife.  Beyond the hot end of the
    thermometer's range, 1/T is from 0 to that of the end: half of it, with an error `beyond` of which two reach both.
    """
    keys = ["kind", "source", "control", "seed", "T", "thermometer"]
    moved = temperatures[~np.isclose(temperatures["T"], TC, rtol=0, atol=1e-5)]  # files write it with six decimals
    T = moved.temperature.to_numpy()
    hot = np.isinf(T)
    finite = ~hot & (T > 0)
    beta = np.select([hot, finite], [HOTTEST / 2, 1 / np.where(finite, T, 1.0)], np.inf)
    shifts = np.where(finite, moved[WITHOUT].to_numpy().T, 0.0) - np.where(finite, T, 0.0)
    shifts *= np.where(finite, beta, 0.0) ** 2  # |dβ/dT|
    readings = moved.assign(
        beta=beta, beyond=np.where(hot, HOTTEST / 4, 0.0), **dict(zip(WITHOUT, beta - shifts, strict=True))
    )
    readings = readings[[*keys, "layer", "L", "beta", "beyond", *WITHOUT]]
    bottom = readings[readings.layer == 0].rename(columns={"L": "start"}).drop(columns=["layer", "beyond"])
    above = readings[readings.layer > 0].merge(bottom, on=keys, suffixes=("", "_bottom"))
    less = {column: above[column] - above[f"{column}_bottom"] for column in WITHOUT}
    return above.assign(value=above.beta - above.beta_bottom, **less)
