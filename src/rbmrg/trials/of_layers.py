"""Errors of statistics of maps and receptive fields, and of temperatures of layers."""

import numpy as np

from rbmrg import rbm, rg, sampling
from rbmrg.coverage import Estimate, gaussian
from rbmrg.lattice import TC
from rbmrg.layers import assessment, bands
from rbmrg.rg.machine import Layer
from rbmrg.thermometers import curves, curves_calibration
from rbmrg.trials import layers

L = 8
N = 2000  # configurations of a replica
LONG = 100  # times as many give the truth
UNITS = 64
BAND = (0.8, 1.1)  # of the share of Σ x² of a receptive field in its best block
READ = {"T = 2": 2.0, "Tc": TC, "T = 2.6": 2.6}
CALIBRATED = 500  # configurations at each temperature of a calibration, which is made anew for each replica


def rule_maps(rng):
    """Statistics of the maps and receptive fields of the majority rule."""
    return _maps(rg.RULES["majority"], "majority", True, rng)


def machine_maps(rng):
    """Those of a machine whose units read a 2 × 2 block and, weakly, all other spins."""
    W = 0.1 * rng.normal(size=(L, L, (L // 2) ** 2))
    for unit, (y, x) in enumerate(np.ndindex(L // 2, L // 2)):
        W[2 * y : 2 * y + 2, 2 * x : 2 * x + 2, unit] += 0.4
    machine = rbm.RBM(W.reshape(L * L, -1), np.zeros(L * L), np.zeros((L // 2) ** 2))
    return _maps(Layer(machine), "machine", False, rng)


def _maps(rule, name, blocks, rng):
    """(truths, replica) of all statistics of the first layer of a `rule`."""

    def found(rng, n):
        [(_, table)] = assessment.assess(sampling.sample(L, TC, n, rng), [rule], rng, 2, blocks)
        names = (table.statistic + " of " + table.of + f", {name}").str.replace("_", " ")
        return dict(zip(names, map(gaussian, table["mean"], table.error), strict=True))

    return {key: estimate.truth for key, estimate in found(rng, LONG * N).items()}, lambda rng: found(rng, N)


def unit_shares(rng):
    """The share of units inside a band, as C6 asks for it, of machines whose units read a block more or less cleanly.

    Their values are spread evenly enough over both sides of the edge that the noise of samples moves as many inside.
    """

    def values(rng, n):
        W = rng.normal(size=(UNITS, L, L)) * rng.uniform(0, 0.1, size=(UNITS, 1, 1))
        W[:, :2, :2] += 0.4
        machine = rbm.RBM(W.reshape(UNITS, -1).T, np.zeros(L * L), np.zeros(UNITS))
        [(found, _)] = assessment.assess(sampling.sample(L, TC, n, rng), [Layer(machine)], rng, 2, False)
        return found.statistic_value.sel(of="field", statistic="patch").values

    def replica(rng):
        share, error, low, high = bands.share_inside(values(rng, N), *BAND)
        return {name: Estimate(share, share - error, share + error, low, high)}

    name = "share of units in a band"
    many = np.concatenate([values(rng, LONG * N) for _ in range(LONG // 2)])
    return {name: bands.share_inside(many, *BAND)[:2]}, replica


def changes(rng):
    """Changes of 1/T along a layer in units of that of the RG rule, as C7 asks for them.

    The layer is one of that rule with an untrained unit, so that it moves the temperature in another way.
    """
    mixed = {"mixture": layers.mixture(L, 1, rng)}

    def found(rng, more):
        rows = layers.changes(L, mixed, layers.calibrated(L, more * CALIBRATED, rng), more * N, rng)
        names = rows.quantity.str.removesuffix(f" to layer 1, in units of {layers.MIXED}'s")
        return dict(zip(names, map(gaussian, rows.estimate, rows.error), strict=True))

    return {name: estimate.truth for name, estimate in found(rng, LONG).items()}, lambda rng: found(rng, 1)


def layer_temperatures(rng):
    """Readings of equilibrium lattices, each with a calibration of its own."""

    def replica(rng):
        calibration = curves_calibration.calibrate(L, curves_calibration.nodes(L), CALIBRATED, rng)
        found = {}
        for name, T in READ.items():
            for thermometer, reading in curves.read(sampling.sample(L, T, N, rng), calibration).items():
                found[f"{thermometer} of layers, {name}"] = (T, gaussian(*reading[:2]))
        return found

    truths = {quantity: (T, 0.0) for quantity, (T, _) in replica(rng).items()}
    return truths, lambda rng: {quantity: estimate for quantity, (_, estimate) in replica(rng).items()}
