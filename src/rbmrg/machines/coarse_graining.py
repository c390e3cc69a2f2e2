"""The layers of a machine as RG rules: how many there are, on which lattices, and how each is applied."""

import math

from rbmrg.rbm import convolutional
from rbmrg.rg.machine import Layer


def depth(entry, iterations):
    """How many coarse-graining steps the machine makes.

    A machine with one filter, like a rule, makes `iterations`, or as many as there are lattices that the filter fits
    into; one with more filters makes one, whose units are no lattice of spins.
    """
    if entry.filters != 1:
        return len(entry.layer_sizes)
    return sum(entry.L // 2**step >= entry.resolved_recipe.size for step in range(iterations))


def sides(entry, iterations):
    """Linear sizes of the lattices that its layers are read as, lowest first; empty if one has no square of units.

    Hidden units of a dense machine have no places: N of them are read as the lattice with L = √N, in any order.
    """
    if entry.filters > 1:
        return []
    if entry.filters:
        return [entry.L // 2**k for k in range(1, depth(entry, iterations) + 1)]
    found = [math.isqrt(units or 0) for units in entry.layer_sizes]
    square = all(side > 1 and side**2 == units for side, units in zip(found, entry.layer_sizes, strict=True))
    return found if square else []


def rules(entry, layers, count):
    """The first `count` steps of the trained `layers` of a machine (RBMs, lowest first), as RG rules."""
    if not entry.filters:
        return [Layer(layer) for layer in layers[:count]]
    recipe = entry.resolved_recipe
    return [Layer(convolutional.shared(layers[0], entry.L, recipe.filters, recipe.size))] * count
