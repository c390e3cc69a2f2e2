"""Exact references against each other: enumeration, Kaufman's sum, Beale's integers; and against published numbers."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from rbmrg import exact, lattice

TEMPERATURES = [0.1, 0.3, 0.59, 0.61, 1.0, 1.7, 2.0, 2.26, exact.TC, 2.3, 3.0, 6.0, 100.0]


def enumerated(L, T):
    """ln Z, energy and specific heat per spin by summing over all configurations, relative to the ground state."""
    excess = lattice.energy(exact.enumerate_states(L)) + 2 * L**2
    weights = np.exp(-excess / T)
    p = weights / weights.sum()
    mean = p @ excess
    return (
        2 * L**2 / T + math.log(weights.sum()),
        -2 + mean / L**2,
        p @ (excess - mean) ** 2 / (L * T) ** 2,
    )


def from_integers(L, T):
    """The same from the density of states in 100 digits: sums of positive terms."""
    with localcontext() as context:
        context.prec = 100
        x, weight, sums = (Decimal(-2) / Decimal(T)).exp(), Decimal(1), [Decimal(0)] * 3
        for j, g in enumerate(exact.density_of_states(L)):
            sums = [s + g * weight * (2 * j) ** power for power, s in enumerate(sums)]
            weight *= x
        mean = sums[1] / sums[0]
        variance = sums[2] / sums[0] - mean**2
        log_z = sums[0].ln() + 2 * L**2 / Decimal(T)
        return float(log_z), float(-2 + mean / L**2), float(variance / (L * Decimal(T)) ** 2)


def kaufman(L, T):
    return exact.log_partition(L, T), exact.energy_per_spin(L, T), exact.specific_heat(L, T)


@pytest.mark.parametrize("T", [0.3, 0.7, 1.5, exact.TC, 3.0, 10.0])
@pytest.mark.parametrize("L", [2, 3, 4])
def test_kaufman_is_the_sum_over_all_configurations(L, T):
    np.testing.assert_allclose(kaufman(L, T), enumerated(L, T), rtol=1e-11)


@pytest.mark.parametrize("T", TEMPERATURES)
@pytest.mark.parametrize("L", [6, 10, 32])
def test_kaufman_is_the_sum_over_the_density_of_states(L, T):
    errors = np.abs(np.array(kaufman(L, T)) / from_integers(L, T) - 1)
    assert (errors < [1e-13, 1e-12, 2e-12]).all(), errors


@pytest.mark.parametrize("L", [3, 4])
def test_the_wrong_sign_of_the_zero_mode_above_tc_would_be_seen(L, monkeypatch):
    expected = enumerated(L, 3.0)[0] - 2 * L**2 / 3.0
    assert exact._kaufman(L, 1 / 3.0)[0] == pytest.approx(expected, abs=1e-12)
    zero_mode = exact._zero_mode
    monkeypatch.setattr(exact, "_zero_mode", lambda K: (*zero_mode(K)[:2], 1))
    assert abs(exact._kaufman(L, 1 / 3.0)[0] - expected) > 0.1


def test_published_energies():
    assert exact.energy_per_spin(10, 2.0) == pytest.approx(-1.745431021115, abs=5e-13)
    assert exact.energy_per_spin(10, exact.TC) == pytest.approx(-1.476242908361, abs=5e-13)
    assert exact.energy_per_spin(10, 3.0) == pytest.approx(-0.825640806825, abs=5e-13)
    assert exact.energy_per_spin(32, exact.TC) == pytest.approx(-1.433658466146, abs=5e-13)
    assert exact.energy_per_spin(64, exact.TC) == pytest.approx(-1.423938389833, abs=5e-13)


@pytest.mark.parametrize("L", [5, 7, 64])
def test_counting_excitations_joins_kaufmans_sum(L):
    np.testing.assert_allclose(exact._few_excitations(L, 1 / 0.6), exact._kaufman(L, 1 / 0.6), rtol=5e-12)


@pytest.mark.parametrize("T", [0.4, 1.3, 2.2, exact.TC, 2.5, 8.0])
@pytest.mark.parametrize("L", [3, 10, 64])
def test_energy_and_specific_heat_are_derivatives(L, T):
    K, h = 1 / T, 1e-4
    slope = np.array([1, -8, 8, -1]) / (12 * h)  # error h⁴ f⁽⁵⁾/30
    log_z = exact.log_partition(L, 1 / (K + h * np.array([-2, -1, 1, 2])))
    assert exact.energy_per_spin(L, T) == pytest.approx(-slope @ log_z / L**2, abs=1e-9)
    u = exact.energy_per_spin(L, T + h * np.array([-2, -1, 1, 2]))
    assert exact.specific_heat(L, T) == pytest.approx(slope @ u, abs=2e-8)


def test_limits_of_temperature():
    for L in (2, 3, 10, 64):
        N = L**2
        assert exact.log_partition(L, math.inf) == pytest.approx(N * math.log(2), rel=1e-15)
        assert exact.log_partition(L, 0) == math.inf
        assert exact.log_partition(L, 0.1) == pytest.approx(20 * N + math.log(2), rel=1e-15)
        np.testing.assert_array_equal(exact.energy_per_spin(L, [0, 0.01, math.inf]), [-2, -2, 0])
        np.testing.assert_array_equal(exact.specific_heat(L, [0, 1e-200, math.inf]), [0, 0, 0])
        np.testing.assert_allclose(exact.entropy(L, [0, 0.05]), math.log(2), rtol=1e-14)
        np.testing.assert_allclose(exact.entropy(L, [1e9, math.inf]), N * math.log(2), rtol=1e-12)


def test_the_thermodynamic_limit_away_from_tc():
    for T in (1.0, 1.8, 3.2, 5.0):  # differences are e^{−64/ξ} and e^{−128/ξ}
        assert exact.energy_per_spin(64, T) == pytest.approx(exact.onsager_energy(T), abs=1e-7)
    assert abs(exact.energy_per_spin(64, exact.TC) - exact.onsager_energy(exact.TC)) > 1e-3


def test_onsager_and_yang():
    assert exact.onsager_energy(exact.TC) == pytest.approx(-math.sqrt(2), abs=1e-14)
    np.testing.assert_allclose(exact.onsager_energy([0, 0.001, math.inf]), [-2, -2, 0], atol=1e-15)
    np.testing.assert_array_equal(exact.yang_magnetisation([0, 0.001, exact.TC, 3, math.inf]), [1, 1, 0, 0, 0])
    assert exact.yang_magnetisation(2.0) == pytest.approx(0.911319377877496, rel=1e-14)
    x = math.exp(-2 / 0.7)  # Domb's series: u = −2 + 8x⁴ + 24x⁶ + …, m = 1 − 2x⁴ − 8x⁶ − 34x⁸ − …
    assert exact.onsager_energy(0.7) == pytest.approx(-2 + 8 * x**4 + 24 * x**6 + 72 * x**8, abs=300 * x**10)
    assert exact.yang_magnetisation(0.7) == pytest.approx(1 - 2 * x**4 - 8 * x**6 - 34 * x**8, abs=200 * x**10)


@pytest.mark.parametrize("L", [2, 3, 4])
def test_counted_states_are_the_histogram_of_all_configurations(L):
    broken = (lattice.energy(exact.enumerate_states(L)) + 2 * L**2) // 2
    assert exact._count_states(L) == tuple(np.bincount(broken, minlength=2 * L**2 + 1).tolist())


@pytest.mark.parametrize("L", [6, 10, 12, 14, 32])
def test_density_of_states(L):
    g, N = exact.density_of_states(L), L**2
    assert all(type(count) is int and count >= 0 for count in g)
    assert len(g) == 2 * N + 1
    assert sum(g) == 2**N
    assert g == g[::-1]  # flipping one sublattice changes the sign of E
    assert not any(g[1::2])
    assert g[0] == 2
    assert g[4] == 2 * N
    assert g[6] == 4 * N
    assert sum(count * (2 * j - 2 * N) ** 2 for j, count in enumerate(g)) == 2 * N * 2**N  # ⟨E²⟩ at T = ∞: one a bond


def test_a_prime_is_a_prime():
    odd = range(11, 20_001, 2)
    assert [p for p in odd if exact._is_prime(p)] == [p for p in odd if all(p % q for q in range(3, 142, 2) if q < p)]
    assert not exact._is_prime(2047 * 4681)  # products of pseudoprimes to base 2
    assert exact._is_prime(2**31 - 1)


@pytest.mark.parametrize("T", [0, 0.5, exact.TC, 4.0, math.inf])
def test_probabilities_add_up(T):
    for L in (4, 10):
        p = exact.energy_distribution(L, T)
        E = 2 * np.arange(p.size) - 2 * L**2
        g = np.array(exact.density_of_states(L), float)
        assert p.sum() == pytest.approx(1, rel=1e-13)
        tiny = np.finfo(float).tiny  # numbers below it have fewer digits
        np.testing.assert_allclose(g * np.exp(exact.log_probability(E, L, T)), p, rtol=1e-11, atol=tiny)
        assert p @ E / L**2 == pytest.approx(exact.energy_per_spin(L, T), abs=1e-12)


def test_probability_of_one_configuration():
    E = np.array([-200, -192, 0])
    np.testing.assert_array_equal(exact.log_probability(E, 10, 0), [-math.log(2), -np.inf, -np.inf])
    np.testing.assert_allclose(exact.log_probability(E, 10, math.inf), -100 * math.log(2), rtol=1e-15)
    np.testing.assert_allclose(exact.log_probability(E, 10, 2.0), -E / 2 - exact.log_partition(10, 2.0), rtol=1e-13)
    assert np.shape(exact.log_probability(-200, 10, 2.0)) == ()


def test_entropy_of_a_single_temperature():
    for T in (0, 0.2, 1.0, exact.TC, 5.0, math.inf):
        assert exact.mixture_entropy(10, [T]) == pytest.approx(exact.entropy(10, T), rel=1e-11)
        assert exact.mixture_entropy(10, [T, T, T]) == pytest.approx(exact.entropy(10, T), rel=1e-11)


def test_entropy_of_a_mixture_is_that_of_all_configurations():
    temperatures = [0, 1.5, exact.TC, math.inf]
    E = lattice.energy(exact.enumerate_states(4))
    p = np.mean([np.exp(exact.log_probability(E, 4, T)) for T in temperatures], axis=0)
    np.testing.assert_allclose(np.exp(exact.log_mixture(E, 4, temperatures)), p, rtol=1e-12)
    mixed = exact.mixture_entropy(4, temperatures)
    assert mixed == pytest.approx(-(p * np.log(p)).sum(), rel=1e-12)
    parts = exact.entropy(4, temperatures).mean()
    assert parts < mixed < parts + math.log(4)  # concave, and the label holds at most ln 4


@pytest.mark.parametrize("L", [3, 10, 64])
def test_temperature_of_energy_inverts_energy(L):
    T = np.array([[0.5, 1.0, 2.0], [exact.TC, 5.0, 1000.0]])
    found = exact.temperature_of_energy(L, exact.energy_per_spin(L, T))
    rounding = np.spacing(2.0) / exact.specific_heat(L, T)  # of u, which at T = 0.5 is −2 + 9e-7
    assert (np.abs(found - T) <= 1e-13 * T + rounding).all()
    np.testing.assert_array_equal(
        exact.temperature_of_energy(L, [-3, -2, np.nan, 0, 0.1, np.nan]), [0, 0, np.nan, np.inf, np.inf, np.nan]
    )
    assert np.shape(exact.temperature_of_energy(L, -1.0)) == ()
    for u in (np.nextafter(-2, 0), -1e-12):
        assert 0 < exact.temperature_of_energy(L, u) < np.inf


def test_maximum_of_the_specific_heat():
    assert exact.specific_heat_maximum(10) == pytest.approx(2.345, abs=0.005)
    for L in (2, 3, 10, 64):
        T = exact.specific_heat_maximum(L)
        assert exact.specific_heat(L, T) >= exact.specific_heat(L, np.linspace(0.3, 8, 200)).max()
        assert exact.specific_heat(L, T) > exact.specific_heat(L, [T - 1e-4, T + 1e-4]).max()


def test_enumerated_states_are_all_states():
    states = exact.enumerate_states(4)
    assert states.dtype == np.int8
    assert states.shape == (65536, 4, 4)
    assert len(np.unique(states.reshape(-1, 16), axis=0)) == 65536
    assert set(np.unique(states)) == {-1, 1}


@pytest.mark.parametrize("T", [-1.0, math.nan, [1.0, -0.1]])
def test_bad_temperatures_are_refused(T):
    for function in (exact.log_partition, exact.energy_per_spin, exact.specific_heat, exact.entropy):
        with pytest.raises(ValueError, match="temperature must be ≥ 0"):
            function(10, T)
    for function in (exact.onsager_energy, exact.yang_magnetisation):
        with pytest.raises(ValueError, match="temperature must be ≥ 0"):
            function(T)
    with pytest.raises(ValueError, match="temperature must be ≥ 0"):
        exact.mixture_entropy(10, T)


def test_bad_sizes_are_refused():
    for L in (1, 0, -4, 2.5):
        with pytest.raises(ValueError, match="L must be an integer ≥ 2"):
            exact.energy_per_spin(L, 1.0)
    for L in (3, 34):
        with pytest.raises(ValueError, match="even L up to 32"):
            exact.density_of_states(L)
    with pytest.raises(ValueError, match="at most 4"):
        exact.enumerate_states(5)
    with pytest.raises(ValueError, match="at least one temperature"):
        exact.log_mixture(0, 10, [])
