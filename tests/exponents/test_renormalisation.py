"""Tables of rules, of the dial and of filters: each row says whose it is, and the numbers are those of the analyses."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rg, sampling
from rbmrg.exponents import learned_filters, matching, mcrg, renormalisation
from rbmrg.lattice import TC
from rbmrg.machines.entries import Entry
from rbmrg.rbm.convolutional import ConvolutionalRBM


@pytest.fixture(scope="module")
def lattices():
    """Files of both sides."""
    spins = {L: sampling.sample(L, TC, 640, L) for L in (8, 4)}
    return [xr.Dataset({"spin": (("sample", "y", "x"), s)}, attrs={"L": L, "chains": 1}) for L, s in spins.items()]


def test_a_rule(lattices):
    exponents, matched = renormalisation.of_rule(lattices, rg.RULES["decimation"], None)
    rule = rg.RULES["decimation"]
    large, small = (mcrg.measure([file.spin.values], rule, mcrg.depth(file.attrs["L"]), None) for file in lattices)
    pd.testing.assert_frame_equal(exponents[list(mcrg.table(large, 8))], mcrg.table(large, 8))
    pd.testing.assert_frame_equal(matched[list(matching.table(large, small, 8))], matching.table(large, small, 8))
    for table in (exponents, matched):
        assert table.dial.isna().all()
        assert table[["kind", "source", "control", "seed"]].drop_duplicates().values.tolist() == [
            ["rule", "decimation", "none", 0]
        ]


def test_the_dial(lattices):
    for table in renormalisation.of_dial(lattices, 0.5, np.random.default_rng(1)):
        assert table[["kind", "source", "dial"]].drop_duplicates().values.tolist() == [["dial", "dial 0.5", 0.5]]


def test_the_filters_of_a_machine(lattices):
    """Both seeds have the same blocks but for their coins: the sign of a filter is no difference."""
    weights = np.array([[[2.5, 0.5], [0.5, 0.5]]])
    machines = {seed: [ConvolutionalRBM(sign * weights, 0.0, [0.0], 8).dense()] for seed, sign in ((0, 1), (1, -1))}
    entry = Entry("a", 8, ["2.269185"], "convolutional", options={"size": 2})
    tables = learned_filters.of_machine(lattices, entry, machines, lambda seed: np.random.default_rng(1))
    for table in tables:
        assert set(table.seed) == {0, 1}
        assert set(table.source) == {"a"}
        assert set(table.kind) == {"machine"}
        assert table.dial.tolist() == pytest.approx([0.5] * len(table))
        first, second = (table[table.seed == seed].drop(columns="seed").reset_index(drop=True) for seed in (0, 1))
        pd.testing.assert_frame_equal(first, second)
    of_dial, _ = renormalisation.of_dial(lattices, 0.5, np.random.default_rng(1))
    assert tables[0].y_h[: len(of_dial)].tolist() == of_dial.y_h.tolist()


def test_raw_configurations(lattices):
    found = renormalisation.finite_size(lattices)
    assert abs(found.estimate[2] - 0.125) < 5 * found.error[2] + 0.02  # β/ν, nearly so on lattices as small
