"""The band of RG rules, positions and shares by hand, and every reason why a statistic is not valid."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats
import xarray as xr

from rbmrg.layers import bands


def table(rules, untrained=(0.0,), machines=(), error=0.001, **other):
    """Rows of statistics of `rules` {name: mean}, of untrained machines and of others, one a seed."""
    rows = [("rule", name, "none", mean, 0) for name, mean in rules.items()]
    rows += [("machine", "blank", "untrained", mean, seed) for seed, mean in enumerate(untrained)]
    rows += [("machine", "paper", "none", mean, seed) for seed, mean in enumerate(machines)]
    found = pd.DataFrame(rows, columns=["kind", "source", "control", "mean", "seed"])
    return found.assign(**{"L": 32, "layer": 1, "of": "field", "statistic": "patch", "error": error} | other)


def band(*arguments, **options):
    """The only row of the table of bands."""
    (row,) = bands.bands(table(*arguments, **options)).to_dict("records")
    return row


RULES = {"a": 0.9, "b": 1.0, "c": 0.96}


def test_a_band_by_hand():
    found = band(RULES, untrained=(0.2, 0.0))
    assert (found["rules_low"], found["rules_high"], found["null"]) == (0.9, 1.0, 0.1)
    assert (found["low"], found["high"]) == pytest.approx((0.9 - 0.08, 1.0 + 0.08))
    assert found["valid"] is True
    assert found["reason"] == ""
    assert (found["L"], found["layer"], found["of"], found["statistic"]) == (32, 1, "field", "patch")


def test_the_null_may_be_above_the_rules():
    found = band({"a": 4.0, "b": 1.0}, untrained=(104.0,))
    assert (found["low"], found["high"]) == pytest.approx((1 - 10, 4 + 10))
    assert found["valid"]
    assert not band({"a": 14.5, "b": 1.0}, untrained=(104.0,))["valid"]


@pytest.mark.parametrize(
    ("rules", "options", "reason"),
    [
        ({"a": 1.0, "b": 1.05, "c": 0.5}, {}, "c is outside the band of the other rules"),
        (
            {"a": 1.0, "b": 1.5}, {},
            "a is outside the band of the other rules; b is outside the band of the other rules",
        ),
        ({"a": 1.0, "b": 1.05}, {"untrained": (1.02,), "error": 1e-6}, "the untrained machine lies among the rules"),
        ({"a": 1.0, "b": 1.0001}, {"untrained": (0.99,), "error": 0.01}, "the untrained machine lies among the rules"),
        ({"a": 1.0}, {}, "all rules are one rule"),
        ({}, {}, "no RG rule has a value"),
        (RULES, {"untrained": ()}, "no untrained machine has a value"),
        ({"a": np.nan}, {}, "no RG rule has a value"),
    ],
)  # fmt: skip
def test_reasons(rules, options, reason):
    found = band(rules, **options)
    assert found["valid"] is False
    assert reason in found["reason"]


def test_equal_rules_do_not_vouch_for_each_other():
    """Two rules that are the same but for a scale: a third that disagrees with them is no reason to trust the two."""
    assert "a is outside" in band({"a": 1.0, "twin": 1.0 + 1e-9, "c": 0.5, "d": 0.55})["reason"]
    assert band({"a": 1.0, "twin": 1.0 + 1e-9, "c": 0.95})["valid"]
    assert not band({"a": 1.0, "twin": 1.0 + 1e-9})["valid"]


def test_lattices_and_layers_have_bands_of_their_own():
    both = pd.concat([table(RULES), table({"a": 2.0, "b": 2.1}, layer=2), table({"a": 9.0, "b": 9.1}, L=16)])
    found = bands.bands(both)
    assert found.rules_low.tolist() == [0.9, 2.0, 9.0]


def values(rows, units):
    """A Dataset for each row, with the values of its units."""
    for row, own in zip(rows.itertuples(), units, strict=True):
        attrs = {"kind": row.kind, "source": row.source, "L": row.L, "layer": row.layer, "replica": row.seed}
        data = {"statistic_value": (("of", "statistic", "unit"), np.reshape(own, (1, 1, -1)))}
        yield xr.Dataset(data, {"of": ["field"], "statistic": ["patch"]}, attrs)


def test_positions_and_shares_by_hand():
    rows = table({"a": 0.9, "b": 1.1}, untrained=(0.2, 0.0), machines=(0.6,))
    own = [[0.9] * 4, [1.1] * 4, [0.1] * 4, [0.1] * 4, [0.85, 1.1, 0.3, np.nan]]
    found = bands.placed(rows, bands.bands(rows), values(rows, own))
    pd.testing.assert_frame_equal(found[rows.columns], rows)
    np.testing.assert_allclose(found.position, [0.8 / 0.9, 1 / 0.9, 0.1 / 0.9, -0.1 / 0.9, 0.5 / 0.9])
    np.testing.assert_allclose(found.position_error, 0.001 / 0.9)
    assert found.share_by_others.tolist()[:2] == [0, 0]  # 0.9 and 1.1: neither lies in the band of the other, ± 0.07
    assert np.isnan(found.share_by_others[2:]).all()
    assert found.of_units.tolist() == [4] * 5
    assert found.share.tolist() == [1, 1, 0, 0, 0.5]  # of all units: one without a value is not inside
    np.testing.assert_allclose(found.share_error, [0.5 / 5] * 4 + [np.sqrt(0.25 * 4 + 0.25) / 5])


def test_values_of_each_row_are_needed():
    rows = table(RULES)
    with pytest.raises(ValueError, match=r"no map of rule b 32 1 0: must be among the values"):
        bands.placed(rows, bands.bands(rows), values(rows.iloc[[0, 2, 3]], [[1.0]] * 3))


@pytest.mark.parametrize(("count", "n"), [(0, 64), (1, 64), (20, 64), (64, 64), (3, 4)])
def test_the_error_of_a_share_is_half_of_wilsons_interval(count, n):
    """Its ends are the p with |share − p| = √(p(1 − p)/n): the roots of (n + 1) p² − (2 k + 1) p + k²/n."""
    ends = np.roots([n + 1, -(2 * count + 1), count**2 / n])
    share, error, low, high = bands.share(count, n)
    z2 = 1.959964**2
    at_95 = np.sort(np.roots([n + z2, -(2 * count + z2), count**2 / n]))
    assert (low, high) == pytest.approx(tuple(at_95), abs=1e-9)
    assert share == count / n
    assert error == pytest.approx(np.ptp(ends) / 2)
    assert error > 0


def test_the_error_of_a_share_covers_it():
    """Exactly, on average over p: 68 and 95 per cent of p lie within 1 and 2 errors of 256 units."""
    n = 256
    counts = np.arange(n + 1)
    p = np.linspace(0.01, 0.99, 99)[:, None]
    weights = scipy.stats.binom.pmf(counts, n, p)
    share, error, low, high = bands.share(counts, n)
    inside = (weights * ((low <= p) & (p <= high))).sum(axis=1)
    assert inside.mean() == pytest.approx(0.95, abs=0.005)
    assert inside.min() > 0.92  # 1.96 errors about the share hold p = 0.99 in 73 %
    covered = [(weights * (np.abs(share - p) <= sigmas * error)).sum(axis=1).mean() for sigmas in (1, 1.96)]
    assert covered == pytest.approx([0.68, 0.95], abs=0.015)
