"""RG rules whose exponents are known judged as learned filters are, claim C10."""

import pandas as pd

from rbmrg import rg
from rbmrg.exponents import mcrg, replicas
from rbmrg.report import claims_of_exponents
from rbmrg.report.evidence import COLUMNS
from rbmrg.rg import filters

L = 16  # from there y_t of the majority rule settles at 0.992(2): inside its region, by less than from larger lattices
N = 2**17  # configurations, of which rules that are far off need few
FEW = 2**13
UNTRAINED = 0.01  # standard deviation of the weights of a filter that learned nothing, as those of the recipe
CASES = {"majority": True, "decimation": False, "half of the dial": False, "untrained filter": False}  # {name: truth}


def judge(number, stream, progress=None):
    """The rows of C10 for all CASES, in a `number` of independent replicas: the DataFrame for `trials.summary`.

    `stream(replica)`: the Generators; `progress(done)` is called after each.
    """
    tables = []
    for replica in range(number):
        rng = stream(replica)
        for case, true in CASES.items():
            rows = claims_of_exponents.judged(exponents(case, N if true else FEW, rng), case, "this rule")
            table = pd.DataFrame(rows, columns=COLUMNS).drop(columns="source")
            tables.append(table.assign(case=case, truth=true, power=False, replica=replica))
        if progress:
            progress(replica + 1)
    return pd.concat(tables, ignore_index=True)


def exponents(case, n, rng):
    """`mcrg.table` of a case from `n` new configurations."""
    rule = {
        "half of the dial": filters.dial(0.5),
        "untrained filter": filters.Filter(rng.normal(0, UNTRAINED, (4, 4))),
    }.get(case) or rg.RULES[case]
    chains, batches = replicas.draw(L, n, rng)
    return mcrg.table(mcrg.measure(batches, rule, mcrg.depth(L), rng, chains), L)
