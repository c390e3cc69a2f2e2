"""Errors of the exponents of RG rules, against enumeration of a small lattice and against a long run."""

import numpy as np

from rbmrg import exact, operators, rg, sampling
from rbmrg.coverage import gaussian
from rbmrg.exponents import mcrg, replicas
from rbmrg.lattice import TC, energy

SMALL = 4  # a lattice all of whose states can be summed
NAMES = {"y_t": ("nn", "nnn", "plaquette"), "y_h": ("field", "corner")}  # all that differ on its 2 × 2 blocks
RULES = ("majority", "decimation")
L = 16
N = 4096  # configurations of a replica
LONG = 100  # times as many give the truth at L = 16


def enumerated_exponents(rng):
    """y_t and y_h of the first step from 4 × 4 spins, whose matrix is known, of independent configurations."""

    def replica(rng):
        spins = sampling.sample(SMALL, TC, N, rng)
        return {key: gaussian(*found) for rule in RULES for key, found in _first(spins, rule, rng).items()}

    return {key: (y, 0.0) for rule in RULES for key, y in exactly(rule).items()}, replica


def _first(spins, rule, rng):
    """{quantity: (y, error)} of the first step of a rule with all operators NAMES."""
    measured = mcrg.measure([spins], rg.RULES[rule], 1, rng, names=NAMES)
    row = mcrg.table(measured, SMALL).iloc[-1]
    return {f"{name} of {rule}, L = {SMALL}": (row[name], row[f"{name}_error"]) for name in NAMES}


def exactly(rule):
    """{quantity: y} of a rule from the sum over all states of 4 × 4 spins and of their 2 × 2 blocks at Tc."""
    return {
        f"{name} of {rule}, L = {SMALL}": float(np.log2(np.abs(np.linalg.eigvals(matrix(rg.RULES[rule], of))).max()))
        for name, of in NAMES.items()
    }


def matrix(rule, names):
    """The linearised matrix of a `rule` from 4 × 4 spins at Tc, of operators `names`, exactly."""
    states = exact.enumerate_states(SMALL)
    blocks = exact.enumerate_states(SMALL // 2)
    p = np.exp(-energy(states) / TC)
    mean = np.asarray(rule.apply(states, None), float).reshape(len(states), 1, -1)
    joint = (p / p.sum())[:, None] * np.prod((1 + mean * blocks.reshape(1, len(blocks), -1)) / 2, axis=2)
    below = operators.sums(states, names).astype(float)
    above = operators.sums(blocks, names).astype(float)
    of_blocks = joint.sum(axis=0)
    A = above.T @ (of_blocks[:, None] * above) - np.outer(of_blocks @ above, of_blocks @ above)
    B = above.T @ joint.T @ below - np.outer(of_blocks @ above, joint.sum(axis=1) @ below)
    return np.linalg.solve(A, B)


def settled_exponents(rng):
    """y_t and y_h of both steps of the majority rule from L = 16, of chains, with all operators."""

    def found(rng, n):
        chains, batches = replicas.draw(L, n, rng)
        table = mcrg.table(mcrg.measure(batches, rg.RULES["majority"], 2, rng, chains), L)
        full = table[table.operators == table.operators.max()]
        return {
            f"{name} of majority, step {row['level']:g} from L = {L}": gaussian(row[name], row[f"{name}_error"])
            for _, row in full.iterrows()
            for name in mcrg.OPERATORS
        }

    return {key: estimate.truth for key, estimate in found(rng, LONG * N).items()}, lambda rng: found(rng, N)
