"""Errors of statistics of maps and receptive fields, and of temperatures of layers."""

import numpy as np

from rbmrg import rbm, rg, sampling
from rbmrg.coverage import gaussian
from rbmrg.lattice import TC
from rbmrg.layers import assessment
from rbmrg.rg.machine import Layer
from rbmrg.thermometers import curves, curves_calibration

L = 8
N = 2000  # configurations of a replica
LONG = 100  # times as many give the truth
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
        _, table = assessment.assess(sampling.sample(L, TC, n, rng), [rule], rng, 2, blocks)
        names = (table.statistic + " of " + table.of + f", {name}").str.replace("_", " ")
        return dict(zip(names, map(gaussian, table["mean"], table.error), strict=True))

    return {key: estimate[:2] for key, estimate in found(rng, LONG * N).items()}, lambda rng: found(rng, N)


def layer_temperatures(rng):
    """Readings of equilibrium lattices, each with a calibration of its own."""

    def replica(rng):
        calibration = curves_calibration.calibrate(L, curves_calibration.nodes(L), CALIBRATED, rng)
        found = {}
        for name, T in READ.items():
            for thermometer, reading in curves.read(sampling.sample(L, T, N, rng), calibration).items():
                found[f"{thermometer} of layers, {name}"] = (T, gaussian(*reading))
        return found

    truths = {quantity: (T, 0.0) for quantity, (T, _) in replica(rng).items()}
    return truths, lambda rng: {quantity: estimate for quantity, (_, estimate) in replica(rng).items()}
