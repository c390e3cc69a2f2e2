"""Mutual information: sums against enumeration, estimates against a torus of known answer, and bounds below both."""

import numpy as np
import pytest
import xarray as xr

from rbmrg import rg, sampling, stats
from rbmrg.exponents import best_blocks, information, information_table, named_rules
from rbmrg.exponents.information import BITS
from rbmrg.lattice import TC, energy
from rbmrg.rg import filters
from rbmrg.trials import of_information

WIDE = filters.Filter(np.random.default_rng(3).normal(0, 1, (4, 4)), 0.2)  # reads all that it may, and has a bias
RULES = {"majority": rg.RULES["majority"], "decimation": rg.RULES["decimation"], "wide": WIDE}


@pytest.fixture(scope="module")
def torus():
    """The exact shares of environments of the 6 × 6 torus."""
    return of_information.exact_shares()


@pytest.fixture(scope="module")
def spins():
    return sampling.sample(6, TC, 200_000, 1)


@pytest.mark.parametrize("name", RULES)
def test_the_mean_given_the_ring_is_that_of_all_states_inside(name):
    """Boltzmann weights of 6 × 6 tori with a fixed ring, for two rings; nothing is sampled."""
    inside = (np.arange(2**16)[:, None] >> np.arange(16) & 1).astype(np.int8).reshape(-1, 4, 4) * 2 - 1
    given = information.given_environment(information.block_means(RULES[name]))
    for window in sampling.sample(6, 3.0, 2, 2):
        states = np.broadcast_to(window, (2**16, 6, 6)).copy()
        states[:, 1:5, 1:5] = inside
        weights = np.exp(-energy(states) / TC)
        expected = weights @ information.in_the_middle(RULES[name], states) / weights.sum()
        there = information.environments(window[None], 1)[0]
        assert there.sum() == pytest.approx(1)
        number = information.numbers(window[None])[0]
        assert given.flat[number] == pytest.approx(expected, abs=1e-12)
        assert there.flat[number] >= 1 / 8


def test_the_torus_is_that_of_its_sampler(torus, spins):
    """The 20 most frequent environments with independent configurations: a χ² of 20 up to 52.4 but for 1e-4."""
    counts = np.bincount(information.numbers(spins), minlength=2**16)
    most = np.argsort(-torus.ravel())[:20]
    expected = len(spins) * torus.ravel()[most]
    assert (((counts[most] - expected) ** 2) / (expected * (1 - torus.ravel()[most]))).sum() < 52.4


@pytest.mark.parametrize("name", RULES)
def test_estimates_are_exact_and_bounds_are_below(name, torus, spins):
    """z-scores of false alarm 6e-5.  The bound, to ± 0.003 nats, is not above the exact value, and is near it."""
    rule = RULES[name]
    given = information.given_environment(information.block_means(rule))
    exactly = of_information.exactly(given, torus)
    estimate, error = stats.jackknife(
        information.information, information.moments(given, information.environments(spins))
    )
    assert abs(estimate - exactly) < 4 * error
    assert error < 0.01 * exactly
    bound, bound_error = information.lower_bound(rule, spins[:, None])
    assert bound_error < 0.004
    assert exactly - 4 * bound_error - 0.005 < bound < exactly + 4 * bound_error


@pytest.fixture(scope="module")
def strangers(spins):
    """The inside of one configuration in the ring of another."""
    mixed = spins.copy()
    mixed[:, 1:5, 1:5] = np.roll(spins, 1, axis=0)[:, 1:5, 1:5]
    return mixed[:, None]


def test_a_bound_from_the_blocks_of_others_is_not_positive(spins, strangers):
    """Negative control: they tell nothing, within four errors."""
    bound, error = information.lower_bound(rg.RULES["majority"], strangers)
    assert bound < 4 * error
    assert information.lower_bound(rg.RULES["majority"], spins[:, None])[0] > 0.3


def test_what_is_learned_by_heart_does_not_count(strangers):
    """20 weights for 240 blocks that tell nothing cost about 20/480 nats, and would gain as much on the same data."""
    parts = strangers[:6000].reshape(20, 300, 1, 6, 6)
    assert np.mean([information.lower_bound(rg.RULES["majority"], part)[0] for part in parts]) < 0


def test_mirror_images_and_both_signs_are_one_environment(spins):
    few = spins[:500]
    images = (few[:, ::-1], few[:, :, ::-1], -few)
    for image in images:
        assert np.array_equal(information.environments(image, 5), information.environments(few, 5))


def test_rules_that_read_the_environment_are_refused():
    with pytest.raises(ValueError, match="filter: reads spins of the environment"):
        information.block_means(filters.Filter(np.ones((6, 6))))


def test_windows_of_chains_come_together():
    spins = np.arange(6)[:, None, None] * np.ones((1, 64, 64), np.int8)
    found = information.windows([spins[:4], spins[4:]], chains=2)
    assert found.shape == (6, 4, 6, 6)
    assert found[:, 0, 0, 0].tolist() == [0, 2, 4, 1, 3, 5]
    place = np.arange(64 * 64).reshape(1, 64, 64)
    assert information.windows([place])[0, :, 0, 0].tolist() == [0, 32, 32 * 64, 32 * 65]


def test_the_best_rule_is_the_majority_of_three_spins(torus):
    """Nothing is sampled on the torus.  Coins for ties cost information, and the fourth spin is best not asked."""
    given = best_blocks.given_blocks(torus)
    best = best_blocks.best_rule(*given)
    sums = best_blocks.STATES.sum(axis=1, dtype=int)
    assert (best[sums != 0] == np.sign(sums[sums != 0])).all()
    triples = [np.sign(sums - best_blocks.STATES[:, k]) for k in range(4)]
    assert any((best == triple).all() for triple in triples)
    coins = best_blocks.of_means(np.sign(sums), *given)
    assert coins == pytest.approx(of_information.exactly(_given(np.sign(sums)), torus))
    assert 4e-4 < best_blocks.of_means(best, *given) - coins < 6e-4
    assert best_blocks.of_means(best_blocks.STATES[:, 0], *given) < coins - 0.05


def _given(function):
    return information.given_environment(best_blocks.means_of(function))


def test_the_best_filter_has_equal_weights(torus):
    weights = best_blocks.best_filter(*best_blocks.given_blocks(torus))
    np.testing.assert_allclose(weights, 1, atol=1e-2)
    assert filters.place(weights) < 5e-3


def test_blocks_are_numbered_by_their_spins():
    corner = information.block_means(rg.RULES["decimation"])
    np.testing.assert_array_equal(corner, best_blocks.means_of(BITS[:16, 0]))


def test_the_table_has_two_methods_for_each_rule(spins):
    file = xr.Dataset({"spin": (("sample", "y", "x"), spins[:6400])}, attrs={"L": 6, "chains": 1})
    named = [named_rules.of_rule(rg.RULES["majority"]), named_rules.of_dial(0.5)]
    found = information_table.table(file, named)
    assert found.source.tolist() == ["best rule", *["best filter"] * 2, *["majority"] * 2, *["dial 0.5"] * 2]
    assert found.method.tolist() == ["conditional", *["conditional", "logistic"] * 3]
    assert (found.n == 6400).all()
    exact = found[found.method == "conditional"].set_index("source")
    most = exact.information["best rule"]
    np.testing.assert_allclose(exact.less, most - exact.information, atol=1e-12)
    assert exact.less["dial 0.5"] > 10 * exact.less_error["dial 0.5"] > 0
    bounds = found[found.method == "logistic"]
    assert bounds.less.isna().all()
    assert bounds.information.iloc[1:].tolist() == [
        information.lower_bound(rule, file.spin.values[:, None])[0] for _, rule in named
    ]
