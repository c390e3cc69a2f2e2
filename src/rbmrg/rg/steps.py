"""One coarse-graining step, or several in turn, of rules that are given as objects and not by name."""

import numpy as np


def coarse_grain(spins, rule, rng):
    """One step of a `rule`, a module or anything else with `apply`; see `rbmrg.rg.coarse_grain`."""
    factor = getattr(rule, "FACTOR", None)
    shape = spins.shape[1:]
    if factor and shape[-1] % factor:
        raise ValueError(f"blocks of {factor} do not tile a lattice of {' × '.join(map(str, shape))}")
    return rule.apply(spins, _generator(rng))


def iterate(spins, rules, rng):
    """One step of each of `rules`, lowest first, with one `rng` for all; see `rbmrg.rg.iterate`."""
    rng = _generator(rng)
    for rule in rules:
        spins = coarse_grain(spins, rule, rng)
        yield spins


def _generator(rng):
    """`rng` as a Generator; None, from which numpy would seed one at random, stays None."""
    return None if rng is None else np.random.default_rng(rng)
