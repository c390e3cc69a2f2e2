"""Rules with the columns that name them in the tables of exponents: RG rules, the dial, and the filters of machines."""

from rbmrg.layers import sources
from rbmrg.machines import weights
from rbmrg.rbm import convolutional
from rbmrg.rg import filters

NO_PLACE = float("nan")  # on the dial


def of_rule(rule):
    """(columns, the RG `rule`)."""
    return sources.of_rule(rule) | {"seed": 0, "dial": NO_PLACE}, rule


def of_dial(x):
    """(columns, the rule at `x` of the dial)."""
    rule = filters.dial(x)
    return {"kind": "dial", "source": f"dial {x:g}", "control": "none", "recipe": "", "training": "", "seed": 0,
            "dial": x}, rule  # fmt: skip


def of_machine(entry, machines):
    """Yield (columns, rule) of each seed of a machine with one filter, {seed: [RBM]}; `dial` is its place there."""
    for seed, (machine,) in machines.items():
        rule = filters.of_machine(convolutional.shared(machine, entry.L, 1, entry.resolved_recipe.size))
        yield sources.of_machine(entry) | {"seed": seed, "dial": filters.place(rule.weights)}, rule


def of_all(rules, dial, entries, files):
    """[(columns, rule)] of RG `rules`, places on the `dial`, and machines of one filter, with `files` of all seeds."""
    found = [*map(of_rule, rules), *map(of_dial, dial)]
    for entry in entries:
        own = [file for file in files if file.attrs["machine"] == entry.name]
        found += of_machine(entry, weights.by_seed(own))
    return found
