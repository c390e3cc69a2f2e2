"""Errors of the exponents of RG rules, against enumeration of a small lattice and against a long run."""

import numpy as np

from rbmrg import exact, operators, rg, sampling
from rbmrg.coverage import gaussian
from rbmrg.exponents import matching, mcrg, replicas
from rbmrg.lattice import TC, energy

SMALL = 4  # a lattice all of whose states can be summed
NAMES = {"y_t": ("nn", "nnn", "plaquette"), "y_h": ("field", "corner")}  # all that differ on its 2 × 2 blocks
RULES = ("majority", "decimation")
SIDES = (4, 3)  # of raw configurations that are scaled, for which all states can be summed, too
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


def finite_size(rng):
    """Binder's crossing, 1/ν, β/ν and γ/ν from independent configurations of two sizes, against enumeration."""
    factor = SIDES[0] / SIDES[1]
    names = ["K* − Kc", "1/ν", "β/ν", "γ/ν"]
    truths = matching.scaled(np.stack([enumerated_means(side) for side in SIDES]), factor)

    def replica(rng):
        spins = [sampling.sample(side, TC, N, rng) for side in SIDES]
        found = matching.finite_size(*(mcrg.measure([s], None, 0, rng) for s in spins), SIDES[0], factor)
        return {row.quantity: gaussian(row.estimate, row.error) for row in found.itertuples()}

    return {name: (float(truth), 0.0) for name, truth in zip(names, truths, strict=True)}, replica


def enumerated_means(side):
    """⟨m²⟩, ⟨m⁴⟩, ⟨|m|⟩, ⟨m² E⟩, ⟨m⁴ E⟩ and ⟨E⟩ over all states at Tc, where E is the sum of s s' over bonds."""
    states = exact.enumerate_states(side)
    E = -energy(states).astype(float)
    m = states.mean(axis=(1, 2), dtype=float)
    p = np.exp(E / TC)
    return np.array([p @ of for of in (m**2, m**4, np.abs(m), m**2 * E, m**4 * E, E)]) / p.sum()


def matched_lattices(rng):
    """K* − Kc and y of the first and last operators, two steps of the majority rule from L = 16 against one from 8."""

    def found(rng, n):
        sums = []
        for side, steps in ((L, 2), (L // 2, 1)):
            chains, batches = replicas.draw(side, n, rng)
            sums.append(mcrg.measure(batches, rg.RULES["majority"], steps, rng, chains))
        table = matching.table(*sums, L)
        estimates = {}
        for row in table[(table.level == 2) & table.operator.isin(["nn", "six", "field", "wedge"])].itertuples():
            estimates[f"{row.exponent} of matched lattices, {row.operator}"] = gaussian(row.y, row.y_error)
            if row.exponent == "y_t":
                estimates[f"K* − Kc of matched lattices, {row.operator}"] = gaussian(row.shift, row.shift_error)
        return estimates

    return {key: estimate.truth for key, estimate in found(rng, LONG * N).items()}, lambda rng: found(rng, N)
