"""Tables of statistics of maps, by hand: means over units, jackknife errors, separations from an RG rule."""

import numpy as np
import pandas as pd
import pytest

from rbmrg.layers.statistics import STATISTICS, measure, over_units, separations
from rbmrg.stats import jackknife_error

RNG = np.random.default_rng(6)
L = 6
NOISE = RNG.normal(0.2, 1, (5, L, L))
REPLICAS = NOISE + 0.1 * RNG.normal(size=(7, *NOISE.shape))


def test_a_table_by_hand():
    corr = RNG.uniform(-1, 1, (8, 5))
    found = over_units(NOISE, REPLICAS, NOISE[0], 2, (corr[0], corr[1:]))
    assert list(found.columns) == ["statistic", "units", "mean", "error", "spread"]
    assert list(found.statistic) == list(STATISTICS)
    assert (found.units == 5).all()
    for row in found.itertuples():
        if row.statistic == "corr_m":
            values = np.abs(corr)
        else:
            values = np.array([measure(x, NOISE[0], 2)[row.statistic] for x in [NOISE, *REPLICAS]])
        assert row.mean == pytest.approx(values[0].mean())
        assert row.spread == pytest.approx(values[0].std(ddof=1))
        assert row.error == pytest.approx(jackknife_error(values[1:].mean(axis=1)))


def test_units_without_a_value_do_not_count():
    dead = np.zeros((1, L, L))
    full = np.concatenate([NOISE, dead])
    replicas = np.concatenate([REPLICAS, np.zeros((7, 1, L, L))], axis=1)
    both = [over_units(*maps, NOISE[0], 2).set_index("statistic") for maps in ((full, replicas), (NOISE, REPLICAS))]
    assert "corr_m" not in both[0].index
    defined = ["contrast", "average"]
    assert (both[0].units[defined] == 6).all()
    pd.testing.assert_frame_equal(both[0].drop(defined), both[1].drop(defined))


def test_no_unit_has_a_value():
    found = over_units(np.zeros((2, L, L)), np.zeros((3, 2, L, L)), NOISE[0], 2).set_index("statistic")
    assert found.units["moran"] == 0
    assert found.loc["moran", ["mean", "error", "spread"]].isna().all()
    assert found.loc["average"].tolist() == [2, 0, 0, 0]


def test_a_single_unit_has_no_spread():
    found = over_units(NOISE[:1], REPLICAS[:, :1], NOISE[0], 2)
    assert found.spread.isna().all()
    assert found["mean"].notna().all()


def rows(*entries):
    """A table of statistics; an entry is (kind, source, layer, mean, error, spread) and what differs."""
    columns = ["kind", "source", "layer", "mean", "error", "spread"]
    plain = {"L": 32, "seed": 0, "of": "map", "statistic": "moran", "units": 256}
    return pd.DataFrame([plain | dict(zip(columns, e[:6], strict=True)) | dict(e[6:]) for e in entries])


def test_separations_by_hand():
    given = rows(
        ("machine", "paper", 1, 0.2, 0.03, 0.4),
        ("rule", "average", 1, 1.2, 0.04, 0.3),
        ("rule", "majority", 1, 1.5, 0.04, 0.4),
        ("machine", "paper", 2, 0.2, 0.03, 0.4),
        ("machine", "average", 1, 1.3, 0.03, 0.4),  # a machine of that name is not the reference
        ("machine", "paper", 1, 0.2, 0.03, 0.4, ("L", 16)),
        ("machine", "paper", 1, 0.2, 0.03, 0.4, ("of", "field")),
        ("machine", "paper", 1, 0.2, 0.03, 0.4, ("statistic", "geary")),
        ("machine", "paper", 1, np.nan, np.nan, np.nan),
        ("machine", "one", 1, 0.2, 0.03, np.nan),
    )
    given.index += 5
    found = separations(given)
    assert list(found.columns) == [*given.columns, "separation", "separation_error"]
    pd.testing.assert_frame_equal(found[given.columns], given)
    nan = np.nan
    assert found.separation.tolist() == pytest.approx([-2, nan, 0.6, nan, 0.2, *[nan] * 5], nan_ok=True)
    expected = [0.1, nan, np.hypot(0.04, 0.04) / 0.5, nan, 0.1, *[nan] * 5]
    assert found.separation_error.tolist() == pytest.approx(expected, nan_ok=True)
    other = separations(given, reference="majority").separation
    assert other.iloc[1] == pytest.approx(-0.6)
    assert np.isnan(other.iloc[2])


def test_separations_without_any_spread():
    given = rows(
        ("rule", "average", 1, 1.0, 0.0, 1e-16),
        ("rule", "majority", 1, 1 - 1e-12, 0.0, 0.0),
        ("rule", "decimation", 1, 0.9, 0.01, 0.0),
        ("machine", "paper", 1, 1.1, 0.01, 1e-14),
        ("machine", "l1", 1, 0.6, 0.01, 0.2),
    )
    found = separations(given)
    assert found.separation.tolist() == pytest.approx([np.nan, 0, -np.inf, np.inf, -2], nan_ok=True)
    assert found.separation_error.tolist() == pytest.approx([*[np.nan] * 4, 0.05], nan_ok=True)


def test_two_references_are_refused():
    with pytest.raises(ValueError, match="unique"):
        separations(rows(("rule", "average", 1, 1, 0, 1), ("rule", "average", 1, 1, 0, 1)))
