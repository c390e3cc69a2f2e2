"""Every rule of the registry is asked the same; what a rule is to do is written here, independently of it.

A rule that is added to `rg.RULES` without an entry in `ORACLES` fails.  Seeds are fixed; |z| < 4: false alarm 6e-5.
"""

import numpy as np
import pytest

from rbmrg import exact, maps, rg, sampling
from rbmrg.lattice import energy

EVERY_RULE = pytest.mark.parametrize("rule", rg.RULES)
RANDOM = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (40, 12, 12))


def looped_block_means(spins):
    """Means of 2 × 2 blocks, by a loop."""
    L = spins.shape[-1]
    blocks = [[spins[:, y : y + 2, x : x + 2].mean(axis=(1, 2)) for x in range(0, L, 2)] for y in range(0, L, 2)]
    return np.moveaxis(np.array(blocks), 2, 0)


# rule: (⟨h|spins⟩ [n, l, l], ⟨h²|spins⟩, dtype, values it may have on ±1)
ORACLES = {
    "average": (
        looped_block_means, lambda spins: looped_block_means(spins) ** 2, np.float32, [-1, -0.5, 0, 0.5, 1],
    ),
    "majority": (
        lambda spins: np.sign(looped_block_means(spins)), lambda spins: np.ones_like(looped_block_means(spins)),
        np.int8, [-1, 1],
    ),
}  # fmt: skip


def side(rule, L):
    return L // rg.RULES[rule].FACTOR


@EVERY_RULE
def test_shape_type_and_values(rule):
    dtype, values = ORACLES[rule][2:]
    blocks = rg.coarse_grain(RANDOM, rule, rng=1)
    assert blocks.shape == (40, side(rule, 12), side(rule, 12))
    assert blocks.dtype == dtype
    assert np.unique(blocks).tolist() == values


@EVERY_RULE
def test_zero_temperature_stays_ordered(rule):
    for sign in (1, -1):
        blocks = rg.coarse_grain(np.full((5, 8, 8), sign, np.int8), rule, rng=2)
        np.testing.assert_array_equal(blocks, np.full_like(blocks, sign))


def square_magnetisation_scores(blocks):
    """⟨(Σh)² − Σh²⟩, the sum of all correlations of different blocks, and that of neighbours alone, in σ."""
    h = blocks.astype(float)
    pairs = h.sum(axis=(1, 2)) ** 2 - (h**2).sum(axis=(1, 2))
    neighbours = (h * np.roll(h, -1, axis=1)).sum(axis=(1, 2)) + (h * np.roll(h, -1, axis=2)).sum(axis=(1, 2))
    return np.array([x.mean() / x.std() * np.sqrt(len(x)) for x in (pairs, neighbours)])


@EVERY_RULE
def test_infinite_temperature_stays_disordered(rule):
    hot, warm = (rg.coarse_grain(sampling.sample(12, T, 20_000, rng=3), rule, rng=4) for T in (np.inf, 20.0))
    assert np.abs(square_magnetisation_scores(hot)).max() < 4
    assert np.abs(square_magnetisation_scores(warm)).max() > 6  # negative control: correlations of a twentieth
    mean = hot.mean(axis=0, dtype=float) / hot.std() * np.sqrt(len(hot))
    assert np.abs(mean).max() < 4.5  # up to 36 blocks: 2e-4


@EVERY_RULE
def test_flipping_all_spins_flips_the_distribution_of_blocks(rule):
    """For every state of a block: how often each value h comes out, against −h from the flipped state."""
    n = 4000
    states = np.repeat(exact.enumerate_states(2), n, axis=0)
    h = rg.coarse_grain(states, rule, rng=5).reshape(16, n).astype(float)
    flipped = -rg.coarse_grain(-states, rule, rng=6).reshape(16, n).astype(float)
    for value in ORACLES[rule][3]:
        a, b = (h == value).sum(axis=1), (flipped == value).sum(axis=1)
        pooled = (a + b) / (2 * n)
        scale = np.sqrt(2 * n * pooled * (1 - pooled))
        assert np.all(np.abs(a - b) <= 4.5 * scale)  # up to 16 coins a value: 1e-4


@EVERY_RULE
def test_each_block_follows_from_its_own_spins(rule):
    """Mean of h over 4000 draws of the same spins, for each block, against ⟨h|spins⟩."""
    mean, square = (oracle(RANDOM[:3]) for oracle in ORACLES[rule][:2])
    draws = rg.coarse_grain(np.tile(RANDOM[:3], (4000, 1, 1)), rule, rng=7).reshape(4000, *mean.shape)
    scale = np.sqrt(np.maximum(square - mean**2, 0) / 4000)
    assert np.all(np.abs(draws.mean(axis=0, dtype=float) - mean) <= 4.5 * scale)  # up to 108 coins: 7e-4


@EVERY_RULE
def test_different_blocks_are_decided_independently(rule):
    """Correlations of the noise h − ⟨h|spins⟩ of all pairs of blocks of one configuration, in σ."""
    spins = RANDOM[:1]
    draws = rg.coarse_grain(np.tile(spins, (4000, 1, 1)), rule, rng=8).reshape(4000, -1)
    noise = draws - ORACLES[rule][0](spins).reshape(1, -1)
    correlations = noise.T @ noise / np.sqrt(4000)
    assert np.abs(correlations[np.triu_indices(len(correlations), 1)]).max() < 5  # 630 pairs: 4e-4


@EVERY_RULE
def test_the_same_seed_gives_the_same_bytes(rule):
    first = rg.coarse_grain(RANDOM, rule, rng=9)
    assert first.tobytes() == rg.coarse_grain(RANDOM.copy(), rule, np.random.default_rng(9)).tobytes()
    random = np.any(ORACLES[rule][1](RANDOM) != ORACLES[rule][0](RANDOM) ** 2)
    assert np.any(first != rg.coarse_grain(RANDOM, rule, rng=10)) == random


@EVERY_RULE
def test_spins_are_left_as_they_were(rule):
    spins = RANDOM.copy()
    rg.coarse_grain(spins, rule, rng=1)
    np.testing.assert_array_equal(spins, RANDOM)


# --- ⟨v h⟩ on the enumerated 4 × 4 lattice ----------------------------------------------------------------------------


def boltzmann(T):
    """All states of the 4 × 4 lattice and their probabilities."""
    states = exact.enumerate_states(4)
    return states, np.exp(exact.log_probability(energy(states), 4, T))


def weighted_map(states, weights, blocks):
    """⟨v h_a⟩ [unit, y, x] under `weights` [n]."""
    h = blocks.reshape(len(blocks), -1) * weights[:, None]
    return (h.T @ states.reshape(len(states), -1)).reshape(-1, 4, 4)


@EVERY_RULE
@pytest.mark.parametrize("T", [1.5, exact.TC, 4.0])
def test_the_map_of_a_rule_on_all_states(rule, T):
    """Only the coins are left to chance: Σ_s p_s² (⟨h²⟩ − ⟨h⟩²) is the variance of every element."""
    states, p = boltzmann(T)
    mean, square = (oracle(states) for oracle in ORACLES[rule][:2])
    found = weighted_map(states, p, rg.coarse_grain(states, rule, rng=11))
    sigma = np.sqrt(np.tensordot(p**2, square - mean**2, 1)).reshape(-1, 1, 1)
    assert np.all(np.abs(found - weighted_map(states, p, mean)) < 4.5 * sigma + 1e-6)  # 64 elements: 4e-4


@pytest.mark.parametrize("T", [1.5, exact.TC, 4.0])
def test_the_map_of_the_average_is_the_mean_of_four_two_point_functions(T):
    states, p = boltzmann(T)
    two_point = weighted_map(states, p, states[:, :1, :1])[0]  # ⟨v(y, x) v(0, 0)⟩
    found = weighted_map(states, p, rg.coarse_grain(states, "average", rng=1))
    by_hand = [
        np.mean([two_point[(y - b) % 4, (x - c) % 4] for b in (0, 1) for c in (0, 1)])
        for y, x in np.ndindex(4, 4)
    ]  # fmt: skip
    np.testing.assert_allclose(found[0].ravel(), by_hand, atol=1e-7)
    np.testing.assert_allclose(maps.aligned(found), np.reshape(by_hand, (4, 4)), atol=1e-7)
    np.testing.assert_allclose(maps.from_two_point(two_point, 2), np.reshape(by_hand, (4, 4)), atol=1e-12)


@EVERY_RULE
def test_the_peak_of_a_rule_at_Tc_on_perfect_samples(rule):
    """⟨v h⟩ of the first site with its own block, a number for each rule: enumeration against 200 000 samples."""
    states, p = boltzmann(exact.TC)
    truth = p @ (states[:, 0, 0] * ORACLES[rule][0](states)[:, 0, 0])
    spins = sampling.sample(4, exact.TC, 200_000, rng=12)
    products = spins[:, 0, 0] * rg.coarse_grain(spins, rule, rng=13)[:, 0, 0].astype(float)
    error = products.std() / np.sqrt(len(products))
    assert abs(products.mean() - truth) < 4 * error
    other = {"average": "majority"}.get(rule, "average")  # negative control
    assert abs(products.mean() - p @ (states[:, 0, 0] * ORACLES[other][0](states)[:, 0, 0])) > 20 * error


# --- the door ---------------------------------------------------------------------------------------------------------


def test_every_rule_has_a_name_and_a_factor():
    for name, rule in rg.RULES.items():
        assert name == rule.NAME
        assert rule.FACTOR >= 2


def test_an_unknown_rule_is_named_with_the_alternatives():
    with pytest.raises(ValueError, match="rule = 'majorty': must be one of average, majority"):
        rg.coarse_grain(RANDOM, "majorty", rng=1)


@EVERY_RULE
def test_a_lattice_that_blocks_do_not_tile_is_refused(rule):
    with pytest.raises(ValueError, match=r"do not tile a lattice of 5 × 5"):
        rg.coarse_grain(np.ones((3, 5, 5), np.int8), rule, rng=1)


def test_the_average_of_averages_is_the_average_of_all_spins_below():
    twice = rg.coarse_grain(rg.coarse_grain(RANDOM, "average", rng=1), "average", rng=1)
    np.testing.assert_array_equal(twice, RANDOM.reshape(40, 3, 4, 3, 4).mean(axis=(2, 4)))
    assert twice.dtype == np.float32
