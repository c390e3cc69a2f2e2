"""The tables of exponents and of matched lattices of RG rules and of the dial, on configurations at Tc."""

from rbmrg.exponents import matching, mcrg, named_rules
from rbmrg.splits import portions


def of_rule(lattices, rule, rng):
    """`mcrg.table` and `matching.table` of an RG `rule` (a module), with kind, source, control, seed, dial (NaN).

    `lattices`: the Datasets of configurations of side L and of side L/b, with the attributes L and chains, see
    `replicas.draw`.
    """
    columns, rule = named_rules.of_rule(rule)
    return tables(lattices, rule, rng, **columns)


def of_dial(lattices, x, rng):
    """The same of the rule at `x` of the dial."""
    columns, rule = named_rules.of_dial(x)
    return tables(lattices, rule, rng, **columns)


def tables(lattices, rule, rng, **columns):
    """`mcrg.table` and `matching.table` of a `rule`, with more `columns`; `quality` is that of placed machines, NaN."""
    large, small = (measured(file, rule, mcrg.depth(file.attrs["L"], rule.FACTOR), rng) for file in lattices)
    L = lattices[0].attrs["L"]
    exponents = mcrg.table(large, L, rule.FACTOR).assign(**columns, quality=float("nan"))
    return exponents, matching.table(large, small, L, rule.FACTOR).assign(**columns)


def measured(file, rule, count, rng):
    """`mcrg.measure` of the configurations of a `file`, in portions."""
    return mcrg.measure(portions(file.spin), rule, count, rng, file.attrs["chains"])


def finite_size(lattices):
    """`matching.finite_size` of raw configurations of side L and of side L/2."""
    return matching.finite_size(*(measured(file, None, 0, None) for file in lattices), lattices[0].attrs["L"])
