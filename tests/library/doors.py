"""The doors of the library: each public function with arguments that are right, and what kind each argument is."""

import numpy as np

from rbmrg import correlators, exact, lattice, observables, operators, rbm, rg, sampling, splits, torus
from rbmrg.exponents import couplings, mcrg, pseudolikelihood
from rbmrg.layers import maps
from rbmrg.rbm import closed_forms, convolutional
from rbmrg.rg import filters
from rbmrg.rg.machine import Layer
from rbmrg.thermometers import curves, curves_calibration, posteriors

L = 4
T = 2.5
TEMPERATURES = [2.0, 2.5, 3.0]
SPINS = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (40, L, L))
LABELLED = SPINS[:39].reshape(3, 13, L, L)
MACHINE = rbm.exact_machine(L, T)
SMALL = rbm.RBM(0.1 * np.ones((L * L, 4)), np.zeros(L * L), np.zeros(4))
SHARED = convolutional.ConvolutionalRBM(np.ones((1, 2, 2)), 0.0, np.zeros(1), L)
E = lattice.energy(SPINS)
LOG_P = exact.log_probability(E, L, T)
HIDDEN = SMALL.sample_hidden(SPINS, 1)
PAIRS = maps.correlator_blocks(SPINS, HIDDEN)
G = correlators.two_point(SPINS)
LEVELS = posteriors.magnetisation_table(LABELLED, TEMPERATURES)
LARGER = np.random.default_rng(2).choice(np.array([-1, 1], np.int8), (64, 8, 8))
MEASURED = mcrg.measure([LARGER], rg.RULES["decimation"], 1, 1, names={"y_t": ["nn"], "y_h": ["field"]})
FEW = {"hidden": 3, "steps": 2}

# {door: ({argument: a right value}, {argument: its kind})}.  Kinds are those of `wrong.WRONG`.
DOORS = {
    lattice.bonds: ({"spins": SPINS}, {"spins": "field"}),
    lattice.energy: ({"spins": SPINS}, {"spins": "ising"}),
    lattice.magnetisation: ({"spins": SPINS}, {"spins": "field"}),
    lattice.block_sums: ({"spins": SPINS, "factor": 2}, {"factor": "count"}),
    correlators.two_point: ({"field": SPINS}, {"field": "lattices"}),
    correlators.spin_blocks: ({"spins": SPINS, "blocks": 4}, {"spins": "lattices"}),
    correlators.energy_blocks: ({"spins": SPINS, "blocks": 4}, {"spins": "lattices"}),
    correlators.measure: ({"spins": SPINS}, {"spins": "lattices"}),
    correlators.distances: ({"L": L}, {"L": "count"}),
    correlators.by_distance: ({"G": G}, {"G": "square"}),
    observables.observe: ({"spins": SPINS, "T": T}, {"spins": "configurations", "T": "temperature"}),
    observables.exact_standard_error: ({"L": L, "T": T, "n": 5}, {"L": "side", "T": "temperature", "n": "count"}),
    operators.sums: ({"spins": SPINS, "names": ["nn"]}, {"spins": "ising", "names": "operators"}),
    operators.known: ({"names": ["nn"]}, {"names": "operators"}),
    torus.spin_correlation: ({"L": L}, {"L": "side"}),
    torus.energy_correlation: ({"L": L}, {"L": "side"}),
    splits.mixture: ({"parts": [SPINS, SPINS]}, {"parts": "parts"}),
    exact.log_partition: ({"L": L, "T": T}, {"L": "side", "T": "temperature"}),
    exact.energy_per_spin: ({"L": L, "T": T}, {"L": "side", "T": "temperature"}),
    exact.specific_heat: ({"L": L, "T": T}, {"L": "side", "T": "temperature"}),
    exact.entropy: ({"L": L, "T": T}, {"L": "side", "T": "temperature"}),
    exact.temperature_of_energy: ({"L": L, "u": -1.0}, {"L": "side", "u": "numbers"}),
    exact.specific_heat_maximum: ({"L": L}, {"L": "side"}),
    exact.log_probability: ({"E": E, "L": L, "T": T}, {"E": "energy", "L": "side", "T": "temperature"}),
    exact.log_mixture: (
        {"E": E, "L": L, "temperatures": TEMPERATURES},
        {"E": "energy", "L": "side", "temperatures": "mixture"},
    ),
    exact.energy_distribution: ({"L": L, "T": T}, {"L": "side", "T": "temperature"}),
    exact.mixture_entropy: ({"L": L, "temperatures": TEMPERATURES}, {"L": "side", "temperatures": "mixture"}),
    exact.density_of_states: ({"L": L}, {"L": "side"}),
    exact.enumerate_states: ({"L": 2}, {"L": "side"}),
    exact.onsager_energy: ({"T": T}, {"T": "temperature"}),
    exact.yang_magnetisation: ({"T": T}, {"T": "temperature"}),
    sampling.sample: (
        {"L": L, "T": T, "n": 2, "rng": 1, "algorithm": "auto"},
        {"L": "side", "T": "temperature", "n": "count", "rng": "rng", "algorithm": "name"},
    ),
    sampling.batches: (
        {"L": L, "T": T, "n": 2, "rng": 1, "algorithm": "auto"},
        {"L": "side", "T": "temperature", "n": "count", "rng": "rng", "algorithm": "name"},
    ),
    sampling.mixture: (
        {"L": L, "temperatures": TEMPERATURES, "n": 5, "rng": 1},
        {"L": "side", "temperatures": "mixture", "n": "count", "rng": "rng"},
    ),
    sampling.choose: ({"L": L, "T": T}, {"L": "side", "T": "temperature"}),
    sampling.schedule: (
        {"L": L, "T": T, "algorithm": "auto"},
        {"L": "side", "T": "temperature", "algorithm": "name"},
    ),
    rg.coarse_grain: (
        {"spins": SPINS, "rule": "majority", "rng": 1},
        {"spins": "lattices", "rule": "name", "rng": "rng or None"},
    ),
    rg.iterate: (
        {"spins": SPINS, "rules": ["majority", "average"], "rng": 1},
        {"spins": "lattices", "rules": "names", "rng": "rng or None"},
    ),
    Layer(SMALL).apply: ({"spins": SPINS, "rng": 1}, {"spins": "units", "rng": "rng or None"}),
    Layer(SHARED).apply: ({"spins": SPINS, "rng": 1}, {"spins": "units", "rng": "rng or None"}),
    filters.Filter: ({"weights": np.ones((2, 2)), "bias": 0.0}, {"weights": "numbers", "bias": "number"}),
    filters.dial: ({"x": 0.5}, {"x": "number"}),
    filters.place: ({"weights": np.ones((2, 2))}, {"weights": "numbers"}),
    rbm.RBM: (
        {"W": SMALL.W, "visible_bias": SMALL.visible_bias, "hidden_bias": SMALL.hidden_bias},
        {"W": "weights", "visible_bias": "weights", "hidden_bias": "weights"},
    ),
    SMALL.hidden_field: ({"v": SPINS}, {"v": "units"}),
    SMALL.free_energy: ({"v": SPINS}, {"v": "units"}),
    SMALL.hidden_mean: ({"v": SPINS}, {"v": "units"}),
    SMALL.visible_mean: ({"h": HIDDEN}, {"h": "units"}),
    SMALL.sample_hidden: ({"v": SPINS, "rng": 1}, {"v": "units", "rng": "rng"}),
    SMALL.sample_visible: ({"h": HIDDEN, "rng": 1}, {"h": "units", "rng": "rng"}),
    SMALL.gibbs: ({"v": SPINS, "steps": 1, "rng": 1}, {"v": "spins", "steps": "steps", "rng": "rng"}),
    convolutional.ConvolutionalRBM: (
        {"filters": SHARED.filters, "visible_bias": 0.0, "hidden_bias": np.zeros(1), "L": L},
        {"filters": "weights", "visible_bias": "number", "hidden_bias": "weights", "L": "side"},
    ),
    rbm.train: (
        {"spins": SPINS, "rng": 1, **FEW},
        {"spins": "spins", "rng": "rng", "hidden": "count or None", "steps": "steps", "recipe": "name"},
    ),
    rbm.trajectory: (
        {"spins": SPINS, "recipe": "paper", "hidden": 3, "rng": 1, "at": [0]},
        {"spins": "spins", "recipe": "name", "hidden": "count", "rng": "rng", "at": "increasing"},
    ),
    convolutional.train: ({"spins": SPINS, "rng": 1, "steps": 1}, {"spins": "configurations", "rng": "rng"}),
    convolutional.trajectory: (
        {"spins": SPINS, "recipe": "convolutional", "rng": 1, "at": [0]},
        {"spins": "configurations", "recipe": "name", "rng": "rng", "at": "increasing"},
    ),
    convolutional.shared: (
        {"machine": SHARED.dense(), "L": L, "filters": 1, "size": 2},
        {"L": "side", "filters": "count", "size": "count"},
    ),
    rbm.train_stack: (
        {"spins": SPINS, "hidden": [3, 2], "rng": 1, "steps": 1},
        {"spins": "spins", "hidden": "sizes", "rng": "rng", "states": "name"},
    ),
    rbm.upwards: (
        {"layers": [SMALL], "spins": SPINS, "rng": 1},
        {"spins": "units", "rng": "rng", "states": "name"},
    ),
    rbm.downwards: ({"layers": [SMALL], "hidden": HIDDEN, "rng": 1}, {"hidden": "units", "rng": "rng"}),
    rbm.exact_machine: ({"L": L, "T": T}, {"L": "side", "T": "warm"}),
    rbm.checkerboard_machine: ({"L": L, "T": T}, {"L": "side", "T": "warm"}),
    closed_forms.log_partition: ({"L": L, "T": T}, {"L": "side", "T": "warm"}),
    rbm.log_partition_reweighted: (
        {"machine": MACHINE, "spins": SPINS, "log_p": LOG_P},
        {"spins": "spins", "log_p": "per configuration"},
    ),
    rbm.log_partition_annealed: (
        {"machine": MACHINE, "chains": 2, "temperatures": 2, "rng": 1},
        {"chains": "count", "temperatures": "count", "rng": "rng"},
    ),
    rbm.kl: (
        {"machine": MACHINE, "spins": SPINS, "log_p": LOG_P, "chains": 2, "temperatures": 2},
        {"spins": "spins", "log_p": "per configuration", "rng": "rng", "chains": "count", "temperatures": "count"},
    ),
    rbm.pseudo_likelihood: ({"machine": SMALL, "spins": SPINS}, {"spins": "spins"}),
    maps.correlator_blocks: (
        {"visible": SPINS, "hidden": HIDDEN, "blocks": 8},
        {"visible": "units", "hidden": "units", "blocks": "count"},
    ),
    maps.correlator: ({"visible": SPINS, "hidden": HIDDEN}, {"visible": "units", "hidden": "units"}),
    maps.receptive_fields: (
        {"visible": SPINS, "means": PAIRS},
        {"visible": "lattices", "means": "numbers", "ridge": "number"},
    ),
    maps.covariance_spectrum: ({"hidden": HIDDEN}, {"hidden": "units"}),
    maps.layers: ({"visible": SPINS, "states": [(HIDDEN, HIDDEN)]}, {"visible": "lattices"}),
    maps.aligned: ({"maps": PAIRS[0]}, {"maps": "square"}),
    mcrg.depth: ({"L": L, "factor": 2}, {"L": "count", "factor": "side"}),
    mcrg.measure: (
        {"portions": [SPINS], "rule": rg.RULES["majority"], "count": 1, "rng": 1, "chains": 1},
        {"portions": "portions", "rule": "name", "count": "steps", "rng": "rng or None", "chains": "count"},
    ),
    mcrg.table: (
        {"measured": MEASURED, "L": L, "factor": 2, "blocks": 4, "least": 1},
        {"L": "count", "factor": "side", "blocks": "side", "least": "count"},
    ),
    couplings.of: ({"machine": MACHINE, "spins": SPINS}, {"spins": "configurations", "names": "operators"}),
    couplings.of_hidden: (
        {"machine": SMALL, "spins": SPINS, "rng": 1},
        {"spins": "configurations", "rng": "rng", "names": "operators"},
    ),
    pseudolikelihood.of: (
        {"spins": SPINS, "names": ["nn"], "more": ["nn", "nnn"]},
        {"spins": "configurations", "names": "operators"},
    ),
    posteriors.bayes_posterior: (
        {"E": E, "L": L, "temperatures": TEMPERATURES},
        {"E": "energy", "L": "side", "temperatures": "mixture"},
    ),
    posteriors.magnetisation_table: (
        {"spins": LABELLED, "temperatures": TEMPERATURES},
        {"spins": "ising", "temperatures": "mixture"},
    ),
    posteriors.magnetisation_posterior: ({"table": LEVELS, "spins": SPINS}, {"spins": "configurations"}),
    posteriors.energy_temperature: ({"E": E, "L": L}, {"E": "per configuration", "L": "side"}),
    posteriors.train_network: (
        {"spins": LABELLED, "temperatures": TEMPERATURES, "hidden": 2, "epochs": 1, "rng": 1},
        {"spins": "ising", "temperatures": "mixture", "hidden": "count", "epochs": "count", "rng": "rng"},
    ),
    posteriors.posteriors: ({"spins": SPINS, "networks": [], "levels": LEVELS}, {"spins": "configurations"}),
    posteriors.read: ({"spins": SPINS, "networks": [], "levels": LEVELS}, {"spins": "configurations"}),
    curves.energies: ({"spins": SPINS}, {"spins": "field"}),
    curves.overlap: ({"units": SPINS}, {"units": "units"}),
    curves.read_energy: ({"spins": SPINS}, {"spins": "lattices"}),
    curves_calibration.calibrate: (
        {"L": L, "temperatures": [2.0, 2.5], "n": 40, "rng": 1},
        {"L": "side", "temperatures": "mixture", "n": "count", "rng": "rng"},
    ),
}
