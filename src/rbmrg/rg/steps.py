"""Steps of rules that are at hand, whether from the registry or not."""

import numpy as np


def coarse_grain(spins, rule, rng):
    """One step of a `rule`, a module or anything else that has `apply`; see `rbmrg.rg.coarse_grain`."""
    factor, shape = getattr(rule, "FACTOR", None), spins.shape[1:]
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
    """`rng` as a Generator; None, for which numpy would make a random one, stays None."""
    return None if rng is None else np.random.default_rng(rng)
