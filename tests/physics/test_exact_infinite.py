"""Onsager's energy and Yang's magnetisation against series, published numbers and large lattices."""

import math

import numpy as np
import pytest

from rbmrg import exact


def test_onsager_and_yang():
    assert exact.onsager_energy(exact.TC) == pytest.approx(-math.sqrt(2), abs=1e-14)
    np.testing.assert_allclose(exact.onsager_energy([0, 0.001, math.inf]), [-2, -2, 0], atol=1e-15)
    np.testing.assert_array_equal(exact.yang_magnetisation([0, 0.001, exact.TC, 3, math.inf]), [1, 1, 0, 0, 0])
    assert exact.yang_magnetisation(2.0) == pytest.approx(0.911319377877496, rel=1e-14)
    x = math.exp(-2 / 0.7)  # Domb's series: u = −2 + 8x⁴ + 24x⁶ + …, m = 1 − 2x⁴ − 8x⁶ − 34x⁸ − …
    assert exact.onsager_energy(0.7) == pytest.approx(-2 + 8 * x**4 + 24 * x**6 + 72 * x**8, abs=300 * x**10)
    assert exact.yang_magnetisation(0.7) == pytest.approx(1 - 2 * x**4 - 8 * x**6 - 34 * x**8, abs=200 * x**10)


def test_the_thermodynamic_limit_away_from_tc():
    for T in (1.0, 1.8, 3.2, 5.0):  # differences are e^{−64/ξ} and e^{−128/ξ}
        assert exact.energy_per_spin(64, T) == pytest.approx(exact.onsager_energy(T), abs=1e-7)
    assert abs(exact.energy_per_spin(64, exact.TC) - exact.onsager_energy(exact.TC)) > 1e-3
