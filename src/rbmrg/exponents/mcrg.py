"""Monte Carlo renormalisation group: exponents y_t and y_h of a rule, from its linearised matrix at each step.

With S_α the sums of local operators on a lattice and S'_α those on the lattice of its blocks, the derivatives of the
couplings K' of the blocks by those of the spins are T = A⁻¹ B, where A = ⟨S'_α S'_β⟩_c and B = ⟨S'_α S_β⟩_c.  Near a
fixed point the largest eigenvalue of T is b^y for blocks of b × b.  Even operators give y_t, odd ones y_h; without a
field, both signs of a configuration are equally probable, so moments of odd operators are those over both.
Swendsen, Phys. Rev. Lett. 42, 859 (1979).
"""

import numpy as np
import pandas as pd

from rbmrg import arguments, operators, stats
from rbmrg.exponents.operator_sums import sums
from rbmrg.operators import EVEN, ODD
from rbmrg.rg import steps

OPERATORS = {"y_t": tuple(EVEN), "y_h": tuple(ODD)}
BLOCKS = 32  # of the jackknife; the chains of `replicas` are a multiple
SMALLEST = 4  # side of the last lattice of blocks: on 2 × 2 sites operators coincide


def depth(L, factor=2):
    """The number of steps from L to the last lattice that is not smaller than SMALLEST."""
    L = arguments.integer("L", L)
    factor = arguments.integer("factor", factor, 2)
    count = 0
    while L % factor == 0 and L // factor >= SMALLEST:
        L //= factor
        count += 1
    return count


def measure(portions, rule, count, rng, chains=1, names=OPERATORS):
    """Sums of operators on the spins and on `count` lattices above them: {exponent: [levels, n, operators]}.

    `portions`: an iterable of configurations ±1 [k, L, L], of which number k belongs to chain k mod `chains`; those of
    a chain come together in the result.  `rule`: an RG rule, or anything with `apply`.  `names`: {exponent: operators}.
    Raises ValueError for others, and unless all chains are equally long.
    """
    if count and not hasattr(rule, "apply"):
        raise ValueError(f"rule = {rule!r}: must have `apply`, as those in `rbmrg.rg.RULES`")
    every = operators.known([name for few in names.values() for name in few])
    ends = np.cumsum([len(few) for few in names.values()])[:-1]
    found = [[] for _ in range(arguments.integer("count", count, 0) + 1)]
    rng = None if rng is None else arguments.generator(rng)
    for spins in portions:
        for level, lattice in enumerate((arguments.spins(spins), *steps.iterate(spins, [rule] * count, rng))):
            found[level].append(sums(lattice, every))
    n = sum(map(len, found[0]))
    if not n or n % arguments.integer("chains", chains):
        raise ValueError(f"portions of {n} configurations: must be equally many of each of {chains} chains")
    whole = np.stack([_by_chain(parts, chains) for parts in found])
    return dict(zip(names, np.split(whole, ends, axis=2), strict=True))


def _by_chain(parts, chains):
    """All `parts` [k, operators] as one array, chain by chain."""
    joined = np.concatenate(parts)
    return joined.reshape(-1, chains, joined.shape[1]).swapaxes(0, 1).reshape(joined.shape)


def moments(above, below, odd, blocks=BLOCKS):
    """Block means [blocks, 1 + p, 2p] of (1, S') ⊗ (S', S), for sums `above` and `below` [n, p]; ⟨S⟩ = 0 if `odd`.

    Sums of even operators are less their means, which changes no connected moment and keeps digits.
    """
    both = np.concatenate([above, below], axis=1).astype(np.float64)
    if not odd:
        both -= both.mean(axis=0)
    n, width = both.shape
    size = n // blocks
    parts = both[: blocks * size].reshape(blocks, size, width)
    left = np.concatenate([np.full((blocks, size, 1), 0.0 if odd else 1.0), parts[:, :, : width // 2]], axis=2)
    return left.transpose(0, 2, 1) @ parts / size


def matrix(moment):
    """T [..., p, p] of `moments` [..., 1 + p, 2p]."""
    p = moment.shape[-1] // 2
    connected = moment[..., 1:, :] - moment[..., 0, :p, None] * moment[..., :1, :]
    return np.linalg.solve(connected[..., :p], connected[..., p:])


def exponent(moment, count, factor):
    """y [...] of the first `count` operators of `moments` [..., 1 + p, 2p], for blocks of `factor` × `factor`."""
    p = moment.shape[-1] // 2
    chosen = np.r_[:count, p : p + count]
    eigenvalues = np.linalg.eigvals(matrix(moment[..., : count + 1, chosen]))
    return np.log(np.abs(eigenvalues).max(axis=-1)) / np.log(factor)


def table(measured, L, factor=2, blocks=BLOCKS, least=1):
    """A row for each step and number of operators, `least` or more, from `measure`.

    Columns: level, operators, y_t, y_t_error, y_h, y_h_error, L, n.  The number of `operators` is that of even ones;
    y_h takes as many odd ones, at most all.  Level k is the step from L/b^(k−1) to L/b^k; L and n are the side of the
    first lattice and the number of configurations.
    """
    levels, n, most = measured["y_t"].shape
    arguments.integer("L", L)
    arguments.integer("factor", factor, 2)
    arguments.integer("blocks", blocks, 2, n)
    arguments.integer("least", least, 1, most)
    rows = []
    for level in range(1, levels):
        pairs = {name: moments(of[level], of[level - 1], name == "y_h", blocks) for name, of in measured.items()}
        for count in range(least, most + 1):
            row = {"level": level, "operators": count}
            for name, means in pairs.items():
                used = min(count, measured[name].shape[2])
                all_replicas = np.concatenate([means.mean(axis=0, keepdims=True), stats.leave_one_out(means)])
                with np.errstate(divide="ignore", invalid="ignore"):  # of noise alone y is −inf if an eigenvalue is 0
                    row[name], *replicas = exponent(all_replicas, used, factor)
                    row[f"{name}_error"] = stats.jackknife_error(replicas)
            rows.append(row | {"L": L, "n": n})
    return pd.DataFrame(rows)
