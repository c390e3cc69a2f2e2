"""The Γ method on series of known autocorrelation time: its errors, its window, and what it refuses.

Seeds are fixed.  |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import numpy as np
import pytest
from scores import autoregressive, variance_score

from rbmrg import stats


@pytest.mark.parametrize("a", [0.0, 0.3, 0.6, 0.9])
def test_autocorrelation_times_of_autoregressive_series(a):
    """z of 100 series: Gaussian apart from the skewness of τ, so the mean of τ is tested to 2 % and that of z² to 40 %.

    Wolff's error is an approximation that counts some truncation as noise: the scatter found is 0.86 to 1.0 of it.
    """
    truth = (1 + a) / (2 * (1 - a))
    tau, error = np.array([stats.autocorrelation_time(s) for s in autoregressive(a, 20_000, 100, rng=6)]).T
    z = (tau - truth) / error
    assert np.abs(z).max() < 4.5
    assert abs(tau.mean() / truth - 1) < 0.02
    assert 0.6 < np.mean(z**2) < 1.4
    assert np.mean((tau - 1.3 * truth) ** 2 / error**2) > 4  # negative control


@pytest.mark.parametrize(("a", "n"), [(0.0, 60), (0.4, 300), (0.7, 800)])
def test_the_method_by_loops(a, n):
    """Wolff's eqs. (31), (35), (41), (42), (49), (52) one lag at a time, without Fourier transforms; S = 1.5."""
    series = autoregressive(a, n, 1, rng=10)[0]
    x = series - series.mean()
    tau = 0.5
    for W in range(1, n // 2):
        tau += (x[:-W] @ x[W:] / (n - W)) / (x @ x / n)
        decay = 1.5 / np.log((2 * tau + 1) / (2 * tau - 1)) if tau > 0.5 else 1e-9
        if np.exp(-W / decay) < decay / np.sqrt(W * n):
            break
    tau *= 1 + (2 * W + 1) / n
    expected = tau, tau * np.sqrt(4 * abs(W + 0.5 - tau) / n)
    np.testing.assert_allclose(stats.autocorrelation_time(series), expected, rtol=1e-9)


def test_replicas_together_are_as_good_as_one_long_series():
    """Even if each is too short on its own; z of 100 sets of 40 replicas, bounds as above."""
    a = 0.9
    truth = 9.5
    sets = autoregressive(a, 500, 4000, rng=11).reshape(100, 40, 500)
    tau, error = np.array([stats.autocorrelation_time(s) for s in sets]).T
    z = (tau - truth) / error
    assert np.abs(z).max() < 4.5
    assert abs(tau.mean() / truth - 1) < 0.02
    assert 0.6 < np.mean(z**2) < 1.4
    np.testing.assert_allclose(stats.autocorrelation_time(sets[0, :1]), stats.autocorrelation_time(sets[0, 0]))
    shuffled = sets[0].T.reshape(40, 500)  # negative control: what belongs to different replicas, one after the other
    assert stats.autocorrelation_time(shuffled)[0] < truth / 2


def test_the_time_predicts_the_error_of_the_mean():
    """σ² of a mean is 2 τ σ²/n: seen in the scatter of the means of 400 series."""
    series = autoregressive(0.8, 10_000, 400, rng=7)
    tau = np.mean([stats.autocorrelation_time(s)[0] for s in series[:50]])
    assert abs(variance_score(series.mean(axis=1), 2 * tau / 10_000)) < 4


def test_times_do_not_depend_on_scale_or_origin():
    series = autoregressive(0.5, 2000, 1, rng=8)[0]
    np.testing.assert_allclose(stats.autocorrelation_time(series), stats.autocorrelation_time(1e3 - 7 * series))


@pytest.mark.parametrize("series", [np.ones(1000), np.zeros(1000), np.full(1000, 0.1), np.arange(7.0), [3.0]])
def test_constant_and_very_short_series_are_refused(series):
    with pytest.raises(ValueError, match=r"no autocorrelation time from|too short"):
        stats.autocorrelation_time(series)


@pytest.mark.parametrize(("a", "n"), [(0.95, 100), (0.99, 100), (0.99, 1000), (0.999, 1000)])
def test_series_of_a_few_autocorrelation_times_are_refused_instead_of_guessed_at(a, n):
    """Such series look less correlated than they are: with τ = 100 and n = 400, τ comes out as 37(12)."""
    for series in autoregressive(a, n, 20, rng=9):
        with pytest.raises(ValueError, match=f"a series of {n} samples is too short"):
            stats.autocorrelation_time(series)


def test_a_drift_is_refused():
    with pytest.raises(ValueError, match="too short"):
        stats.autocorrelation_time(np.linspace(0, 1, 1000))
