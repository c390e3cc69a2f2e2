"""Renormalization group rules, one a file, behind one signature.

A rule is a module with `NAME`, `FACTOR` and `apply(spins, rng)`, where rng = None asks for the mean over the rule's
coins; a rule without coins need not look at it.  To add one, write its file and name it in the two lines below.
A trained layer is a rule, too: `rbmrg.rg.machine.Layer`, imported by name, for other rules need no machines.

Jobs depend on the rule that they use and on `steps`, not on this file: here is only what finds a rule by its name.
"""

from rbmrg.rg import average, decimation, majority, rescaled, steps

RULES = {rule.NAME: rule for rule in (average, majority, decimation, rescaled)}


def coarse_grain(spins, rule, rng):
    """One step of a rule: spins [n, L, L] → blocks [n, L/b, L/b] with b the rule's `FACTOR`.

    `rule`: a name in `RULES`, or anything that has `apply`, such as a `machine.Layer`, whose blocks need not be a
    lattice.  `rng`: an int, a Generator, or None for the mean over the rule's coins.  Raises ValueError for an unknown
    rule or an L that b does not divide.
    """
    return steps.coarse_grain(spins, _known(rule), rng)


def iterate(spins, rules, rng):
    """Yield the lattice above `spins` [n, L, L], the one above that, …: one for each of `rules`, lowest first.

    Rules are names or layers, and `rng` is one for all, as in `coarse_grain`, which tells what is raised.
    """
    return steps.iterate(spins, map(_known, rules), rng)


def _known(rule):
    if hasattr(rule, "apply"):
        return rule
    if rule not in RULES:
        raise ValueError(f"rule = {rule!r}: must be one of {', '.join(RULES)}")
    return RULES[rule]
