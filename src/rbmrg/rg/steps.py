"""One coarse-graining step, or several in turn, of rules that are given as objects and not by name."""

from rbmrg import arguments


def coarse_grain(spins, rule, rng):
    """One step of a `rule`, a module or anything else with `apply`; see `rbmrg.rg.coarse_grain`."""
    factor = getattr(rule, "FACTOR", None)
    shape = spins.shape[1:]
    if factor and shape[-1] % factor:
        raise ValueError(f"blocks of {factor} do not tile a lattice of {' × '.join(map(str, shape))}")
    return rule.apply(spins, generator(rng))


def iterate(spins, rules, rng):
    """One step of each of `rules`, lowest first, with one `rng` for all; see `rbmrg.rg.iterate`."""
    rng = generator(rng)
    for rule in rules:
        spins = coarse_grain(spins, rule, rng)
        yield spins


def generator(rng):
    """`rng` as a Generator; None, which asks for the mean over coins, stays None."""
    return None if rng is None else arguments.generator(rng)
