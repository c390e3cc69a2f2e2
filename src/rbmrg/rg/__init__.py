"""Renormalization group rules, one a file, behind one signature.

A rule is a module with `NAME`, `FACTOR` and `apply(spins, rng)`, where rng = None asks for the mean over the coins of
the rule; a rule without coins may ignore it.  To add a rule, write its file and name it in the two lines below.
A trained layer is a rule, too: `rbmrg.rg.machine.Layer`, imported by name because other rules need no machines.

Jobs depend on the rule that they use and on `steps`, but not on this file, which only finds a rule by its name.
"""

from rbmrg import arguments
from rbmrg.rg import average, decimation, majority, rescaled, steps

RULES = {rule.NAME: rule for rule in (average, majority, decimation, rescaled)}


def coarse_grain(spins, rule, rng):
    """One step of a rule: spins [n, L, L] → blocks [n, L/b, L/b], where b is the `FACTOR` of the rule.

    `rule`: a name in `RULES`, or anything with `apply`, such as a `machine.Layer`, whose blocks need not form a
    lattice.  `rng`: an int, a Generator, or None for the mean over the coins of the rule.  Raises ValueError for an
    unknown rule, if b does not divide L, and for spins that are neither ±1 nor real-valued.
    """
    rule = _known(rule)
    return steps.coarse_grain(_checked(spins, rule), rule, rng)


def iterate(spins, rules, rng):
    """Yield the lattice above `spins` [n, L, L], the one above that, and so on: one for each of `rules`, lowest first.

    `rules` and `rng` are as in `coarse_grain`, and all steps draw from the same `rng`.  Raises as `coarse_grain` does.
    """
    rules = [_known(rule) for rule in rules]
    return steps.iterate(_checked(spins, *rules[:1]), rules, steps.generator(rng))


def _checked(spins, rule=None):
    """`spins` as an array; the units that a layer without a `FACTOR` reads need not form a lattice."""
    return arguments.field(spins, "[n, L, L]" if getattr(rule, "FACTOR", None) else "[n, ...]")


def _known(rule):
    if hasattr(rule, "apply"):
        return rule
    if not isinstance(rule, str) or rule not in RULES:
        raise ValueError(f"rule = {rule!r}: must be one of {', '.join(RULES)}")
    return RULES[rule]
