"""Errors of couplings: of both layers of machines, of pairs, and of configurations of a known Hamiltonian."""

import numpy as np

from rbmrg import exact, operators, rbm, sampling
from rbmrg.coverage import gaussian
from rbmrg.exponents import couplings, fourier, pseudolikelihood
from rbmrg.exponents.coupling_names import EQUIVALENT
from rbmrg.exponents.critical_line import equivalent
from rbmrg.lattice import TC

L = 8
N = 2000  # configurations of a replica
LONG = 100  # times as many give the truth that is not known exactly
SMALL = 4  # all of whose states are known
NAMES = ("nn", "nnn", "plaquette", "field")
HAMILTONIAN = (0.3, 0.06, -0.04, 0.02)
SEEN = ("nn", "nnn", EQUIVALENT)


def machine_couplings(rng):
    """Couplings of a machine that has learned a little, and of the hidden units of a filter with random weights."""
    trained = rbm.train(sampling.sample(L, TC, N, rng), "best", 32, rng, steps=500)
    filters = rbm.convolutional.ConvolutionalRBM(rng.normal(0.25, 0.15, (1, 4, 4)), 0.0, np.zeros(1), L).dense()

    def found(rng, n):
        spins = sampling.sample(L, TC, n, rng)
        tables = {"": couplings.of(trained, spins), " of hidden units": couplings.of_hidden(filters, spins, rng, NAMES)}
        estimates = {}
        for of, table in tables.items():
            rows = table.set_index("operator")
            estimates |= {f"K_{name}{of}": gaussian(*rows.loc[name, ["coupling", "error"]]) for name in SEEN}
            left = rows.loc["nn", ["unexplained", "unexplained_error"]]
            estimates[f"share left unexplained{of}"] = gaussian(*left)
        return estimates

    return {key: estimate.truth for key, estimate in found(rng, LONG * N).items()}, lambda rng: found(rng, N)


def pair_couplings(rng):
    """The mean Fourier coefficient of pairs of a random machine, against the sum over all states."""
    machine = rbm.RBM(rng.normal(0, 0.4, (SMALL**2, 12)), rng.normal(0, 0.2, SMALL**2), rng.normal(0, 0.2, 12))
    states = exact.enumerate_states(SMALL)
    means = operators.sums(states, ["nn"])[:, 0] / (2 * SMALL**2)
    truth = -float(machine.free_energy(states) @ means) / len(states)

    def replica(rng):
        return {"Fourier K_nn": gaussian(*fourier.pairs(machine, SMALL, "nn", rng)[:2])}

    return {"Fourier K_nn": (truth, 0.0)}, replica


def configuration_couplings(rng):
    """Couplings by pseudolikelihood of configurations drawn from all states of a Hamiltonian set by us."""
    states = exact.enumerate_states(SMALL)
    log_p = operators.sums(states, NAMES) @ np.array(HAMILTONIAN)
    p = np.exp(log_p - np.logaddexp.reduce(log_p))
    truths = dict(zip(NAMES, HAMILTONIAN, strict=True))
    truths[EQUIVALENT] = float(equivalent(HAMILTONIAN, NAMES))

    def replica(rng):
        rows = pseudolikelihood.of(states[rng.choice(len(states), N, p=p)], NAMES, None).set_index("operator")
        return {_pseudo(name): gaussian(*rows.loc[name, ["coupling", "error"]]) for name in truths}

    return {_pseudo(name): (value, 0.0) for name, value in truths.items()}, replica


def _pseudo(name):
    return f"K_{name} by pseudolikelihood"
