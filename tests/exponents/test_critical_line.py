"""The weights of the critical surface against finite lattices, where couplings act as the energy does."""

import numpy as np
import pytest

from rbmrg import operators, sampling
from rbmrg.exponents import critical_line
from rbmrg.lattice import TC
from rbmrg.stats import jackknife_error, leave_one_out

EVEN = [name for name in critical_line.WEIGHTS if name in operators.EVEN]


def shift(large, small, n, rng):
    """⟨S_α⟩ per site at `small` less that at `large`, in units of that of neighbours, (ratios, errors).

    At Tc ⟨S_α⟩_L − ⟨S_α⟩_∞ = r_α ⟨ε⟩_L + O(L⁻³), with ⟨ε⟩_L ∝ 1/L.
    """
    means = []
    for L in (small, large):
        parts = [sampling.sample(L, TC, n // 20, rng) for _ in range(20)]
        means.append([operators.sums(part, EVEN).mean(axis=0) / L**2 for part in parts])
    small_means, large_means = map(leave_one_out, means)
    replicas = small_means - large_means
    estimate = np.mean(means[0], axis=0) - np.mean(means[1], axis=0)
    return estimate / estimate[0], jackknife_error(replicas / replicas[:, :1])


def test_weights_are_the_shares_of_the_energy_in_operators_on_finite_lattices():
    """Within 5 σ and 3 % for terms of higher order in 1/L; the weights differ by much more from one another."""
    ratios, errors = shift(12, 8, 100_000, np.random.default_rng(4))
    expected = np.array([critical_line.WEIGHTS[name] for name in EVEN])
    assert (np.abs(ratios - expected) < 5 * errors + 0.03 * expected).all()
    assert (errors < 0.03 * expected).all()
    away = np.abs(np.subtract.outer(ratios, expected)) - 5 * errors[:, None] - 0.03 * expected
    assert (away[~np.eye(len(EVEN), dtype=bool)] > 0).mean() > 0.9


def test_the_closed_forms():
    assert critical_line.equivalent([[0.3, 0.1], [critical_line.KC, 0.0]], ["nn", "nnn"]) == pytest.approx(
        [0.3 + 0.1 * 2**0.5, 1 / TC]
    )
    assert critical_line.equivalent([0.7], ["field"]) == 0
