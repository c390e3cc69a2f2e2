"""Errors: the jackknife for derived quantities, the Γ method for time series, machines combined, numbers as text.

Every estimate in the tables has an error from here.
"""

from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95  # of the intervals that claims rest on
SEVERAL = 3  # machines, from which their scatter tells an error: of two, |t| > 2 happens in 30 % of cases
ROUNDING = 1e-10  # of an estimate: an error as small is none of statistics
SHORTEST = 50  # autocorrelation times in a series; on AR(1) series of 20 τ the Γ method was wrong by up to 7 of its σ


def block_means(data, blocks):
    """Means of `blocks` consecutive, equal parts of `data` [n, …] → [blocks, …], without the remainder at the end.

    Raises ValueError if there are fewer samples than blocks or fewer than two blocks.
    """
    data = np.asarray(data)
    size = _block_size(len(data), blocks)
    return data[: size * blocks].reshape(blocks, size, *data.shape[1:]).mean(axis=1, dtype=np.float64)


def means_of_portions(portions, n, blocks):
    """`block_means` of `n` samples that come in `portions` [k, …], in the same order of sums.

    Raises ValueError as it does.
    """
    size = _block_size(n, blocks)
    sums = {}
    first = 0
    for portion in portions:
        last = first + len(portion)
        for block in range(first // size, min(blocks, -(-last // size))):
            part = portion[max(0, block * size - first) : (block + 1) * size - first]
            sums[block] = np.concatenate([sums[block][None], part]).sum(axis=0) if block in sums else part.sum(axis=0)
        first = last
    return np.stack([sums[block] for block in range(blocks)]) / size


def _block_size(n, blocks):
    if not 2 <= blocks <= n:
        raise ValueError(f"{blocks} blocks of {n} samples: need 2 ≤ blocks ≤ samples")
    return n // blocks


def leave_one_out(means):
    """Jackknife means [blocks, …]: the mean of all blocks but one, for each block of `means` [blocks, …]."""
    means = np.asarray(means, dtype=np.float64)
    return (means.sum(axis=0) - means) / (len(means) - 1)


def jackknife(estimator, means):
    """(estimate, error) of `estimator`, a function of a mean, from block means [blocks, …].

    error² = (B−1)/B Σ_b (θ_b − θ̄)² with θ_b the estimate without block b (Efron, SIAM 1982).  `estimator` may return
    an array; the error has its shape.
    """
    means = np.asarray(means, dtype=np.float64)
    replicas = np.array([estimator(mean) for mean in leave_one_out(means)])
    return estimator(means.mean(axis=0)), jackknife_error(replicas)


def jackknife_error(replicas):
    """The jackknife error of an estimate from its leave-one-out replicas [blocks, …]."""
    return np.sqrt((len(replicas) - 1) * np.var(replicas, axis=0))


def mean_error(data):
    """(mean, standard error) of independent `data` [n, …] along the first axis."""
    data = np.asarray(data, dtype=np.float64)
    return data.mean(axis=0), data.std(axis=0, ddof=1) / np.sqrt(len(data))


def over_seeds(estimates, errors):
    """(mean, statistical error, seed error) of `estimates` and `errors` [seeds, …] along the first axis.

    The statistical error is that of the mean of independent machines.  The seed error is their scatter / √seeds; it is
    NaN for a single seed and where an estimate is not finite.
    """
    estimates = np.asarray(estimates, float)
    errors = np.asarray(errors, float)
    seeds = len(estimates)
    finite = np.isfinite(estimates).all(axis=0)
    statistical = np.sqrt((errors**2).sum(axis=0)) / seeds
    if seeds == 1:
        return estimates.mean(axis=0), statistical, np.full_like(statistical, np.nan)[()]
    scatter = np.where(finite, estimates, 0).std(axis=0, ddof=1) / np.sqrt(seeds)
    return estimates.mean(axis=0), statistical, np.where(finite, scatter, np.nan)[()]


def total_error(statistical, seed):
    """The larger of the two errors of `over_seeds`, because the scatter of machines contains their statistical errors.

    An error that is NaN does not count.
    """
    return np.fmax(statistical, seed)


class Interval(NamedTuple):
    """A confidence interval, `low` to `high`, for what `estimate` with its standard `error` estimates."""

    estimate: float
    error: float
    low: float
    high: float


def interval(estimates, errors, confidence=CONFIDENCE):
    """The `Interval` of the mean over machines, from one of `estimates` and of `errors` for each.

    Of SEVERAL machines or more it is Student's t for their scatter, which contains their statistical errors: it holds
    for machines of this kind.  Of one it is Gauss's for its statistical error, and holds for this machine.  Raises
    ValueError for none, or for more than one but fewer than SEVERAL.
    """
    from scipy.special import ndtri, stdtrit  # takes longer to import than most jobs that only need a jackknife run

    estimates = np.asarray(estimates, float)
    machines = len(estimates)
    if machines != 1 and machines < SEVERAL:
        raise ValueError(f"{machines} machines: must be one, or {SEVERAL} or more")
    quantile = (1 + confidence) / 2
    if machines == 1:
        estimate = float(estimates[0])
        error = float(errors[0])
        reach = float(ndtri(quantile)) * error
    else:
        estimate, error = map(float, mean_error(estimates))
        reach = float(stdtrit(machines - 1, quantile)) * error
    return Interval(estimate, error, estimate - reach, estimate + reach)


def autocorrelation_time(series, S=1.5):
    """(τ_int, its error) of a stationary series [n] by the Γ method; τ_int = 1/2 for independent data.

    `series` may be several independent series of one kind, [replicas, n].  Wolff, hep-lat/0306017, eqs. (31)–(42): the
    window W minimises the estimated sum of statistical and truncation errors.  The statistical error of the mean is
    σ √(2 τ_int / n).  Raises ValueError if the series is constant or shorter than 50 τ_int (all replicas together): it
    then looks less correlated than it is, and any quoted error would be unreliable.
    """
    series = np.atleast_2d(np.asarray(series, dtype=np.float64))
    length = series.shape[1]
    total = series.size
    deviation = series - series.mean()
    if length < 8 or not deviation.any():
        raise ValueError(f"no autocorrelation time from {length} samples with variance {deviation.var():g}")
    power = np.mean(np.abs(np.fft.rfft(deviation, 2 * length)) ** 2, axis=0)
    gamma = np.fft.irfft(power)[:length] / (length - np.arange(length))
    rho = gamma / gamma[0]
    tau = 0.5 + np.cumsum(rho[1 : length // 2])
    windows = np.arange(1, length // 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        decay = np.where(tau > 0.5, S / np.log((2 * tau + 1) / (2 * tau - 1)), 1e-9)
        stop = np.exp(-windows / decay) - decay / np.sqrt(windows * total) < 0
    window = windows[np.argmax(stop)]
    tau_int = tau[window - 1] * (1 + (2 * window + 1) / total)
    if not stop.any() or total < SHORTEST * tau_int:
        raise ValueError(
            f"a series of {total} samples is too short: τ_int ≈ {tau_int:.2g}, and it must have {SHORTEST} τ_int"
        )
    return tau_int, tau_int * np.sqrt(4 * abs(window + 0.5 - tau_int) / total)


def written(estimate, *errors):
    """`0.1247(31)(18)`: an estimate with its errors in units of the last digit, with two digits of the smallest error.

    An error with digits on both sides of the decimal point keeps the point: `123.4(5.6)`.  Errors that are not positive
    numbers, or only those of rounding (below ROUNDING of the estimate), are left out.
    """
    if np.isnan(estimate):
        return "no estimate"
    errors = [error for error in errors if np.isfinite(error) and error > ROUNDING * abs(estimate)]
    if not np.isfinite(estimate) or not errors:
        return f"{estimate:.4g}"
    digits = max(0, 1 - int(f"{min(errors):.1e}".partition("e")[2]))  # the exponent after rounding: 0.0996 is 0.10
    return f"{estimate:.{digits}f}" + "".join(f"({f'{error:.{digits}f}'.lstrip('0.')})" for error in errors)
