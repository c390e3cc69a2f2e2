"""Configurations at Tc for averages: many independent chains, each measured more often than it forgets.

An average needs no independent configurations if its error comes from independent chains.  Two autocorrelation times
apart, a configuration costs a fifth of one of `rbmrg.sampling` and is worth nearly as much.
"""

from itertools import islice

from rbmrg import sampling
from rbmrg.lattice import TC
from rbmrg.sampling import multispin

DENSER = 5  # times as many configurations as `multispin.thinning` gives: 2 τ of m² apart


def draw(L, n, rng):
    """(number of chains, iterator of int8 ±1 [k, L, L], each valid until the next): `n` configurations at Tc or more.

    Configuration k belongs to chain k mod chains, and all chains are equally long.  Where another sampler is better,
    configurations are independent and the number of chains is 1.
    """
    if sampling.choose(L, TC) != "multispin":
        return 1, sampling.batches(L, TC, n, rng)
    chains = multispin.replicas(L)
    thin = -(-multispin.thinning(L, TC) // DENSER)
    early = multispin.THERMALISATION * (DENSER - 1)
    return chains, islice(multispin.emissions(L, TC, rng, thin), early, early - (-n // chains))


def length(L, n):
    """The number of configurations that `draw` gives for `n`."""
    if sampling.choose(L, TC) != "multispin":
        return n
    return -(-n // multispin.replicas(L)) * multispin.replicas(L)
