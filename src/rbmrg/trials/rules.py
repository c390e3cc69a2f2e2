"""RG rules judged as machines are: each by the band of the others, and one with its units relabelled."""

from functools import partial

import numpy as np
import pandas as pd

from rbmrg.layers import bands, readings
from rbmrg.machines.entries import Entry
from rbmrg.report import claims_of_layers
from rbmrg.report.evidence import COLUMNS

RELABELLED = "majority, units relabelled and their signs flipped"


class Relabelled:
    """A layer of an RG `rule` as a machine would have it: with its `units` in another order and some signs flipped."""

    def __init__(self, rule, units, rng):
        self.rule = rule
        self.order = rng.permutation(units)
        self.signs = rng.choice(np.array([-1, 1], np.int8), units)

    def apply(self, spins, rng):
        """The blocks of the rule, [n, l, l], rearranged."""
        blocks = self.rule.apply(spins, rng)
        return (self.signs * blocks.reshape(len(blocks), -1)[:, self.order]).reshape(blocks.shape)


def by_the_others(statistics, values):
    """The rows of C5 and C6 for each RG rule, judged by the band of the others, and for untrained machines.

    `statistics`, `values`: as in `bands.placed`.  What cannot tell, with all rules, says so here, too.
    """
    of_all = bands.bands(statistics)
    rules = statistics[statistics.kind == "rule"].source.unique()
    cases = {f"{rule}, by the other rules": (without(statistics, rule), rule, True) for rule in rules}
    for untrained in statistics[statistics.control == "untrained"].source.unique():
        cases[untrained] = (statistics, untrained, False)
    tables = []
    for case, (judges, source, true) in cases.items():
        band = bands.bands(judges).drop(columns="reason").merge(of_all[[*bands.KEYS, "reason"]], on=bands.KEYS)
        placed = bands.placed(statistics, band, values)
        rows = [*claims_of_layers.patches(placed, band), *claims_of_layers.telling(placed, band)]
        table = pd.DataFrame(rows, columns=COLUMNS)
        tables.append(table[table.source == source].assign(case=case, truth=true, power=False, replica=0))
    return pd.concat(tables, ignore_index=True)


def without(statistics, rule):
    """The rows of all sources but an RG `rule`, and but those of rules that have the same mean (`bands.EQUAL`)."""
    own = statistics[(statistics.kind == "rule") & (statistics.source == rule)][[*bands.KEYS, "mean"]]
    own_mean = statistics[bands.KEYS].merge(own, how="left", on=bands.KEYS)["mean"].to_numpy()
    same = np.isclose(statistics["mean"], own_mean, rtol=bands.EQUAL, atol=0, equal_nan=True)
    return statistics[~((statistics.kind == "rule") & same)]


def relabelled(samples, critical, rule, temperatures, calibrations, replicas, stream, progress=None):
    """The rows of C7 for one layer of an RG `rule` whose units are relabelled, and for the untrained machines.

    `samples`, `critical`, `calibrations`: as in `readings.read_machine`; `temperatures`: the table of all layers, those
    of the rule and of untrained machines among them; `stream(*key)`: a Generator; `progress(done)` is called after each
    of the `replicas`.
    """
    L = critical.sizes["x"]
    of_rule = temperatures[(temperatures.kind == "rule") & (temperatures.source == rule.NAME)]
    judged = {}
    for replica in range(replicas):
        layer = Relabelled(rule, (L // rule.FACTOR) ** 2, stream("order", replica))
        machine = Entry(RELABELLED, L, (), "paper")
        read = readings.read_machine(
            samples, critical, {0: [layer]}, calibrations, partial(stream, "relabelled", replica), machine
        )
        judged[RELABELLED, True, replica] = read
        if progress:
            progress(replica + 1)
    for untrained, rows in temperatures[temperatures.control == "untrained"].groupby("source"):
        judged[untrained, False, 0] = rows
    tables = []
    for (case, true, replica), rows in judged.items():
        found = pd.DataFrame(claims_of_layers.temperatures_moved(pd.concat([of_rule, rows])), columns=COLUMNS)
        tables.append(found.assign(case=case, truth=true, power=False, replica=replica))
    return pd.concat(tables, ignore_index=True)
