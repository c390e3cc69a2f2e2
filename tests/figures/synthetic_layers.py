"""RG rules and machines as sources of layers, and tables about them, for the tests of this folder."""

import numpy as np
import pandas as pd

from rbmrg.layers.statistics import STATISTICS

RULES = ("majority", "average", "decimation")
MACHINES = {"blank": 1, "paper": 3, "untrained-by-name": 2, "sparse": 1}  # machine: seeds
UNTRAINED = ("blank", "blank-L16")
RECIPES = {"paper": "best", "untrained-by-name": "cd1-decay", "sparse": "cd1-decay"}  # names say nothing true of them
ORDER = ["untrained-by-name", "sparse", "paper", "blank"]  # by recipe, the null last


def control(name):
    return "untrained" if name in UNTRAINED else "none"


def recipe(kind, name):
    """recipe and training of a source, as tables have them."""
    return {"recipe": RECIPES.get(name, "paper"), "training": "2.269185"} if kind == "machine" else {}


def sources(machines, rules=RULES):
    """(kind, source, control, seed) of all rules and of all machines and seeds."""
    named = [("rule", name, "none", 0) for name in rules]
    return named + [("machine", name, control(name), seed) for name, seeds in machines.items() for seed in range(seeds)]


def rows(sources, **columns):
    """A row for each of `sources` and each combination of the values of `columns`."""
    index = pd.MultiIndex.from_product([sources, *columns.values()], names=["which", *columns])
    table = index.to_frame(index=False)
    which = pd.DataFrame(table.pop("which").tolist(), columns=["kind", "source", "control", "seed"])
    recipes = pd.DataFrame(list(map(recipe, which.kind, which.source)), columns=["recipe", "training"])
    return pd.concat([which, recipes, table], axis=1)


def statistics(sources, L=32, layers=2):
    """The table of `bands.placed` without shares: rules near 1, machines below and noisy, untrained ones near 0."""
    table = rows(sources, layer=range(1, layers + 1), of=("map", "field"), statistic=STATISTICS)
    table = table.assign(L=L, units=256)
    rng = np.random.default_rng(1)
    rule = table.kind == "rule"
    level = np.select([rule, table.control == "untrained"], [1.0, 0.05], 0.6)
    table["mean"] = level + rng.normal(0, 0.03, len(table))
    table["error"] = 0.01
    table["spread"] = np.where(rule, 0.02, 0.15)
    return table.assign(position=table["mean"], position_error=0.02)


def bands(table):
    """The table of `bands.bands` with the scale of positions, in which Moran's I is not valid."""
    keys = ["L", "layer", "of", "statistic"]
    edges = {"low": 0.8, "high": 1.2, "rules_low": 0.9, "rules_high": 1.1, "null": 0.0}
    found = table[keys].drop_duplicates().assign(**edges)
    return found.assign(valid=found.statistic != "moran", reason="")
