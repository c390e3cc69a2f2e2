"""RG rules whose exponents are known judged as learned filters are, claim C10."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from rbmrg import rg
from rbmrg.exponents import mcrg, replicas
from rbmrg.report import claims_of_exponents
from rbmrg.report.evidence import COLUMNS, RULE
from rbmrg.rg import filters
from rbmrg.sampling import multispin

L = 16  # from there y_t of the majority rule settles at 0.992(2): inside its region, by less than from larger lattices
N = 2**17  # configurations for the majority rule
FEW = 2**10  # for all others, which are far off: they read the same CHAINS
CHAINS = 32
TOGETHER = multispin.replicas(L) // CHAINS  # replicas whose chains are drawn together, for all must come to equilibrium
UNTRAINED = 0.01  # standard deviation of the weights of a filter that learned nothing, as those of the recipe


class Case(NamedTuple):
    """A rule whose claim is `true` or not; judged in one replica of `every`; `power`: for the table of power."""

    true: bool = False
    every: int = 1
    power: bool = False
    dial: float | None = None


CASES = {
    "majority": Case(true=True),
    "decimation": Case(),
    "untrained filter": Case(),
    # y_h of their last step is 1.8799(1), 1.8892(2) and 1.9210(1) from here: outside its region
    **{f"dial {x:g}": Case(every=4, power=True, dial=x) for x in (0.1, 0.25, 0.5)},
}


def judge(number, majority, stream, progress=None):
    """The rows of C10 for all CASES, in a `number` of independent replicas: the DataFrame for `trials.summary`.

    The majority rule, which costs most, is judged in the first replicas only, as many as `majority`.
    `stream(replica)`, `stream("chains", replicas before)`: the Generators; `progress(done)` is called after each.
    """
    tables = []
    for replica in range(number):
        rng = stream(replica)
        place = replica % TOGETHER
        if place == 0:
            drawn = chains(stream("chains", replica))
        spins = drawn[:, place].reshape(-1, L, L)
        for name, case in CASES.items():
            if replica < majority if case.true else replica % case.every == 0:
                found = of_majority(rng) if case.true else table([spins], _rule(name, rng), rng, CHAINS)
                rows = pd.DataFrame(claims_of_exponents.judged(found, name, RULE), columns=COLUMNS)
                known = {"case": name, "truth": case.true, "power": case.power, "replica": replica}
                tables.append(rows.drop(columns="source").assign(**known))
        if progress:
            progress(replica + 1)
    return pd.concat(tables, ignore_index=True)


def chains(rng):
    """FEW configurations for each of TOGETHER replicas: int8 ±1 [FEW/CHAINS, TOGETHER, CHAINS, L, L]."""
    _, batches = replicas.draw(L, FEW * TOGETHER, rng)
    return np.stack([batch.copy() for batch in batches]).reshape(-1, TOGETHER, CHAINS, L, L)


def of_majority(rng):
    """`table` of the majority rule from N new configurations."""
    number, batches = replicas.draw(L, N, rng)
    return table(batches, rg.RULES["majority"], rng, number)


def table(portions, rule, rng, number):
    """`mcrg.table`, with all operators, of a `rule` from configurations of a `number` of chains."""
    measured = mcrg.measure(portions, rule, mcrg.depth(L), rng, number)
    return mcrg.table(measured, L, least=len(mcrg.OPERATORS["y_t"]))


def _rule(name, rng):
    if name == "untrained filter":
        return filters.Filter(rng.normal(0, UNTRAINED, (4, 4)))
    return rg.RULES.get(name) or filters.dial(CASES[name].dial)
