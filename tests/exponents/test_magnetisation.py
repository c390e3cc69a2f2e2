"""The exponent Δm: exact on power laws, in every window, with the error of repeated experiments.

Seeds are fixed; the false-alarm rate of each statistical test is in its docstring.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats as distributions

from rbmrg import exact
from rbmrg.exponents.magnetisation import WINDOW, central, exponent, grouped, scan, windows
from rbmrg.lattice import TC

GRID = np.round(0.1 * np.arange(60), 10)  # the paper's temperatures
BELOW = np.round(np.arange(1.6, 2.25, 0.1), 10)  # those of the quoted window


def table(T, m):
    return pd.DataFrame({"T": T, "abs_magnetisation": m})


def power_law(T, power, amplitude=1.1):
    return amplitude * (TC - T) ** power


# --- exact functions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("power", [-0.3, 0.0, 0.125, 1.0])
@pytest.mark.parametrize("window", [(0.5, 1.9), (1.6, 2.2)])
def test_a_power_law_gives_its_exponent(power, window):
    T = GRID[GRID < TC]
    assert exponent(table(T, power_law(T, power)), window) == pytest.approx(power, abs=1e-12)


def test_yangs_magnetisation_has_the_exponent_one_eighth_near_tc():
    T = TC - np.geomspace(1e-5, 1e-4, 8)
    near = table(T, exact.yang_magnetisation(T))
    assert exponent(near, (T.min(), T.max())) == pytest.approx(0.125, abs=1e-5)


def test_in_the_window_of_the_paper_even_yangs_magnetisation_has_another():
    """Negative control; the value of the comment beside WINDOW."""
    T = GRID[GRID < TC]
    assert exponent(table(T, exact.yang_magnetisation(T)), WINDOW) == pytest.approx(0.0984, abs=1e-4)


def test_only_classes_in_the_window_are_fitted():
    T = BELOW
    m = power_law(BELOW, 0.2)
    inner = (1.7, 2.1)
    outside = np.where((T < 1.65) | (T > 2.15), 0.5, m)
    assert exponent(table(T, outside), inner) == pytest.approx(0.2)
    for edge in (1.7, 2.1):
        assert abs(exponent(table(T, np.where(np.isclose(T, edge), 0.9 * m, m)), inner) - 0.2) > 0.01


@pytest.mark.parametrize(
    ("groups", "window"),
    [
        (table(BELOW, np.where(BELOW == 1.8, 0.0, 0.9)), (1.6, 2.2)),  # no logarithm
        (table(BELOW, np.full(7, 0.9)), (2.2, 2.25)),  # one class
        (table(BELOW, np.full(7, 0.9)), (3.0, 4.0)),  # none
        (table(BELOW + 0.5, np.full(7, 0.9)), (2.1, 2.7)),  # above Tc
    ],
)
def test_no_exponent_where_there_is_none(groups, window):
    assert np.isnan(exponent(groups, window))


# --- groups and windows -----------------------------------------------------------------------------------------------


def test_groups_are_means_with_standard_errors():
    m = np.concatenate([np.tile([0.2, -0.6], 20), np.full(30, -0.5), np.full(29, 0.9)])
    groups = grouped(m, np.repeat([2.0, 1.0, 3.0], [40, 30, 29]))
    assert groups["T"].tolist() == [1.0, 2.0]  # 29 configurations are no class
    assert groups["count"].tolist() == [30, 40]
    assert groups.abs_magnetisation.tolist() == pytest.approx([0.5, 0.4])
    assert groups.error.tolist() == pytest.approx([0.0, 0.2 / np.sqrt(39)])


def test_windows_are_all_that_the_rules_allow():
    expected = {
        (low / 10, high / 10) for high in range(19, 23) for low in range(5, high - 2)
    }  # T < Tc = 2.269…; four classes at least
    found = windows(GRID)
    assert len(found) == len(expected) == 54
    assert {(round(low, 6), round(high, 6)) for low, high in found} == expected
    assert WINDOW in expected
    assert windows(0.1 * np.arange(60)) == pytest.approx(np.array(found))  # 3 × 0.1 > 0.3: rounding
    assert windows([1.0, 2.0, 2.1]) == windows([]) == []


def ensemble(rng, power=0.125, counts=200, noise=0.1):
    """|m| [7, counts] with known means and known noise, and the classes of the quoted window."""
    m = power_law(BELOW, power)[:, None] * (1 + noise * rng.standard_normal((7, counts)))
    return m, np.broadcast_to(BELOW[:, None], m.shape)


def test_windows_with_a_class_of_few_or_no_configurations_are_left_out():
    m, classes = ensemble(np.random.default_rng(1))
    complete = scan(m, classes, GRID)
    assert set(zip(complete.lowest, complete.highest, strict=True)) == {w for w in windows(GRID) if w[0] >= 1.6}
    for T, left in ((1.6, 29), (1.9, 29), (1.9, 0)):
        kept = (classes != T) | (np.arange(200) < left)
        some = scan(m[kept], classes[kept], GRID)
        spared = complete[(complete.lowest > T) | (complete.highest < T)]
        assert some[["lowest", "highest"]].to_numpy().tolist() == spared[["lowest", "highest"]].to_numpy().tolist()
        assert some.exponent.to_numpy() == pytest.approx(spared.exponent.to_numpy())


def test_the_scan_is_a_regrouping_without_each_block(monkeypatch):
    """The same numbers from `grouped` and `exponent` on what is left, with blocks of unequal size."""
    monkeypatch.setattr("rbmrg.exponents.magnetisation.MINIMUM", 1)
    rng = np.random.default_rng(2)
    m = rng.uniform(-1, 1, (3, 47))
    classes = rng.choice(BELOW, (3, 47))
    result = scan(m, classes, BELOW, blocks=5)
    for row in result.itertuples():
        window = row.lowest, row.highest
        assert row.exponent == pytest.approx(exponent(grouped(m, classes), window), abs=1e-12)
        parts = [np.arange(47) % 5 != block for block in range(5)]
        left = np.array([exponent(grouped(m[:, p], classes[:, p]), window) for p in parts])
        assert row.error == pytest.approx(np.sqrt(4 / 5 * np.sum((left - left.mean()) ** 2)))


def test_a_class_that_is_all_in_one_block_has_no_error():
    m, classes = ensemble(np.random.default_rng(3), counts=800)
    kept = (classes != 1.9) | (np.arange(800) % 20 == 4)
    flow = np.where(kept, classes, 5.0)
    result = scan(m, flow, GRID)
    hit = (result.lowest <= 1.9) & (result.highest >= 1.9)
    assert result.exponent.notna().all()
    assert (result.error.isna() == hit).all()


def test_a_class_without_magnetisation_has_no_exponent():
    m, classes = ensemble(np.random.default_rng(4))
    result = scan(np.where(classes == 1.6, 0.0, m), classes, GRID)
    assert (result.exponent.isna() == (result.lowest == 1.6)).all()
    assert central(result)[3] != WINDOW


@pytest.mark.parametrize("blocks", [1, 201])
def test_blocks_that_cannot_be_are_refused(blocks):
    with pytest.raises(ValueError, match=f"blocks = {blocks}: must be from 2 to the number of configurations, 200"):
        scan(*ensemble(np.random.default_rng(5)), GRID, blocks=blocks)


def scanned(rows):
    return pd.DataFrame(rows, columns=["lowest", "highest", "exponent", "error"])


def test_the_central_value_is_that_of_the_window_or_of_the_median():
    rows = [(1.5, 2.2, 0.1, 0.01), (1.6, 2.2, 0.5, 0.05), (1.7, 2.1, 0.3, 0.03), (1.7, 2.2, 0.2, 0.02)]
    *values, window = central(scanned(rows))
    assert values == pytest.approx([0.5, 0.05, (np.quantile([0.1, 0.2, 0.3, 0.5], [0.84, 0.16]) @ [1, -1]) / 2])
    assert window == WINDOW
    assert central(scanned([r for r in rows if r[0] != 1.6]))[::3] == (0.2, (1.7, 2.2))
    unfit = [(1.6, 2.2, np.nan, np.nan), (1.5, 2.2, 0.2, 0.02), (1.7, 2.2, 0.3, 0.03)]
    assert central(scanned(unfit))[::3] == (0.2, (1.5, 2.2))  # the lower of two
    assert np.isnan(np.hstack(central(scanned([])))).all()


# --- errors -----------------------------------------------------------------------------------------------------------


def repeated(n, seed, **options):
    """(Δm, error) [2, n] of the quoted window from n independent ensembles."""
    rng = np.random.default_rng(seed)
    return np.array([central(scan(*ensemble(rng, **options), GRID))[:2] for _ in range(n)]).T


def exact_error(counts=200, noise=0.1):
    """Of a least-squares slope over points of equal, independent errors noise/√counts of ln m."""
    x = np.log(TC - BELOW)
    return noise / np.sqrt(counts * np.sum((x - x.mean()) ** 2))


def covered(square, freedom):
    low, high = distributions.chi2.ppf([1e-3, 1 - 1e-3], freedom) / freedom
    return low < square / exact_error() ** 2 < high


def test_errors_cover_the_truth():
    """120 ensembles: mean deviation in σ, variance of Δm, mean square error; false alarm 2e-3 for each.

    The logarithm of a mean is too low by noise²/(2 counts) = 2.5e-5, in all classes alike: it moves no slope.
    """
    value, error = repeated(120, seed=6)
    assert abs(value.mean() - 0.125) < 3.1 * exact_error() / np.sqrt(120)
    for square, freedom in ((value.var(ddof=1), 119), (np.mean(error**2), 120 * 19)):
        assert covered(square, freedom)
        assert not covered(2 * square, freedom)  # negative control


def test_another_exponent_is_told():
    """Negative control: one σ away, by fewer ensembles."""
    value, _ = repeated(60, seed=6, power=0.125 + exact_error())
    assert abs(value.mean() - 0.125) > 3.1 * exact_error() / np.sqrt(60)


def test_copies_count_once_if_they_share_an_index():
    """What stands below each other in the leading axes stays in one block; side by side (wrong), the error shrinks."""
    m, classes = ensemble(np.random.default_rng(7))
    once = scan(m, classes, GRID).error.to_numpy()
    below = scan(np.stack([m] * 4), np.stack([classes] * 4), GRID).error.to_numpy()
    beside = scan(np.repeat(m, 4, axis=1), np.repeat(classes, 4, axis=1), GRID).error.to_numpy()
    assert below == pytest.approx(once)
    assert (beside < 0.8 * once).all()
