"""RG rules judged as machines are: each by the band of the others, and one with its units relabelled."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from rbmrg.layers import bands, readings
from rbmrg.machines.entries import Entry
from rbmrg.report import claims_of_layers

LABELLED = "majority, units relabelled and their signs flipped"
SHUFFLED = "majority, units shuffled within each configuration"


@dataclass(frozen=True, eq=False)
class Relabelled:
    """A layer of an RG `rule` as a machine would have it: with the units in another order and some signs flipped.

    `rng` draws order and signs once; with `shuffled`, the order is drawn for each configuration, and nothing of the
    rule is left but its |m|.
    """

    rule: Any
    rng: np.random.Generator
    shuffled: bool = False

    def __post_init__(self):
        object.__setattr__(self, "seed", int(self.rng.integers(2**32)))

    def apply(self, spins, rng):
        """The blocks of the rule, [n, l, l], rearranged."""
        blocks = self.rule.apply(spins, rng)
        flat = blocks.reshape(len(blocks), -1)
        if self.shuffled:
            return rng.permuted(flat, axis=1).reshape(blocks.shape)
        order = np.random.default_rng(self.seed)
        flat = flat[:, order.permutation(flat.shape[1])] * order.choice(np.array([-1, 1], flat.dtype), flat.shape[1])
        return flat.reshape(blocks.shape)


def by_the_others(statistics, values):
    """The rows of C5 and C6 for each RG rule, judged by the band of the others, and for untrained machines.

    `statistics`, `values`: as in `bands.placed`.  Only statistics that tell are asked.
    """
    of_all = bands.bands(statistics)
    rules = statistics[statistics.kind == "rule"].source.unique()
    cases = {f"{rule}, by the other rules": (statistics[statistics.source != rule], rule, True) for rule in rules}
    for untrained in statistics[statistics.control == "untrained"].source.unique():
        cases[untrained] = (statistics, untrained, False)
    tables = []
    for case, (judges, source, true) in cases.items():
        band = bands.bands(judges).merge(of_all[[*bands.KEYS, "valid"]], on=bands.KEYS, suffixes=("", "_of_all"))
        band = band[band.valid_of_all].assign(reason="")
        placed = bands.placed(statistics, band, values)
        rows = [*claims_of_layers.patches(placed, band), *claims_of_layers.telling(placed, band)]
        table = pd.DataFrame(rows)
        tables.append(table[table.source == source].assign(case=case, truth=true, power=False, replica=0))
    return pd.concat(tables, ignore_index=True)


def relabelled(samples, critical, rule, of_rule, calibrations, replicas, stream, progress=None):
    """The rows of C7 for one layer of an RG `rule` whose units are relabelled, and whose units are shuffled.

    `samples`, `critical`, `calibrations`: as in `readings.read_machine`; `of_rule`: the table of `readings.read_rule`
    for this rule; `stream(*key)`: a Generator; `progress(done)` is called after each of the `replicas`.
    """
    tables = []
    for replica in range(replicas):
        for case, shuffled in ((LABELLED, False), (SHUFFLED, True)):
            machine = Entry(case, samples[0].sizes["x"], (), "paper")
            layer = Relabelled(rule, stream(case, replica, "order"), shuffled)
            read = readings.read_machine(
                samples, critical, {0: [layer]}, calibrations, partial(stream, case, replica), machine
            )
            rows = pd.DataFrame(claims_of_layers.temperatures_moved(pd.concat([of_rule, read])))
            tables.append(rows.assign(case=case, truth=not shuffled, power=False, replica=replica))
        if progress:
            progress(replica + 1)
    return pd.concat(tables, ignore_index=True)
