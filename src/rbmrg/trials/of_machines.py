"""Errors of the distance of a machine from its data, and intervals over machines."""

import numpy as np

from rbmrg import exact, rbm, sampling
from rbmrg.coverage import LEVELS, Estimate, gaussian
from rbmrg.lattice import TC, energy
from rbmrg.stats import interval

L = 4
HIDDEN = 12
N = 2000  # configurations of a replica


def distance(rng):
    """KL by both methods, against the sum over all states.

    A machine trained for a while is close enough to its data to be reweighted; one with large random weights is not.
    """
    data = sampling.sample(L, TC, N, rng)
    trained = rbm.train(data, "best", HIDDEN, rng, steps=300)
    wild = rbm.RBM(rng.normal(0, 0.7, (L * L, HIDDEN)), np.zeros(L * L), np.zeros(HIDDEN))
    machines = {"KL by reweighting": ("reweighting", trained), "KL by annealing": ("annealing", wild)}
    states = exact.enumerate_states(L)
    log_p = exact.log_mixture(energy(states), L, [TC])

    def exactly(machine):
        gap = log_p + machine.free_energy(states)
        return float((np.exp(log_p) @ gap + rbm.log_partition_enumerated(machine)) / L**2), 0.0

    def replica(rng):
        spins = sampling.sample(L, TC, N, rng)
        mine = exact.log_mixture(energy(spins), L, [TC])
        found = {name: (method, rbm.kl(machine, spins, mine, rng)) for name, (method, machine) in machines.items()}
        chosen = {name: kl for name, (method, kl) in found.items() if kl.method == method}
        return {name: gaussian(kl.kl, kl.error) for name, kl in chosen.items()}

    return {name: exactly(machine) for name, (_, machine) in machines.items()}, replica


def over_machines(rng):
    """Intervals of `stats.interval` over machines that scatter twice as much as their statistical errors say."""
    names = {1: "one machine", 3: "Student's t over 3 machines", 8: "Student's t over 8 machines"}

    def replica(rng):
        found = {}
        for machines, name in names.items():
            error = 0.5
            scatter = np.hypot(error, 1.0 if machines > 1 else 0.0)
            estimates = 2.0 + scatter * rng.normal(size=machines)
            both = [interval(estimates, np.full(machines, error), level) for level in LEVELS.values()]
            ends = [end for each in both for end in (each.low, each.high)]
            found[name] = Estimate(both[0].estimate, *ends)
        return found

    return dict.fromkeys(names.values(), (2.0, 0.0)), replica
