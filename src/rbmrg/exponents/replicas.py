"""Configurations at Tc for averages: many independent chains, each measured more often than it forgets.

An average needs no independent configurations if its error comes from independent chains, or from long parts of one.
Two autocorrelation times apart, a configuration costs a fifth of one of `rbmrg.sampling` and is worth nearly as much.
"""

from itertools import islice

from rbmrg import sampling
from rbmrg.lattice import TC
from rbmrg.sampling import multispin, wolff

DENSER = 5  # times as many configurations as the `thinning` of an algorithm gives: 2 τ of m² apart


def draw(L, n, rng):
    """(number of chains, iterator of int8 ±1 [k, L, L], each valid until the next): `n` configurations at Tc or more.

    Configuration k belongs to chain k mod chains, and all chains are equally long.  Wolff's algorithm has one chain;
    where samples are perfect, their number is 1 too.
    """
    match sampling.choose(L, TC):
        case "multispin":
            chains = multispin.replicas(L)
            early = multispin.THERMALISATION * (DENSER - 1)
            states = multispin.emissions(L, TC, rng, -(-multispin.thinning(L, TC) // DENSER))
            return chains, islice(states, early, early - (-n // chains))
        case "wolff":
            follow = wolff.sampler(L, TC, rng, -(-wolff.thinning(L, TC) // DENSER))
            size = max(1, wolff.AT_ONCE // L**2)
            return 1, (follow(min(size, n - done)) for done in range(0, n, size))
        case _:
            return 1, sampling.batches(L, TC, n, rng)


def length(L, n):
    """The number of configurations that `draw` gives for `n`."""
    if sampling.choose(L, TC) != "multispin":
        return n
    return -(-n // multispin.replicas(L)) * multispin.replicas(L)
