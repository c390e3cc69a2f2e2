"""The table of mutual information of rules and filters with the environment of their blocks, by two methods."""

import numpy as np
import pandas as pd

from rbmrg import stats
from rbmrg.exponents import best_blocks, information
from rbmrg.exponents.information_names import BEST_FILTER, BEST_RULE, BOUND, EXACT
from rbmrg.rg import filters
from rbmrg.splits import portions

BEST = {"kind": "optimum", "control": "none", "seed": 0}


def table(file, rules):
    """Rows for the best rules of 2 × 2 blocks and for each of `rules`, (columns, rule), from configurations (`file`).

    Columns: those of the rules, method, information, error, less, less_error, L, n.  The method is `conditional`, with
    the sum over the spins between block and environment, or `logistic`, the lower bound.  `less` is what is missing to
    the best rule of 2 × 2 blocks, NaN for bounds; filters that read more than the block may have more.
    """
    found = information.windows(portions(file.spin), file.attrs["chains"])
    shares = information.environments(found.reshape(-1, *found.shape[2:]))
    given = best_blocks.given_blocks(shares.mean(axis=0))
    best = information.given_environment(best_blocks.means_of(best_blocks.best_rule(*given)))
    weights = best_blocks.best_filter(*given)
    own = BEST | {"source": BEST_FILTER, "dial": filters.place(weights)}
    rows = [BEST | {"source": BEST_RULE, "dial": float("nan")} | exact(best, best, shares)]
    for columns, rule in [(own, filters.Filter(weights)), *rules]:
        means = information.given_environment(information.block_means(rule))
        rows.append(columns | exact(means, best, shares))
        bound, error = information.lower_bound(rule, found)
        rows.append(columns | {"method": BOUND, "information": bound, "error": error})
    names = ["kind", "source", "control", "seed", "dial", "method", "information", "error", "less", "less_error"]
    return pd.DataFrame(rows)[names].assign(L=file.attrs["L"], n=len(found))


def exact(given, best, shares):
    """The columns of the method EXACT for ⟨H|E⟩ of a rule and of the `best` one, from `shares` [blocks, 256, 256]."""
    both = np.stack([information.moments(of, shares) for of in (given, best)], axis=1)
    (own, less), errors = stats.jackknife(_and_less, both)
    return {"method": EXACT, "information": own, "error": errors[0], "less": less, "less_error": errors[1]}


def _and_less(both):
    own, best = map(information.information, both)
    return np.array([own, best - own])
