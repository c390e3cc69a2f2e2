"""Kaufman's thermodynamics against enumeration, Beale's integers, their own derivatives and published numbers."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from rbmrg import exact, lattice
from rbmrg.exact import kaufman, thermodynamics

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
        x = (Decimal(-2) / Decimal(T)).exp()
        weight = Decimal(1)
        sums = [Decimal(0)] * 3
        for j, g in enumerate(exact.density_of_states(L)):
            sums = [s + g * weight * (2 * j) ** power for power, s in enumerate(sums)]
            weight *= x
        mean = sums[1] / sums[0]
        variance = sums[2] / sums[0] - mean**2
        log_z = sums[0].ln() + 2 * L**2 / Decimal(T)
        return float(log_z), float(-2 + mean / L**2), float(variance / (L * Decimal(T)) ** 2)


def by_kaufman(L, T):
    return exact.log_partition(L, T), exact.energy_per_spin(L, T), exact.specific_heat(L, T)


@pytest.mark.parametrize("T", [0.3, 0.7, 1.5, exact.TC, 3.0, 10.0])
@pytest.mark.parametrize("L", [2, 3, 4])
def test_kaufman_is_the_sum_over_all_configurations(L, T):
    np.testing.assert_allclose(by_kaufman(L, T), enumerated(L, T), rtol=1e-11)


@pytest.mark.parametrize("T", TEMPERATURES)
@pytest.mark.parametrize("L", [6, 10, 32])
def test_kaufman_is_the_sum_over_the_density_of_states(L, T):
    errors = np.abs(np.array(by_kaufman(L, T)) / from_integers(L, T) - 1)
    assert (errors < [1e-13, 1e-12, 2e-12]).all(), errors


@pytest.mark.parametrize("L", [3, 4])
def test_the_wrong_sign_of_the_zero_mode_above_tc_would_be_seen(L, monkeypatch):
    expected = enumerated(L, 3.0)[0] - 2 * L**2 / 3.0
    assert kaufman.kaufman_jet(L, 1 / 3.0)[0] == pytest.approx(expected, abs=1e-12)
    zero_mode = kaufman._zero_mode
    monkeypatch.setattr(kaufman, "_zero_mode", lambda K: (*zero_mode(K)[:2], 1))
    assert abs(kaufman.kaufman_jet(L, 1 / 3.0)[0] - expected) > 0.1


def test_published_energies():
    assert exact.energy_per_spin(10, 2.0) == pytest.approx(-1.745431021115, abs=5e-13)
    assert exact.energy_per_spin(10, exact.TC) == pytest.approx(-1.476242908361, abs=5e-13)
    assert exact.energy_per_spin(10, 3.0) == pytest.approx(-0.825640806825, abs=5e-13)
    assert exact.energy_per_spin(32, exact.TC) == pytest.approx(-1.433658466146, abs=5e-13)
    assert exact.energy_per_spin(64, exact.TC) == pytest.approx(-1.423938389833, abs=5e-13)


@pytest.mark.parametrize("L", [5, 7, 64])
def test_counting_excitations_joins_kaufmans_sum(L):
    np.testing.assert_allclose(thermodynamics.few_excitations(L, 1 / 0.6), kaufman.kaufman_jet(L, 1 / 0.6), rtol=5e-12)


@pytest.mark.parametrize("T", [0.4, 1.3, 2.2, exact.TC, 2.5, 8.0])
@pytest.mark.parametrize("L", [3, 10, 64])
def test_energy_and_specific_heat_are_derivatives(L, T):
    K = 1 / T
    h = 1e-4
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


@pytest.mark.parametrize("T", [5e-324, 1e-308, 1e-155, 1e155, 1e308, 1.7e308])
def test_the_coldest_and_the_hottest_numbers_have_the_values_of_the_limits(T):
    """No function overflows, or loses what is left, before its limit: warnings are errors."""
    cold = T < 1
    assert exact.onsager_energy(T) == pytest.approx(-2 if cold else -2 / T, rel=1e-14)
    assert exact.yang_magnetisation(T) == (1 if cold else 0)
    for L in (2, 3, 10, 64):
        N = L**2
        assert exact.energy_per_spin(L, T) == pytest.approx(-2 if cold else -2 / T, rel=1e-14)
        assert exact.specific_heat(L, T) == pytest.approx(0, abs=1e-300)
        assert exact.entropy(L, T) == pytest.approx(math.log(2) * (1 if cold else N), rel=1e-14)
        with np.errstate(over="ignore"):
            assert exact.log_partition(L, T) == (2 * N / np.float64(T) if cold else pytest.approx(N * math.log(2)))


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


@pytest.mark.parametrize("T", [-1.0, math.nan, [1.0, -0.1]])
def test_bad_temperatures_are_refused(T):
    for function in (exact.log_partition, exact.energy_per_spin, exact.specific_heat, exact.entropy):
        with pytest.raises(ValueError, match="must be a number ≥ 0, or inf"):
            function(10, T)
    for function in (exact.onsager_energy, exact.yang_magnetisation):
        with pytest.raises(ValueError, match="must be a number ≥ 0, or inf"):
            function(T)
    with pytest.raises(ValueError, match="must be a number ≥ 0, or inf"):
        exact.mixture_entropy(10, T)


def test_bad_sizes_are_refused():
    for L in (1, 0, -4, 2.5):
        with pytest.raises(ValueError, match=f"L = {L}: must be an integer ≥ 2"):
            exact.energy_per_spin(L, 1.0)
