"""The errors of compared observables are their scatter: at one temperature, of mixtures, and where it is cold.

Seeds are fixed; the false-alarm rate of each test is in its docstring.
"""

import numpy as np
import pytest
from flow_helpers import NAMES, mixed
from scipy import stats as distributions

from rbmrg import exact, sampling
from rbmrg.flows import comparison, equilibrium
from rbmrg.lattice import TC, energy


def repeated(L, T, repetitions, n):
    """z [repetitions, observables] of sets of `n`, each beside its own reference of `n` at its own T_E."""
    sets = sampling.sample(L, T, repetitions * n, rng=7).reshape(repetitions, n, L, L)
    rng = np.random.default_rng(8)
    return np.array([equilibrium.at_best_temperature(spins, rng, n).z for spins in sets])


def scatter_limits(repetitions, alarm):
    """Limits that the variance of `repetitions` standard normal z leaves with probability 2 · alarm."""
    return distributions.chi2.ppf([alarm, 1 - alarm], repetitions - 1) / (repetitions - 1)


def check_scatter(z, alarm=1e-4):
    low, high = scatter_limits(len(z), alarm)
    variance = z.var(axis=0, ddof=1)
    assert ((low < variance) & (variance < high)).all(), dict(zip(NAMES[1:], variance, strict=True))
    assert np.abs(z.mean(axis=0)).max() < 4 / np.sqrt(len(z))


@pytest.mark.parametrize(("L", "temperatures"), [(10, [TC]), (6, [2.0, 3.0])])
def test_errors_are_the_scatter(L, temperatures):
    """80 sets: the variance of each z is 1, χ²/79; false alarm 3e-3 for each of the two."""
    check_scatter(np.concatenate([repeated(L, T, 80 // len(temperatures), 200) for T in temperatures]))


@pytest.mark.long
@pytest.mark.parametrize("L", [6, 10])
@pytest.mark.parametrize("T", [2.0, TC, 3.0])
def test_errors_are_the_scatter_of_many(L, T):
    """1000 sets of 2000; false alarm 3e-3 for each of six."""
    check_scatter(repeated(L, T, 1000, 2000))


def test_errors_that_forget_the_fit_are_not_the_scatter():
    """Negative control, b = 0: the fit takes most of the fluctuations of what goes with the energy."""
    rng = np.random.default_rng(9)
    z = []
    for spins in sampling.sample(6, TC, 60 * 200, rng).reshape(60, 200, 6, 6):
        reference = sampling.sample(6, exact.temperature_of_energy(6, energy(spins).mean() / 36), 800, rng)
        z.append(comparison.compare(spins, reference, fitted=False).z)
    variance = dict(zip(NAMES, np.var(z, axis=0, ddof=1), strict=True))
    low, high = scatter_limits(60, 1e-4)
    for name in ("abs_magnetisation", "G(1,1)", "G(0,L/2)"):
        assert variance[name] < low
    for name in ("magnetisation", "anisotropy"):  # what does not go with the energy needs no b
        assert low < variance[name] < high


def test_errors_of_a_mixture_are_the_scatter():
    """60 sets, 15 z each: variance within χ²/59 at 1e-4 on either side, false alarm 3e-3."""
    rng = np.random.default_rng(25)
    sets = (mixed(6, [1.5, 3.0], 200, rng) for _ in range(60))
    check_scatter(np.array([equilibrium.as_mixture(s, [1.5, 3.0], rng, 200).z for s in sets]))


def test_cold_configurations_may_lack_rare_excitations():
    """40 sets of 500 at T = 1, which have a pair of reversed neighbours or have none: ⟨z²⟩ ≤ 1 within 4 σ.

    Negative control: the variance of each set alone.
    """
    parts = [sampling.sample(10, 1.0, 20_000, rng=k) for k in (10, 11)]
    sets, reference = (comparison.contributions(s)[["energy", "G(1,1)"]].to_numpy() for s in parts)
    covariance = np.cov(reference.T)
    along = [-covariance[0, 1] / covariance[0, 0], 1]
    sets = (sets @ along).reshape(40, 500)
    reference = reference @ along
    difference = sets.mean(axis=1) - reference.mean()
    own = sets.var(axis=1)
    noise = reference.var() / len(reference)
    limit = 1 + 4 * np.sqrt(2 / 40)
    assert np.mean(difference**2 / (own / 500 + noise)) > limit
    assert np.mean(difference**2 / (np.maximum(own, reference.var()) / 500 + noise)) < limit
    table = comparison.compare(parts[0][:500], parts[1], fitted=True).set_index("observable")
    larger = max(own[0], reference.var())
    assert table.error["G(1,1)"] == pytest.approx(np.sqrt(larger / 500 + noise), rel=0.01)


def test_rounding_is_no_difference():
    """T = 0.7, where there are single reversed spins only, in the set as in the reference: many errors are 0."""
    sets = sampling.sample(6, 0.7, 10_000, rng=12).reshape(10, 1000, 6, 6)
    rng = np.random.default_rng(13)
    tables = [equilibrium.at_best_temperature(s, rng, 5000) for s in sets]
    assert all(map(comparison.passed, tables))
    assert any((table.error == 0).sum() > 5 for table in tables if table["T"][0] > 0)
