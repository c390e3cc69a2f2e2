"""Errors of mutual information, against the 6 × 6 torus, on which the probability of each environment is known."""

import numpy as np

from rbmrg import operators, rg, sampling
from rbmrg.coverage import gaussian
from rbmrg.exponents import best_blocks, information, information_table
from rbmrg.exponents.information import BITS, SIDE
from rbmrg.lattice import TC
from rbmrg.rg import filters

RULES = {"majority": rg.RULES["majority"], "decimation": rg.RULES["decimation"], "dial 0.5": filters.dial(0.5)}
N = 4096  # configurations of a replica
LONG = 100  # times as many give the truth of the bound, which is trained


def mutual_information(rng):
    """I(H:E) on a torus of 6 × 6 spins and what it lacks to the best rule, whose truths are sums over all environments.

    The lower bound is tried against one that is trained on LONG times as many configurations.
    """
    shares = exact_shares()
    best = information.given_environment(best_blocks.means_of(best_blocks.best_rule(*best_blocks.given_blocks(shares))))
    given = {name: information.given_environment(information.block_means(rule)) for name, rule in RULES.items()}

    def replica(rng):
        spins = sampling.sample(SIDE, TC, N, rng)
        shares = information.environments(spins)
        found = {}
        for name, of in given.items():
            row = information_table.exact(of, best, shares)
            found[f"I(H:E) of {name}"] = gaussian(row["information"], row["error"])
            found[f"I(H:E) that {name} lacks"] = gaussian(row["less"], row["less_error"])
        return found | bounds(spins)

    truths = {}
    most = exactly(best, shares)
    for name, of in given.items():
        truths[f"I(H:E) of {name}"] = (exactly(of, shares), 0.0)
        truths[f"I(H:E) that {name} lacks"] = (most - exactly(of, shares), 0.0)
    long = bounds(sampling.sample(SIDE, TC, LONG * N, rng))
    return truths | {quantity: estimate.truth for quantity, estimate in long.items()}, replica


def bounds(spins):
    """{quantity: Estimate} of lower bounds from configurations [n, 6, 6]."""
    found = {name: information.lower_bound(rule, spins[:, None]) for name, rule in RULES.items()}
    return {f"bound on I(H:E) of {name}": gaussian(*bound) for name, bound in found.items()}


def exactly(given, shares):
    """I(H:E) from ⟨H|E⟩ and the exact `shares` of environments, both [256, 256]."""
    return float(information.information(information.moments(given, shares)))


def exact_shares():
    """The probability of each environment of a 6 × 6 torus at Tc, [256, 256], summed over the corners of the ring."""
    states = np.zeros((256, 256, SIDE, SIDE), np.int8)
    for half in (states, states.swapaxes(0, 1)[:, :, ::-1]):
        half[:, :, 0, 1:5] = BITS[:, None, :4]
        half[:, :, 1:3, 0] = BITS[:, None, 4:6]
        half[:, :, 1:3, 5] = BITS[:, None, 6:]
    weights = np.zeros((256, 256))
    for corners in BITS[:16, :4]:
        states[:, :, ::5, ::5] = corners.reshape(2, 2)
        weights += np.exp(
            operators.add_up(states, ["nn"])[..., 0] / TC
        )  # of the bonds on the ring, and of those across the boundary
    ring, between = information.boltzmann_weights()
    weights *= ring @ between @ ring.T
    return weights / weights.sum()
