"""Replicas of every analysis that yields an error, on data whose truth is known: estimates beside truths."""

import pandas as pd

from rbmrg.trials import of_flows, of_layers, of_machines, of_samples
from rbmrg.trials.coverage import COLUMNS

# {name of a job: trial}.  A trial takes a Generator and returns the truths, {quantity: (value, its error)}, exact or of
# a run at least a hundred times as long as a replica, and a function that takes the Generator of a replica and returns
# its {quantity: Estimate}, through the functions that a study calls.
TRIALS = {
    "samples": of_samples.samples,
    "thermometers": of_samples.thermometers,
    "scaling-dimensions": of_flows.scaling_dimensions,
    "fixed-point": of_flows.fixed_point,
    "distance": of_machines.distance,
    "over-machines": of_machines.over_machines,
    "rule-maps": of_layers.rule_maps,
    "machine-maps": of_layers.machine_maps,
    "layer-temperatures": of_layers.layer_temperatures,
}


def run(trial, replicas, stream, progress=None):
    """All estimates of a `trial`, a function as in TRIALS: DataFrame of `coverage.COLUMNS`, replica by replica.

    `stream(*key)`: the Generators, of ("truth",) and of each replica; `progress(done)` is called after each replica.
    """
    truths, replica = trial(stream("truth"))
    rows = []
    for k in range(replicas):
        rows += [(k, name, *estimate, *truths[name]) for name, estimate in replica(stream(k)).items()]
        if progress:
            progress(k + 1)
    return pd.DataFrame(rows, columns=COLUMNS)
