"""Temperatures along the layers of RG rules and of machines, for configurations drawn at several temperatures."""

from functools import partial

import pandas as pd

from rbmrg.layers import sources
from rbmrg.layers.thermometry import follow, gauge
from rbmrg.rg.steps import iterate


def read_rule(samples, rule, layers, calibrations, stream, progress=None):
    """Every thermometer along `layers` steps of an RG `rule` (a module), a table for all `samples` together.

    `samples`: Datasets of configurations with the attribute T, taken one after the other; `calibrations`: {L: Dataset}
    for `thermometry.follow`; `stream(T)`: the Generator for the temperature T, given as text with six decimals.
    Returns a DataFrame of `thermometry.COLUMNS` and kind, source, control, seed, T; layer 0 is the configurations,
    temperatures are in J/k_B.  `progress(number of samples read, text)`, if given, is called after each of them.
    Raises ValueError as `thermometry.follow` does.
    """
    source = sources.of_rule(rule) | {"seed": 0}
    tables = []
    for sample in samples:
        tables.append(_table(sample, _units(sample, [rule] * layers, stream), calibrations, source))
        if progress:
            progress(len(tables), f"T = {sample.attrs['T']:g}")
    return pd.concat(tables)


def read_machine(samples, critical, layers, calibrations, stream, entry, progress=None):
    """Every thermometer along the layers of the machine of `entry`, for all seeds and `samples`, as `read_rule` does.

    `samples`: a list; `layers`: {seed: RG rules, lowest first}; `stream(seed, T)`: the Generator of a seed and
    temperature.  Hidden units of a convolutional machine have places, so that their energy can be read.  The signs of
    hidden units are those of `thermometry.gauge` for the configurations `critical`.  `progress(number of seeds read)`.
    """
    source = sources.of_machine(entry)
    tables = []
    for done, (seed, rules) in enumerate(layers.items(), start=1):
        mine = partial(stream, seed)
        signs = [gauge(units, critical.spin.values) for units in _units(critical, rules, mine)]
        named = source | {"seed": seed}
        for sample in samples:
            units = [sign * layer for sign, layer in zip(signs, _units(sample, rules, mine), strict=True)]
            tables.append(_table(sample, units, calibrations, named, entry.filters > 0))
        if progress:
            progress(done)
    return pd.concat(tables)


def _units(sample, rules, stream):
    """Yield the units of each layer above the configurations of `sample`, lowest first."""
    return iterate(sample.spin.values, rules, stream(f"{sample.attrs['T']:.6f}"))


def _table(sample, units, calibrations, source, places=True):
    """The readings of one Dataset of configurations and of the `units` of the layers above it."""
    return follow([sample.spin.values, *units], calibrations, places).assign(**source, T=sample.attrs["T"])
