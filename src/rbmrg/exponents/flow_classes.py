"""Flows of the paper's length, grouped by class, for all seeds of a machine."""

from rbmrg.exponents import sources
from rbmrg.exponents.by_class import group, joined
from rbmrg.flows import snapshots


def group_all(flows, network, columns):
    """Group the configurations of `flows`, an iterable of flow Datasets seed by seed: `Grouped` along `seed`.

    They are those of all starts at the last snapshot up to `snapshots.PAPER_LENGTH`.  `columns` is what every row says
    of the machine, see `sources.of_machine`.
    """
    found = [group(snapshots.at_length(flow, snapshots.PAPER_LENGTH), network) for flow in flows]
    return joined([(sources.of_machine(columns, seed), of) for seed, of in enumerate(found)], "seed")
