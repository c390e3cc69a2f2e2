"""Ising configurations in equilibrium: one door, one algorithm a file.

An algorithm has `SIZES` (the range of L it serves), `AT_ONCE` (how many spins to draw at once when they are streamed),
`sampler(L, T, rng)`, which returns a function `draw(n)` for the next n configurations, and `schedule(L, T)`.
"""

import numpy as np

from rbmrg import arguments
from rbmrg.sampling import cluster, coupling, hybrid, multispin, transfer, wolff

ALGORITHMS = {
    "transfer": transfer,
    "multispin": multispin,
    "wolff": wolff,
    "swendsen-wang": cluster,
    "coupling": coupling,
    "hybrid": hybrid,
}
SWEEPS = 150  # so many sweeps of multispin cost as much as one of Wolff


def sample(L, T, n, rng, algorithm="auto"):
    """`n` configurations of the L × L torus at temperature T (units of J/k_B), int8 ±1 [n, L, L].

    L ≥ 2; T ≥ 0, 0 and inf included; `rng` is an int or a numpy Generator; `algorithm` is a name in `ALGORITHMS`, or
    "auto" for `choose(L, T)`.  "transfer" and "coupling" draw exact and independent configurations; the others are
    Markov chains whose configurations are ≥ 10 τ apart.  Raises ValueError that lists every argument out of range.
    """
    return _sampler(L, T, n, rng, algorithm)(int(n))


def mixture(L, temperatures, n, rng):
    """`n` configurations, each at one of `temperatures` chosen with equal probability, in random order.

    They are int8 ±1 [n, L, L].

    Raises ValueError as `sample` does, and if there are no temperatures.
    """
    temperatures = arguments.mixture(temperatures).tolist()
    rng = arguments.generator(rng)
    counts = rng.multinomial(arguments.integer("n", n), np.full(len(temperatures), 1 / len(temperatures)))
    parts = [sample(L, T, int(k), rng) for T, k in zip(temperatures, counts, strict=True) if k]
    return rng.permutation(np.concatenate(parts))


def batches(L, T, n, rng, algorithm="auto"):
    """The configurations of `sample`, in order and in parts of bounded size: an iterator of int8 ±1 [≤ n, L, L].

    Raises ValueError, at once, as `sample` does.
    """
    draw = _sampler(L, T, n, rng, algorithm)
    size = max(1, ALGORITHMS[_name(L, T, algorithm)].AT_ONCE // L**2)
    return (draw(min(size, n - done)) for done in range(0, n, size))


def choose(L, T):
    """The name of the best algorithm for L and T.

    "transfer", whose samples are perfect, wherever the transfer matrix is small enough; for larger L the cheaper of
    "multispin" and "wolff", which at Tc is multispin below L ≈ 100, and far from Tc always multispin.
    """
    arguments.integer("L", L, 2)
    arguments.temperature(T)
    if L in transfer.SIZES:
        return "transfer"
    cheaper = L in multispin.SIZES and multispin.thinning(L, T) < SWEEPS * wolff.thinning(L, T)
    return "multispin" if cheaper else "wolff"


def schedule(L, T, algorithm="auto"):
    """(algorithm, sweeps before the first configuration, sweeps between two); no sweeps for perfect samples."""
    _check(L, T, 1, algorithm)
    name = _name(L, T, algorithm)
    return name, *ALGORITHMS[name].schedule(L, T)


def size_problem(L, algorithm):
    """Why `algorithm` (or "auto") cannot serve the lattice size L, and which ones can; None if it can."""
    sizes = ALGORITHMS[_name(L, 1.0, algorithm)].SIZES
    if L in sizes:
        return None
    others = [repr(name) for name, module in ALGORITHMS.items() if L in module.SIZES]
    advice = f", or use 'auto' or one of {', '.join(others)}" if others else ""
    even = "even and " if sizes.step == 2 else ""
    return f"with algorithm {algorithm!r}: must be {even}from {sizes[0]} to {sizes[-1]}{advice}"


def _name(L, T, algorithm):
    """`algorithm`, or the best one for L and T if it is "auto"; ValueError if there is none of this name."""
    if not isinstance(algorithm, str) or algorithm not in (*ALGORITHMS, "auto"):
        raise ValueError(f"algorithm = {algorithm!r}: must be one of {', '.join(map(repr, ALGORITHMS))} or 'auto'")
    return choose(L, T) if algorithm == "auto" else algorithm


def _sampler(L, T, n, rng, algorithm):
    """`draw` of the algorithm, for checked arguments without numpy scalars: kernels are compiled for one type only."""
    _check(L, T, n, algorithm)
    return ALGORITHMS[_name(L, T, algorithm)].sampler(int(L), float(T), arguments.generator(rng))


def _check(L, T, n, algorithm):
    """ValueError that lists all that is wrong with the arguments of `sample`."""
    problems = []

    def add(check, *values):
        try:
            check(*values)
        except ValueError as error:
            problems.append(str(error))

    add(arguments.integer, "L", L, 2)
    add(arguments.temperature, T)
    add(arguments.integer, "n", n)
    add(_name, 2, 1.0, algorithm)
    if not problems and (problem := size_problem(L, algorithm)):
        problems.append(f"L = {L} {problem}")
    if problems:
        raise ValueError("; ".join(problems))
