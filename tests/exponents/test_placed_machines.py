"""Dense machines as a single RG step: a filter whose units are out of order is found again, and noise is not placed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rbm, sampling
from rbmrg.exponents import mcrg, placed_machines
from rbmrg.lattice import TC
from rbmrg.machines.entries import Entry
from rbmrg.rbm.convolutional import ConvolutionalRBM
from rbmrg.rg import filters
from rbmrg.rg.machine import Layer

ENTRY = Entry("dense", 8, ["2.269185"], "paper", 16)


@pytest.fixture(scope="module")
def file():
    return xr.Dataset({"spin": (("sample", "y", "x"), sampling.sample(8, TC, 6400, 1))}, attrs={"L": 8, "chains": 2})


def table(file, machine):
    return placed_machines.of_machine(file, ENTRY, {3: [machine]}, np.random.default_rng)


def test_units_out_of_order_and_turned_around_are_put_in_place(file):
    ordered = ConvolutionalRBM(filters.dial(0).weights[None], 0.0, [0.0], 8).dense()
    rng = np.random.default_rng(1)
    order = rng.permutation(16)
    signs = rng.choice([-1, 1], 16)
    found = table(file, replace(ordered, W=ordered.W[:, order] * signs))
    assert (found.quality == 1).all()
    spins = file.spin.values[: 6400 // placed_machines.SHARE]
    expected = mcrg.table(mcrg.measure([spins], Layer(ordered), 1, np.random.default_rng(3), 2), 8)
    pd.testing.assert_frame_equal(found[list(expected)], expected)
    assert found[["kind", "source", "control", "seed"]].drop_duplicates().values.tolist() == [
        ["placed", "dense", "none", 3]
    ]
    assert found.dial.isna().all()


def test_weights_without_places_have_other_exponents(file):
    """Negative control; on 4 × 4 blocks of 8 × 8 spins the majority rule has y_h = 1.88, to 0.02."""
    found = table(file, rbm.train(file.spin.values[:100], "paper", 16, 1, steps=0))
    assert (found.quality < 0.3).all()
    assert abs(found.y_h.iloc[-1] - 1.88) > 0.2
