"""All two-point functions of a study: where each comes from, and the fits to each as if it were alone."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import correlators, sampling
from rbmrg.exponents import dimensions, sources
from rbmrg.lattice import TC

MACHINE = {"machine": "some", "recipe": "exact", "training": "2.3", "control": "none"}
NULL = {"machine": "null", "recipe": "paper", "training": "2.3", "control": "untrained"}


def measured(rng):
    return correlators.measure(sampling.sample(6, TC, 200, rng), 10)


@pytest.fixture(scope="module")
def files():
    """Two machines, of two seeds and of one; Monte Carlo data and one kind that is wrong on purpose."""
    ensembles = pd.Index(["end", "equilibrium"], name="ensemble")
    flows = [
        xr.concat([xr.concat([measured(k + 2 * s), measured(k + 2 * s + 1)], ensembles) for s in range(n)], "seed")
        for k, n in ((10, 2), (20, 1))
    ]
    grouped = [xr.concat([measured(k + s) for s in range(n)], "seed") for k, n in ((30, 2), (40, 1))]
    return {
        "samples": measured(1),
        "grouped_samples": xr.concat([measured(2), measured(3)], pd.Index(["Monte Carlo", "shuffled"], name="source")),
        "flows": [flow.assign_attrs(columns) for flow, columns in zip(flows, (MACHINE, NULL), strict=True)],
        "grouped_flows": grouped,
    }


def test_every_source_says_what_it_is(files):
    columns, data = zip(*sources.every(**files), strict=True)
    table = pd.DataFrame(columns)
    assert list(table) == ["machine", "recipe", "training", "control", "seed", "kind", "ensemble"]
    assert table[["machine", "seed", "ensemble", "control", "kind"]].to_numpy().tolist() == [
        ["Monte Carlo", 0, "end", "none", "monte carlo"],
        ["Monte Carlo", 0, "grouped", "none", "monte carlo"],
        ["shuffled", 0, "grouped", "shuffled", "monte carlo"],
        *(["some", s, ensemble, "none", "machine"] for s in (0, 1) for ensemble in ("end", "equilibrium", "grouped")),
        *(["null", 0, ensemble, "untrained", "machine"] for ensemble in ("end", "equilibrium", "grouped")),
    ]
    assert table.recipe.tolist() == [*[""] * 3, *["exact"] * 6, *["paper"] * 3]
    seeds = {0: measured(1), 2: measured(3), 4: measured(11), 6: measured(12), 8: measured(31), 11: measured(40)}
    for index, expected in seeds.items():
        for name in expected.data_vars:
            np.testing.assert_array_equal(data[index][name], expected[name])


def test_without_flows_there_are_monte_carlo_data_alone(files):
    found = sources.every(files["samples"], files["grouped_samples"])
    assert [columns["kind"] for columns, _ in found] == ["monte carlo"] * 3


def test_all_sources_are_fitted_as_each_alone(files):
    told = []
    every = sources.every(**files)
    fits, windows = dimensions.fit_all(every, told.append)
    assert told == list(range(1, len(every) + 1))
    for index, (columns, data) in enumerate(every):
        alone = dimensions.fits(data)
        scan = dimensions.scan(data)
        for joined, part in ((fits, alone), (windows, scan)):
            mine = joined[index * len(part) : (index + 1) * len(part)].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, part.assign(**columns))
