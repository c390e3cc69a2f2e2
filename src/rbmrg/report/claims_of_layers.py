"""Claims C5 to C7: what trained layers see and how they move the temperature, against an RG rule."""

import numpy as np

from rbmrg.lattice import TC
from rbmrg.layers.statistics import REFERENCE, STATISTICS
from rbmrg.report.evidence import first, known_seeds, row
from rbmrg.report.verdicts import AGREEMENT, Control, Reference
from rbmrg.stats import total_error

STEP = "majority"  # the RG rule whose layers are spins, which have a temperature
NOUNS = {"map": "⟨v h⟩ maps", "field": "receptive fields"}


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
    mean, width = pooled(rule)
    reference = Reference(mean, f"{REFERENCE} rule, same configurations", width)
    control = Control(_name(null), *pooled(null), "negative")
    label, _ = STATISTICS[rows.statistic.iloc[0]]
    for machine, seeds in machines.items():
        spread = pooled(seeds)[1]
        yield row(
            "C6", f"{NOUNS[rows.of.iloc[0]]}: {label}, units ± {spread:.2g}, {machine}", (seeds["mean"], seeds.error),
            reference, control, spread=spread, tolerance=abs(control.estimate - mean) / AGREEMENT,
        )  # fmt: skip


def pooled(seeds):
    """(mean, standard deviation) of the hidden units of all seeds together, from those of each."""
    return seeds["mean"].mean(), np.sqrt((seeds.spread**2).mean() + seeds["mean"].var(ddof=0))


def temperatures_moved(temperatures):
    """C7: the change of each thermometer's reading from the bottom to each layer."""
    keys = ["start", "T", "layer", "L", "thermometer"]
    for (_, T, layer, _, thermometer), rows in changes(temperatures).groupby(keys, sort=False):
        quantity = f"change of temperature ({thermometer}) from T = {T:g} to layer {layer}"
        yield from compared("C7", quantity, rows, STEP)


def changes(temperatures):
    """The layers above each bottom that was not drawn at Tc, with `value`, `error` and `start`.

    `value` is the temperature minus that of the bottom, NaN if the bottom has none; `start` is the bottom's L.
    """
    keys = ["kind", "source", "control", "seed", "T", "thermometer"]
    moved = temperatures[~_critical(temperatures)]
    bottom = moved[moved.layer == 0].rename(columns={"L": "start"}).drop(columns="layer")
    above = moved[moved.layer > 0].merge(bottom, on=keys, suffixes=("", "_bottom"))
    change = (above.temperature - above.temperature_bottom).where(np.isfinite(above.temperature_bottom))
    return above.assign(value=change, error=np.hypot(above.error, above.error_bottom))


def compared(claim, quantity, table, rule):
    """A row for each trained machine of `table` against the RG `rule`; negative control: the untrained machine.

    `table` has the columns kind, source, control, value and error, and a row for each seed.
    """
    rules, null, machines = roles(table, rule)
    value, error = first(rules, "value")
    reference = Reference(value, f"{rule} rule, same configurations", error)
    estimate, *errors = known_seeds(null.value, null.error)
    control = Control(_name(null), estimate, total_error(*errors), "negative")
    for machine, seeds in machines.items():
        yield row(claim, f"{quantity}, {machine}", (seeds.value, seeds.error), reference, control)


def roles(table, rule):
    """(rows of the RG `rule`, rows of the first untrained machine, {other machine: rows}) of `table`."""
    machines = table[table.kind == "machine"]
    is_null = machines.control == "untrained"
    null = next((rows for _, rows in machines[is_null].groupby("source", sort=False)), machines[:0])
    trained = dict(iter(machines[~is_null].groupby("source", sort=False)))
    return table[(table.kind == "rule") & (table.source == rule)], null, trained


def largest(statistics):
    """The rows of the largest lattice that has a machine; none if there is no machine."""
    L = statistics.L[statistics.kind == "machine"].max()
    return statistics[statistics.L == L]


def _critical(temperatures):
    """Whether the bottom was drawn at Tc, which files write with six decimals."""
    return np.isclose(temperatures["T"], TC, rtol=0, atol=1e-5)


def _separation(rows):
    """How far the untrained machine is from the RG rule, in σ of units; −1, the last place, if it is not known."""
    return np.nan_to_num(roles(rows, REFERENCE)[1].separation.abs().mean(), nan=-1.0)


def _name(null):
    """What the negative control is called."""
    return next(iter(null.source), "untrained machine")
