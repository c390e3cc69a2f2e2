"""Renormalization group rules, one a file, behind one signature.

A rule is a module with `NAME`, `FACTOR` and `apply(spins, rng)`.  To add one, write its file and name it in `RULES`.
"""

import numpy as np

from rbmrg.rg import average, majority

RULES = {rule.NAME: rule for rule in (average, majority)}


def coarse_grain(spins, rule, rng):
    """One step of the rule called `rule`: spins [n, L, L] → blocks [n, L/b, L/b] with b the rule's `FACTOR`.

    Raises ValueError for an unknown rule or an L that b does not divide.
    """
    if rule not in RULES:
        raise ValueError(f"rule = {rule!r}: must be one of {', '.join(RULES)}")
    return RULES[rule].apply(spins, np.random.default_rng(rng))
