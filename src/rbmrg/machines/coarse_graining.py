"""Machines as the configuration describes them, taken as coarse grainings: their layers as RG rules."""

import math

from rbmrg.machines import entries
from rbmrg.rbm import convolutional, recipes
from rbmrg.rg.machine import Layer


def depth(machine, iterations):
    """Number of layers as a coarse graining: a convolutional machine is applied `iterations` times, as a rule is."""
    return iterations if entries.filters(machine) else len(entries.layer_sizes(machine))


def sides(machine, iterations):
    """Linear sizes of the lattices that its layers are, lowest first; empty if their units are no square lattices.

    Of dense machines these are squares of units without a place, read row by row as the paper does.
    """
    if entries.filters(machine):
        return [machine["L"] // 2**k for k in range(1, iterations + 1)] if entries.filters(machine) == 1 else []
    found = [math.isqrt(units or 0) for units in entries.layer_sizes(machine)]
    square = all(side > 1 and side**2 == units for side, units in zip(found, entries.layer_sizes(machine), strict=True))
    return found if square else []


def rules(machine, layers, count):
    """The trained `layers` of a machine (RBMs, lowest first) as RG rules of the first `count` steps."""
    if not entries.filters(machine):
        return [Layer(layer) for layer in layers[:count]]
    recipe = recipes.resolve(machine["recipe"], **machine["options"])
    return [Layer(convolutional.shared(layers[0], machine["L"], recipe.filters, recipe.size))] * count
