"""Renormalization group rules, one a file, behind one signature.

A rule is a module with `NAME`, `FACTOR` and `apply(spins, rng)`, where rng = None asks for the mean over the rule's
coins; a rule without coins need not look at it.  To add one, write its file and name it in the two lines below.
A trained layer is a rule, too: `rbmrg.rg.machine.Layer`, imported by name, for other rules need no machines.
"""

import numpy as np

from rbmrg.rg import average, decimation, majority, rescaled

RULES = {rule.NAME: rule for rule in (average, majority, decimation, rescaled)}


def coarse_grain(spins, rule, rng):
    """One step of a rule: spins [n, L, L] → blocks [n, L/b, L/b] with b the rule's `FACTOR`.

    `rule`: a name in `RULES`, or anything that has `apply`, such as a `machine.Layer`, whose blocks need not be a
    lattice.  `rng`: an int, a Generator, or None for the mean over the rule's coins.  Raises ValueError for an unknown
    rule or an L that b does not divide.
    """
    if not hasattr(rule, "apply"):
        if rule not in RULES:
            raise ValueError(f"rule = {rule!r}: must be one of {', '.join(RULES)}")
        rule = RULES[rule]
    factor, shape = getattr(rule, "FACTOR", None), spins.shape[1:]
    if factor and shape[-1] % factor:
        raise ValueError(f"blocks of {factor} do not tile a lattice of {' × '.join(map(str, shape))}")
    return rule.apply(spins, _generator(rng))


def iterate(spins, rules, rng):
    """Yield the lattice above `spins` [n, L, L], the one above that, …: one for each of `rules`, lowest first.

    Rules are names or layers, and `rng` is one for all, as in `coarse_grain`, which tells what is raised.
    """
    rng = _generator(rng)
    for rule in rules:
        spins = coarse_grain(spins, rule, rng)
        yield spins


def _generator(rng):
    """`rng` as a Generator; None, for which numpy would make a random one, stays None."""
    return None if rng is None else np.random.default_rng(rng)
