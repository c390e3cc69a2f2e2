"""Tables of statistics of maps, by hand: values of units, means over them, errors, and units that see nothing."""

import numpy as np
import pandas as pd
import pytest

from rbmrg.layers.maps import in_parts, jackknife_of_parts
from rbmrg.layers.statistics import STATISTICS, Pattern, measure, part
from rbmrg.layers.statistics_tables import LINEAR, jackknife_of_products, over_units, pairings

RNG = np.random.default_rng(6)
L = 6
UNITS = 5
SIGNAL = RNG.normal(0.2, 1, (UNITS, L, L))
PARTS = SIGNAL + 0.1 * RNG.normal(size=(4, UNITS, L, L))
REPLICAS = PARTS[:, None] + 0.05 * RNG.normal(size=(4, 3, UNITS, L, L))
PATTERN = RNG.normal(size=(L, L))


def ratios(parts):
    pattern = Pattern(PATTERN, 2)
    return np.array([above / below for above, below in measure([part(x, pattern) for x in parts], pattern).values()])


def test_a_table_by_hand():
    table, values = over_units(PARTS, REPLICAS, PATTERN, 2)
    assert list(table.columns) == ["statistic", "units", "mean", "error", "spread"]
    assert list(table.statistic) == list(STATISTICS)
    assert (table.units == UNITS).all()
    np.testing.assert_array_equal(values, ratios(PARTS))
    without = np.empty((4, 3, len(STATISTICS)))
    for p, b in np.ndindex(4, 3):
        changed = PARTS.copy()
        changed[p] = REPLICAS[p, b]
        without[p, b] = ratios(changed).mean(axis=1)
    np.testing.assert_allclose(table["mean"], values.mean(axis=1))
    np.testing.assert_allclose(table.spread, values.std(axis=1, ddof=1))
    joint = []
    for row in pairings(3):
        joint.append(ratios(REPLICAS[range(4), row]).mean(axis=1))
    means = values.mean(axis=1)
    for k, (statistic, error) in enumerate(zip(STATISTICS, table.error, strict=True)):
        expected = jackknife_of_products(means[k], without[..., k], np.array(joint)[:, k])
        assert error == pytest.approx(jackknife_of_parts(without[..., k]) if statistic in LINEAR else expected)
        assert 0.7 < error / jackknife_of_parts(without[..., k]) <= 1


def with_unit(unit, noise):
    """Parts and replicas beside a sixth unit."""
    parts = np.concatenate([PARTS, unit], axis=1)
    return parts, np.concatenate([REPLICAS, unit[:, None] + noise], axis=2)


@pytest.mark.parametrize("seen", [False, True])
def test_units_that_see_nothing_do_not_count(seen):
    """A unit whose maps are noise, or the same unit with a signal as large as the noise of a part."""
    rng = np.random.default_rng(3)
    unit = rng.normal(size=(4, 1, L, L)) + seen * np.sign(SIGNAL[:1])
    noise = rng.normal(size=(4, 3, 1, L, L)) / 2
    table, values = over_units(*with_unit(unit, noise), PATTERN, 2)
    alone, _ = over_units(PARTS, REPLICAS, PATTERN, 2)
    rows = table.set_index("statistic")
    assert rows.units[["contrast", "average"]].tolist() == [6, 6]
    assert rows.units["patch"] == rows.units["moran"] == 5 + seen
    assert np.isnan(values[list(STATISTICS).index("patch"), 5]) == (not seen)
    if not seen:
        ratio = ~table.statistic.isin(["contrast", "average", "coverage"])
        pd.testing.assert_frame_equal(table[ratio], alone[ratio])


def test_no_unit_has_a_value():
    table, _ = over_units(np.zeros((4, 2, L, L)), np.zeros((4, 3, 2, L, L)), PATTERN, 2)
    found = table.set_index("statistic")
    assert found.units["moran"] == 0
    assert found.loc["moran", ["mean", "error", "spread"]].isna().all()
    assert found.loc["average"].tolist() == [2, 0, 0, 0]


def test_parts_without_replicas_have_no_ratios(monkeypatch):
    """As fields of fewer samples than spins; whatever the memory of new arrays held before."""
    monkeypatch.setattr(np, "empty", lambda shape, dtype=float, **_: np.full(shape, 10**6, dtype))
    table, values = over_units(PARTS, np.full_like(REPLICAS, np.nan), PATTERN, 2)
    found = table.set_index("statistic")
    assert found.units.drop(["contrast", "average"]).eq(0).all()
    assert found.error.isna().all()
    assert np.isfinite(values[0]).all()


def test_a_single_unit_has_no_spread():
    table, _ = over_units(PARTS[:, :1], REPLICAS[:, :, :1], PATTERN, 2)
    assert table.spread.isna().all()
    assert table["mean"].notna().all()


def test_pairings_have_every_pair_of_blocks_of_two_parts_once():
    for p, q in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):
        assert len({tuple(row) for row in pairings(5)[:, [p, q]]}) == 25
    with pytest.raises(ValueError, match="4 blocks in a part: must be odd"):
        pairings(4)


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_the_jackknife_of_products_counts_the_product_of_two_noises_once(mean):
    """The mean over 16 units and all pairs of parts of x_p x_q, 1500 times: intervals hold μ² as often as they say.

    Shares are good to 1.2 and 0.6 %.  Negative control: of noise alone, those of `jackknife_of_parts` do so too often.
    """
    means = mean + 0.1 * np.random.default_rng(8).normal(size=(20, 16, 1500))
    parts, replicas = in_parts(means)

    def products(x):
        return ((x.sum(axis=0) ** 2 - (x**2).sum(axis=0)) / 12).mean(axis=0)

    alone = np.array(
        [[products(np.array([*parts[:p], each, *parts[p + 1 :]])) for each in replicas[p]] for p in range(4)]
    )
    joint = np.array([products(replicas[range(4), row]) for row in pairings(5)])
    value = products(parts)
    errors = [jackknife_of_products(value[k], alone[..., k], joint[:, k]) for k in range(1500)]
    off = np.abs(value - mean**2)
    assert 0.63 < np.mean(off < errors) < 0.73
    assert 0.92 < np.mean(off < 1.96 * np.array(errors)) < 0.98
    assert (np.mean(off < jackknife_of_parts(alone)) > 0.75) == (mean == 0)
