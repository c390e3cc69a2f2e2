"""Observables of two sets of configurations: as defined, exact by enumeration, and with the error of the formula.

Seeds are fixed.  `passed` of equilibrium data is a false alarm at most once in 1000 tables.
"""

import numpy as np
import pytest
from flow_helpers import NAMES, by_definition, scores

from rbmrg import exact, sampling
from rbmrg.flows import comparison
from rbmrg.lattice import energy


@pytest.fixture(scope="module")
def states():
    """All of L = 4, their energies, and {observable: [2^16]} by definition."""
    spins = exact.enumerate_states(4)
    return spins, energy(spins), by_definition(spins)


def exact_values(states, K):
    """All observables of L = 4 at coupling K, by enumeration: {name: value}."""
    _, E, means = states
    p = np.exp(-K * (E + 32))
    p /= p.sum()
    m2 = p @ means["magnetisation"] ** 2
    m4 = p @ means["magnetisation"] ** 4
    derived = {"energy_variance": (p @ E**2 - (p @ E) ** 2) / 16, "binder": 1 - m4 / (3 * m2**2)}
    return {name: p @ values for name, values in means.items()} | derived


@pytest.mark.parametrize("L", [4, 5, 6])
def test_the_observables_are_as_defined(L):
    spins = sampling.sample(L, 2.5, 50, rng=L)
    found = comparison.contributions(spins)
    assert list(found) == NAMES
    for name, values in by_definition(spins).items():
        np.testing.assert_allclose(found[name], values, atol=1e-12)


def test_parts_are_put_together(monkeypatch):
    spins = sampling.sample(4, 2.5, 50, rng=1)
    whole = comparison.contributions(spins)
    monkeypatch.setattr(comparison, "_AT_ONCE", 16 * 7)
    np.testing.assert_allclose(comparison.contributions(spins), whole, atol=1e-14)


@pytest.mark.parametrize("K", [0.0, 0.4])
def test_the_influence_is_the_derivative_by_the_weight_of_a_configuration(states, K):
    """θ(p + ε(δ_i − p)) by enumeration, for every tenth of 200 configurations: p is their frequency."""
    spins = sampling.sample(4, 1 / K if K else np.inf, 200, rng=2)
    found = comparison.contributions(spins)
    m = spins.mean(axis=(1, 2))
    E = energy(spins)
    h = 1e-6

    def derived(p):
        return (p @ E**2 - (p @ E) ** 2) / 16, 1 - p @ m**4 / (3 * (p @ m**2) ** 2)

    p = np.full(200, 1 / 200)
    for i in range(0, 200, 10):
        towards = h * (np.eye(200)[i] - p)
        slope = (np.array(derived(p + towards)) - derived(p - towards)) / (2 * h)
        expected = derived(p) + slope
        np.testing.assert_allclose(found.loc[i, ["energy_variance", "binder"]], expected, rtol=1e-6, atol=1e-7)
    assert found[["energy_variance", "binder"]].mean().to_list() == pytest.approx(derived(p))


@pytest.mark.parametrize(("at", "right"), [(2.5, True), (2.55, False)])
def test_the_values_by_enumeration(states, at, right):
    """At T = 2.5, |z| < 4, 30 of them: false alarm 2e-3.  Negative control: the exact values of T = 2.55."""
    truth = exact_values(states, 1 / at)
    table = comparison.compare(*sampling.sample(4, 2.5, 60_000, rng=3).reshape(2, 30_000, 4, 4), fitted=False)
    assert table.observable.to_list() == NAMES
    error = table.error / np.sqrt(2)  # of either of two equal samples
    for column in ("flow", "expected"):
        z = (table[column] - table.observable.map(truth)) / error
        assert (z.abs().max() < 4) == right
    assert comparison.passed(table)


def test_the_slope_is_the_derivative_along_the_line_of_equilibria(states):
    """All 2^16 states are equilibrium at T = ∞ without noise: `expected` moves by dO/dE times the change of ⟨E⟩."""
    spins = states[0]
    h = 1e-4
    hot = exact_values(states, -h)
    cold = exact_values(states, h)
    rows = comparison.compare(sampling.sample(4, 3.0, 500, rng=4), spins, fitted=True)
    start = comparison.compare(spins, spins, fitted=True)
    assert (start.difference == 0).all()
    moved = energy(sampling.sample(4, 3.0, 500, rng=4)).mean() / 16  # from ⟨E⟩ = 0
    slope = [(cold[name] - hot[name]) / (cold["energy"] - hot["energy"]) for name in rows.observable]
    np.testing.assert_allclose((rows.expected - start.expected) / moved, slope, atol=1e-6)
    assert np.abs(slope).max() > 0.1


def test_the_error_is_that_of_the_formula(states):
    spins = sampling.sample(4, 2.0, 300, rng=5)
    reference = sampling.sample(4, 2.0, 900, rng=6)
    one, other = (by_definition(s) for s in (spins, reference))
    for fitted in (True, False):
        table = comparison.compare(spins, reference, fitted).set_index("observable")
        for name in ("abs_magnetisation", "S(0,1)", "anisotropy"):
            b = np.cov(other[name], other["energy"])[0, 1] / np.var(other["energy"], ddof=1) if fitted else 0
            o, o_reference = (s[name] - b * s["energy"] for s in (one, other))
            larger = max(np.var(o, ddof=1), np.var(o_reference, ddof=1))
            assert table.error[name] == pytest.approx(np.sqrt(larger / 300 + np.var(o_reference, ddof=1) / 900))
            assert table.difference[name] == pytest.approx(o.mean() - o_reference.mean())
            assert table.z[name] == pytest.approx(table.difference[name] / table.error[name])


def test_without_errors_equal_is_zero_and_unequal_infinite():
    up = np.ones((3, 4, 4), np.int8)
    for fitted in (True, False):
        z = scores(comparison.compare(up, -up, fitted))
        assert z.pop("magnetisation") == np.inf
        assert set(z.values()) == {0.0}
        assert scores(comparison.compare(-up, up, fitted))["magnetisation"] == -np.inf


def test_what_cannot_be_compared_is_refused():
    spins = sampling.sample(4, 2.0, 10, rng=30)
    for pair in ((spins[:1], spins), (spins, spins[:1]), (spins, sampling.sample(6, 2.0, 10, rng=30))):
        with pytest.raises(ValueError, match="must be at least two configurations each, of the same size"):
            comparison.compare(*pair, fitted=False)
