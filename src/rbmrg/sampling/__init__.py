"""Ising configurations in equilibrium: one door, one algorithm a file."""

import numbers

from rbmrg.sampling import cluster, multispin, transfer

# `wolff` and `coupling` are not here yet: their validation at L = 32 and 64 (pytest -m long) is still to be done.
ALGORITHMS = {"transfer": transfer.sample, "multispin": multispin.sample, "swendsen-wang": cluster.sample}

CLUSTERS_FROM = 128  # L² · L^2.17 / 11 updates per ns are as much as the sweeps of Swendsen–Wang


def sample(L, T, n, rng, algorithm="auto"):
    """`n` independent configurations of the L × L torus at temperature T (units of J/k_B), int8 ±1 [n, L, L].

    L ≥ 2; T ≥ 0, 0 and inf included; `rng` is an int or a numpy Generator; `algorithm` is a name in `ALGORITHMS`, or
    "auto" for `choose(L, T)`.  "transfer" is exact; "swendsen-wang" is a Markov chain, its configurations ≥ 10 τ apart.
    Raises ValueError, with all that is wrong, for arguments out of these ranges or L > 12 with "transfer".
    """
    problems = _problems(L, T, n, algorithm)
    if problems:
        raise ValueError("; ".join(problems))
    name = choose(L, T) if algorithm == "auto" else algorithm
    return ALGORITHMS[name](int(L), float(T), int(n), rng)  # no numpy scalars: kernels are compiled for one type only


def choose(L, T):
    """Name of the best algorithm for L and T: perfect samples wherever the transfer matrix is small enough, then what
    costs least for an independent configuration at Tc: multispin below L = 128.
    """
    if L <= transfer.MAX_L:
        return "transfer"
    return "multispin" if L % 2 == 0 and L < CLUSTERS_FROM else "swendsen-wang"


def _problems(L, T, n, algorithm):
    """What is wrong with the arguments of `sample`, a list of sentences."""
    problems = []
    if not (isinstance(L, numbers.Integral) and L >= 2):
        problems.append(f"L = {L!r}: must be an integer ≥ 2")
    elif algorithm == "transfer" and L > transfer.MAX_L:
        others = ", ".join(repr(name) for name in ALGORITHMS if name != "transfer")
        problems.append(f"L = {L} with algorithm 'transfer': must be ≤ {transfer.MAX_L}, or use {others} or 'auto'")
    elif algorithm == "multispin" and L % 2:
        others = ", ".join(repr(name) for name in ALGORITHMS if name != "multispin")
        problems.append(f"L = {L} with algorithm 'multispin': must be even, or use {others} or 'auto'")
    if not (isinstance(T, numbers.Real) and T >= 0):  # NaN is not ≥ 0
        problems.append(f"T = {T!r}: must be a number ≥ 0, or inf")
    if not (isinstance(n, numbers.Integral) and n >= 1):
        problems.append(f"n = {n!r}: must be an integer ≥ 1")
    if algorithm != "auto" and algorithm not in ALGORITHMS:
        problems.append(f"algorithm = {algorithm!r}: must be one of {', '.join(map(repr, ALGORITHMS))} or 'auto'")
    return problems
