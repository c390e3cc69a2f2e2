"""The linearised matrix: exact on 4 × 4 spins, where all states and blocks are summed, and known limits of rules."""

import numpy as np
import pytest

from rbmrg import rg, sampling
from rbmrg.exponents import mcrg
from rbmrg.lattice import TC
from rbmrg.rg import filters
from rbmrg.trials.of_exponents import NAMES, matrix

RULES = {"majority": rg.RULES["majority"], "decimation": rg.RULES["decimation"], "filter": filters.dial(0.3)}


@pytest.mark.parametrize("exponent", NAMES)
@pytest.mark.parametrize("rule", RULES)
def test_the_matrix_of_sampled_configurations_is_the_exact_one(rule, exponent):
    """At most nine z-scores in each of six cases: one is beyond 4.2 with a probability of 1e-3 in all."""
    n = 100_000
    rng = np.random.default_rng(1)
    spins = sampling.sample(4, TC, n, rng)
    sums = mcrg.measure([spins], RULES[rule], 1, rng, names=NAMES)[exponent]
    means = mcrg.moments(sums[1], sums[0], exponent == "y_h", 200)
    replicas = np.array([mcrg.matrix(m) for m in (means.sum(axis=0) - means) / 199])
    errors = np.sqrt(199 * replicas.var(axis=0))
    expected = matrix(RULES[rule], NAMES[exponent])
    z = (mcrg.matrix(means.mean(axis=0)) - expected) / errors
    assert np.abs(z).max() < 4.2
    other = matrix(RULES["majority" if rule == "decimation" else "decimation"], NAMES[exponent])
    assert np.abs((other - expected) / errors).max() > 10  # negative control: another rule


def test_the_exponents_are_those_of_the_matrix():
    """Four z-scores, each beyond 4 with probability 6e-5; y of this small step is known by enumeration only."""
    rng = np.random.default_rng(2)
    found = mcrg.table(mcrg.measure([sampling.sample(4, TC, 40_000, rng)], RULES["majority"], 1, rng, names=NAMES), L=4)
    row = found[found.operators == 3].iloc[0]
    for exponent, names in NAMES.items():
        y = np.log2(np.abs(np.linalg.eigvals(matrix(RULES["majority"], names))).max())
        assert abs(row[exponent] - y) < 4 * row[f"{exponent}_error"]
        assert row[f"{exponent}_error"] < 0.02
    assert (row.L, row.n, row.level) == (4, 40_000, 1)


def test_averages_have_y_h_2_and_rescaled_ones_15_over_8():
    """S'_field is S_field times a constant, so that the constant is an eigenvalue."""
    spins = sampling.sample(8, TC, 2000, 3)
    for name, y_h in (("average", 2), ("rescaled", 15 / 8)):
        found = mcrg.table(mcrg.measure([spins], rg.RULES[name], 1, np.random.default_rng(1)), L=8)
        np.testing.assert_allclose(found.y_h, y_h, atol=1e-6)


def test_moments_by_hand():
    above = np.array([[1.0], [3.0], [2.0], [6.0]])
    below = np.array([[2.0], [0.0], [1.0], [5.0]])
    odd = mcrg.moments(above, below, True, 2)
    assert odd.tolist() == [[[0, 0], [5, 1]], [[0, 0], [20, 16]]]
    even = mcrg.moments(above, below, False, 2).mean(axis=0)
    np.testing.assert_allclose(mcrg.matrix(even), [[2.5 / 3.5]])  # covariance over variance
    assert mcrg.exponent(even, 1, 2) == pytest.approx(np.log2(2.5 / 3.5))


def test_a_flip_of_configurations_changes_nothing():
    """Odd moments are those over both signs, and even operators have none."""
    spins = sampling.sample(8, TC, 1000, 4)
    flips = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (1000, 1, 1))
    found = [mcrg.table(mcrg.measure([s], rg.RULES["decimation"], 1, None), L=8) for s in (spins, flips * spins)]
    np.testing.assert_allclose(found[0], found[1])


def test_chains_come_together():
    spins = sampling.sample(4, TC, 12, 5)
    one, four = (mcrg.measure([spins[:8], spins[8:]], rg.RULES["decimation"], 0, None, chains) for chains in (1, 4))
    order = np.arange(12).reshape(3, 4).T.ravel()
    assert np.array_equal(four["y_t"], one["y_t"][:, order])


def test_depth():
    assert [mcrg.depth(L) for L in (4, 8, 12, 64, 128)] == [0, 1, 1, 4, 5]


def test_blocks_that_know_nothing_have_no_exponent_and_no_error():
    """A vanishing eigenvalue is y = −∞, without a warning."""
    rng = np.random.default_rng(6)
    sums = np.stack([np.tile([1.0, -1.0], 64), np.repeat([1.0, -1.0], 64)])[:, :, None]
    found = mcrg.table({"y_t": sums, "y_h": sums * rng.normal(size=128)[:, None]}, L=8, blocks=4)
    assert found.y_t.tolist() == [-np.inf]
    assert found.y_t_error.isna().all()
    assert np.isfinite(found.y_h).all()
