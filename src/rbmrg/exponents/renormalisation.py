"""Rows of the table of exponents of RG rules and of the dial, on configurations at Tc."""

from rbmrg.exponents import mcrg
from rbmrg.layers import sources
from rbmrg.rg import filters
from rbmrg.splits import portions


def of_rule(file, rule, rng):
    """`mcrg.table` of an RG `rule` (a module) with the columns kind, source, control, seed and dial, which is NaN.

    `file`: the Dataset of configurations with the attributes L and chains, see `replicas.draw`.
    """
    return measured(file, rule, rng).assign(**sources.of_rule(rule), seed=0, dial=float("nan"))


def of_dial(file, x, rng):
    """The same of the rule at `x` of the dial."""
    return measured(file, filters.dial(x), rng).assign(
        kind="dial", source=f"dial {x:g}", control="none", seed=0, dial=x
    )


def measured(file, rule, rng):
    """`mcrg.table` of a `rule` on the configurations of `file`."""
    L = file.attrs["L"]
    sums = mcrg.measure(portions(file.spin), rule, mcrg.depth(L), rng, file.attrs["chains"])
    return mcrg.table(sums, L, rule.FACTOR)
