"""Two lattices: linear means by hand, raw spins against enumeration, and K* where configurations are not critical."""

import numpy as np
import pytest

from rbmrg import rg, sampling
from rbmrg.exponents import matching, mcrg
from rbmrg.lattice import TC
from rbmrg.trials.of_exponents import enumerated_means


def test_linear_means_meet_where_they_should():
    """S = 2 + 3 (K − 0.1) on the large lattice and 2 + 1.5 (K − 0.1) on the small one, at K = 0."""
    mean = np.array([[1.7, 0.0, 3.0], [1.85, 0.0, 1.5]])
    assert matching.matched(mean, 2) == pytest.approx([0.1, 1.0])


def test_connected_slopes_need_no_mean_of_the_conjugate():
    mean = np.array([[1.7, 0.2, 3.0 + 1.7 * 0.2], [1.85, -0.4, 1.5 - 1.85 * 0.4]])
    assert matching.matched(mean, 2) == pytest.approx([0.1, 1.0])


def measured(L, n, T, seed, steps):
    spins = sampling.sample(L, T, n, seed)
    return mcrg.measure([spins], rg.RULES["majority"], steps, np.random.default_rng(seed), names=mcrg.OPERATORS)


@pytest.mark.parametrize("T", [TC, 2.24, 2.30])
def test_the_critical_coupling_is_found_from_configurations_that_are_not_critical(T):
    """After two steps from L = 16, three operators, one step of the smaller lattice, within 4 errors and a twentieth of
    the way plus 0.001 for what is not linear and for small lattices.
    """
    found = matching.table(measured(16, 40_000, T, 1, 2), measured(8, 40_000, T, 2, 1), 16)
    away = 1 / TC - 1 / T
    for operator in ("nn", "nnn", "third"):
        row = found[(found.level == 2) & (found.operator == operator)].iloc[0]
        assert abs(row["shift"] - away) < 4 * row.shift_error + abs(away) / 20 + 1e-3
        assert row.shift_error < 1e-3
    if T == TC:
        row = found[(found.level == 2) & (found.operator == "field")].iloc[0]
        assert abs(row.y - 1.875) < 4 * row.y_error + 0.01
        assert np.isnan(row["shift"])


def test_finite_size_scaling_of_small_lattices_is_exact():
    """Four z-scores, each beyond 4 with probability 6e-5."""
    rng = np.random.default_rng(3)
    sums = [mcrg.measure([sampling.sample(L, TC, 100_000, rng)], None, 0, rng) for L in (4, 3)]
    found = matching.finite_size(*sums, 4, factor=4 / 3)
    assert list(found.quantity) == ["K* − Kc", "1/ν", "β/ν", "γ/ν"]
    z = (found.estimate - matching.scaled(np.stack([enumerated_means(L) for L in (4, 3)]), 4 / 3)) / found.error
    assert np.abs(z).max() < 4
    assert (np.abs(z) > 1e-6).all()
