"""Replicas of a trial of error bars: estimates beside the truth, for the table of coverage."""

import importlib

import pandas as pd

from rbmrg.coverage import COLUMNS
from rbmrg.trials import analyses


def run(name, replicas, stream, progress=None):
    """All estimates of the trial called `name` in `analyses`: DataFrame of `coverage.COLUMNS`, replica by replica.

    `stream(*key)`: the Generators, of "truth" and of the number of each replica; `progress(done)` is called after each
    replica.
    """
    truths, replica = getattr(importlib.import_module(analyses.module(name)), name)(stream("truth"))
    rows = []
    for k in range(replicas):
        rows += [(k, quantity, *estimate, *truths[quantity]) for quantity, estimate in replica(stream(k)).items()]
        if progress:
            progress(k + 1)
    return pd.DataFrame(rows, columns=COLUMNS)
