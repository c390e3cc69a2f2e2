"""Error bars on data of known distribution, seeds combined, and numbers as text.

Seeds are fixed.  |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import numpy as np
import pytest
from scipy import stats as distributions
from scores import autoregressive, variance_score

from rbmrg import stats

nan = np.nan
inf = np.inf


# --- block means and the jackknife ------------------------------------------------------------------------------------


def test_block_means_are_means_of_consecutive_parts_without_the_remainder():
    data = np.arange(22.0).reshape(11, 2)
    np.testing.assert_array_equal(stats.block_means(data, 3), [data[:3].mean(0), data[3:6].mean(0), data[6:9].mean(0)])
    assert stats.block_means(np.array([1, 2, 4, 8], np.int8), 2).tolist() == [1.5, 6.0]


@pytest.mark.parametrize("blocks", [0, 1, 12])
def test_impossible_numbers_of_blocks_are_refused(blocks):
    with pytest.raises(ValueError, match=f"{blocks} blocks of 11 samples: need 2 ≤ blocks ≤ samples"):
        stats.block_means(np.zeros(11), blocks)


def test_leave_one_out_means_leave_one_out():
    means = np.random.default_rng(1).normal(size=(5, 2))
    expected = [np.delete(means, b, axis=0).mean(axis=0) for b in range(5)]
    np.testing.assert_allclose(stats.leave_one_out(means), expected, rtol=1e-13)


def test_the_jackknife_of_a_mean_is_the_standard_error():
    data = np.random.default_rng(2).normal(3, 2, (40, 3))
    estimate, error = stats.jackknife(lambda mean: mean, data)
    np.testing.assert_allclose(estimate, data.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(error, data.std(axis=0, ddof=1) / np.sqrt(40), rtol=1e-12)
    np.testing.assert_allclose(stats.mean_error(data), (estimate, error), rtol=1e-12)


def test_the_jackknife_of_a_ratio_is_the_delta_method():
    """σ² of x̄/ȳ is (σ_x² − 2ρ r σ_x σ_y + r² σ_y²)/(n ȳ²) up to 1/n; the two estimates of it differ by O(1/n)."""
    rng = np.random.default_rng(3)
    n = 20_000
    y = rng.normal(4, 1, n)
    data = np.stack([2 * y + rng.normal(0, 0.5, n), y], axis=1)
    ratio, error = stats.jackknife(lambda mean: mean[0] / mean[1], data)
    residual = data[:, 0] - ratio * y
    assert error == pytest.approx(residual.std(ddof=1) / y.mean() / np.sqrt(n), rel=1e-3)
    naive = ratio * np.sqrt(sum((column.std() / column.mean()) ** 2 for column in data.T) / n)  # as if independent
    assert abs(error / naive - 1) > 0.1


def test_error_bars_of_means_and_of_a_nonlinear_function_cover_the_truth():
    """z of 2000 means of 20 is Student's t19, of 2000 jackknifed variances of 1000 (20 blocks) nearly so."""
    rng = np.random.default_rng(4)
    data = rng.normal(1.0, 2.0, (2000, 1000))

    def variance(mean):
        return mean[1] - mean[0] ** 2

    pairs = [stats.mean_error(d[:20]) for d in data]
    jackknifed = [stats.jackknife(variance, stats.block_means(np.stack([d, d**2], axis=1), 20)) for d in data]
    student = distributions.t(19)
    kurtosis = student.moment(4) / student.var() ** 2
    for values, truth in ((pairs, 1.0), (jackknifed, 4.0 * (1 - 1 / 1000))):
        estimate, error = np.array(values).T
        z = (estimate - truth) / error
        assert abs(variance_score(z, student.var(), kurtosis)) < 4
        inside = np.mean(np.abs(z) < 1)
        expected = 1 - 2 * student.sf(1)
        assert abs(inside - expected) < 4 * np.sqrt(expected * (1 - expected) / len(z))
        # Negative control: errors too small by a tenth.
        assert variance_score(z / 0.9, student.var(), kurtosis) > 4


def test_correlated_data_need_blocks_longer_than_their_correlations():
    """Blocks of 100 ≫ τ = 2 cover; blocks of one sample (negative control) do not.  z of t49 is Gaussian to 4 %."""
    series = autoregressive(0.6, 5000, 1000, rng=5)
    scores = {}
    for blocks in (50, 5000):
        mean, error = np.array([stats.jackknife(float, stats.block_means(s, blocks)) for s in series[:300]]).T
        scores[blocks] = variance_score(mean / error, 49 / 47 if blocks == 50 else 1.0)
    assert abs(scores[50]) < 4
    assert scores[5000] > 20  # ⟨z²⟩ is 2 τ = 4


# --- seeds ------------------------------------------------------------------------------------------------------------


def test_seeds_are_combined_with_two_errors():
    mean, stat, seed = stats.over_seeds([1.0, 2.0, 4.0], [0.3, 0.4, 1.2])
    assert mean == pytest.approx(7 / 3)
    assert stat == pytest.approx(1.3 / 3)
    assert seed == pytest.approx(np.sqrt(((4 / 3) ** 2 + (1 / 3) ** 2 + (5 / 3) ** 2) / 2 / 3))


@pytest.mark.parametrize("seeds", [1, 2, 5])
def test_every_column_of_an_array_is_combined_as_if_it_were_alone(seeds):
    rng = np.random.default_rng(12)
    estimates = rng.normal(size=(seeds, 3, 4))
    errors = rng.random((seeds, 3, 4))
    estimates[0, 1, 2] = np.inf
    together = stats.over_seeds(estimates, errors)
    assert [part.shape for part in together] == [(3, 4)] * 3
    for place in np.ndindex(3, 4):
        alone = stats.over_seeds(estimates[:, *place], errors[:, *place])
        np.testing.assert_allclose([part[place] for part in together], alone, rtol=1e-14)
    np.testing.assert_array_equal(stats.total_error(*together[1:]), np.fmax(*together[1:]))


def test_both_errors_are_the_scatter_of_the_combined_estimate():
    """Machines of scatter 2, each measured to 0.5, four at a time: 2000 combinations."""
    rng = np.random.default_rng(1)
    machines = rng.normal(0, 2, (2000, 4))
    combined = np.array([stats.over_seeds(m, [0.5] * 4) for m in machines + rng.normal(0, 0.5, machines.shape)])
    assert combined[:, 0].std() == pytest.approx(np.hypot(2, 0.5) / 2, rel=0.06)  # 4 σ of a standard deviation
    assert np.sqrt(np.mean(combined[:, 2] ** 2)) == pytest.approx(np.hypot(2, 0.5) / 2, rel=0.06)
    np.testing.assert_allclose(combined[:, 1], 0.25)


@pytest.mark.parametrize("seeds", [6, 10, 20])
def test_the_seed_error_covers_the_truth(seeds):
    """z of 4000 combinations is Student's t with seeds − 1 degrees of freedom, however many seeds; within 4 σ.

    Negative control: the statistical error, a quarter of the scatter, does not cover.
    """
    rng = np.random.default_rng(seeds)
    truth = 3.0
    scatter = 2.0
    error = 0.5
    estimates = rng.normal(truth, np.hypot(scatter, error), (seeds, 4000))
    mean, stat, seed = stats.over_seeds(estimates, np.full_like(estimates, error))
    student = distributions.t(seeds - 1)

    def excess(z):
        expected = 1 - 2 * student.sf(1)
        return (np.mean(np.abs(z) < 1) - expected) / np.sqrt(expected * (1 - expected) / len(z))

    assert abs(excess((mean - truth) / seed)) < 4
    assert excess((mean - truth) / stat) < -20
    z = (mean - truth) / stats.total_error(stat, seed)
    assert abs(excess(z)) < 4  # the scatter of machines is the larger of the two


def test_without_scatter_between_machines_the_statistical_error_covers_the_truth():
    """z of 4000 combinations of four is Gaussian; the larger error covers at least as often."""
    estimates = np.random.default_rng(13).normal(3.0, 0.5, (4, 4000))
    mean, stat, seed = stats.over_seeds(estimates, np.full_like(estimates, 0.5))
    assert abs(variance_score((mean - 3.0) / stat)) < 4
    assert np.mean(np.abs(mean - 3.0) < stats.total_error(stat, seed)) > 0.68


def test_a_single_machine_has_no_seed_error():
    mean, stat, seed = stats.over_seeds([2.0], [0.1])
    assert (mean, stat) == (2.0, 0.1)
    assert np.isnan(seed)
    assert stats.total_error(stat, seed) == 0.1


def test_an_infinite_estimate_of_one_seed_is_infinite_for_all():
    mean, stat, seed = stats.over_seeds([inf, 2.3], [nan, 0.1])
    assert mean == inf
    assert np.isnan([stat, seed]).all()


def test_a_missing_estimate_of_one_seed_is_missing_for_all_and_spoils_no_other_column():
    mean, stat, seed = stats.over_seeds([[nan, 1.0], [2.3, 2.0]], [[nan, 0.3], [0.1, 0.4]])
    assert np.isnan([mean[0], stat[0], seed[0]]).all()
    np.testing.assert_allclose([mean[1], stat[1], seed[1]], [1.5, 0.25, 0.5])


@pytest.mark.parametrize(
    ("stat", "seed", "expected"), [(0.1, nan, 0.1), (0.1, 0.3, 0.3), (0.3, 0.1, 0.3), (nan, 0.2, 0.2), (nan, nan, nan)]
)
def test_the_total_error_is_the_larger(stat, seed, expected):
    np.testing.assert_equal(stats.total_error(stat, seed), expected)


# --- intervals --------------------------------------------------------------------------------------------------------


def test_the_interval_of_one_machine_is_gauss_s():
    found = stats.interval([2.0], [0.1])
    assert found == pytest.approx((2.0, 0.1, 2.0 - 0.1959964, 2.0 + 0.1959964), abs=1e-7)


def test_the_interval_of_three_machines_is_student_s_of_their_scatter():
    found = stats.interval([1.0, 2.0, 3.0], [9.0, nan, 0.1])  # errors within a machine do not matter
    reach = distributions.t.ppf(0.975, 2) / np.sqrt(3)
    assert found == pytest.approx((2.0, 1 / np.sqrt(3), 2 - reach, 2 + reach))


@pytest.mark.parametrize("machines", [0, 2])
def test_no_interval_of_no_or_two_machines(machines):
    with pytest.raises(ValueError, match=f"{machines} machines: must be one, or 3 or more"):
        stats.interval([1.0] * machines, [0.1] * machines)


@pytest.mark.parametrize("machines", [1, 3, 8])
def test_intervals_cover_the_truth(machines):
    """In 95 % of 4000 cases, z < 4; two standard errors, which were the rule once, cover 82 % for three machines."""
    rng = np.random.default_rng(machines)
    estimates = rng.normal(5, 0.3, (4000, machines))
    intervals = [stats.interval(each, [0.3] * machines) for each in estimates]
    covered = np.mean([low < 5 < high for _, _, low, high in intervals])
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 4000)
    if machines == 3:
        assert np.mean([abs(estimate - 5) < 2 * error for estimate, error, *_ in intervals]) < 0.9


# --- numbers as text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.1247, 0.0031, 0.0018), "0.1247(31)(18)"),
        ((0.1247, 0.031, 0.0018), "0.1247(310)(18)"),
        ((-1.5, 0.25), "-1.50(25)"),
        ((123.4, 5.6), "123.4(5.6)"),
        ((12.34, 1.56, 0.12), "12.34(1.56)(12)"),
        ((2.0, 1.04), "2.0(1.0)"),
        ((1234, 567), "1234(567)"),
        ((1234.5, 56.7, 12.3), "1234(57)(12)"),
        ((0.5, 0.00996), "0.500(10)"),  # two digits after rounding, too
        ((0.12, 0.0995), "0.12(10)"),
        ((3.0, 0.996), "3.0(1.0)"),
        ((5e-7, 2e-8), "0.000000500(20)"),
        ((0.0, 0.01), "0.000(10)"),
        ((1.0, np.nan), "1"),
        ((1.0, np.nan, 0.1), "1.00(10)"),
        ((0.25, 0.012, np.nan), "0.250(12)"),
        ((2.26918, 0.0), "2.269"),
        ((1.0222, 2e-14), "1.022"),  # an error of rounding would have as many digits as a line
        ((1.0, np.inf), "1"),
        ((np.nan, 0.1), "no estimate"),
        ((np.inf, np.nan, np.nan), "inf"),
        ((0.333333,), "0.3333"),
    ],
)
def test_numbers_with_errors_are_written(numbers, text):
    assert stats.written(*numbers) == text
    assert stats.written(*map(np.float64, numbers)) == text
