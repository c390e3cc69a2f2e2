"""Every rule of the registry passes the same tests; what a rule should do is written here, independently of it.

A rule of `rg.RULES` without a line in `ORACLES` is asked for its own ⟨h|v⟩, with which everything else must agree; its
blocks may have 2, 3 or 4 sites a side.
Seeds are fixed; |z| < 4: false alarm 6e-5.
"""

from functools import cache

import numpy as np
import pytest

from rbmrg import exact, rg, sampling
from rbmrg.lattice import energy
from rbmrg.layers import maps

EVERY_RULE = pytest.mark.parametrize("rule", rg.RULES)
RANDOM = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (40, 12, 12))
SCALE = 2 ** (1 / 8)


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
    "decimation": (
        lambda spins: spins.reshape(len(spins), -1)[:, first_sites(spins.shape[-1])].astype(float),
        lambda spins: np.ones_like(looped_block_means(spins)), np.int8, [-1, 1],
    ),
    "rescaled": (
        lambda spins: SCALE * looped_block_means(spins), lambda spins: (SCALE * looped_block_means(spins)) ** 2,
        np.float32, [SCALE * value for value in (-1, -0.5, 0, 0.5, 1)],
    ),
}  # fmt: skip


def first_sites(L):
    """The number of the first site of each 2 × 2 block, by a loop."""
    return np.array([[y * L + x for x in range(0, L, 2)] for y in range(0, L, 2)])


def oracle(rule):
    """The line of `ORACLES`; a rule without one has its own means and values, and coins if its blocks are integers."""
    if rule in ORACLES:
        return ORACLES[rule]

    def mean(spins):
        return rg.coarse_grain(spins, rule, rng=None).astype(float)

    blocks = rg.coarse_grain(RANDOM, rule, rng=1)
    coins = np.issubdtype(blocks.dtype, np.integer)
    values = [-1, 1] if coins else np.unique(blocks).tolist()
    return mean, lambda spins: np.ones_like(mean(spins)) if coins else mean(spins) ** 2, blocks.dtype, values


def side(rule, L):
    return L // rg.RULES[rule].FACTOR


@cache
def samples(L, T, n, rng):
    """Drawn once for all rules."""
    spins = sampling.sample(L, T, n, rng)
    spins.flags.writeable = False
    return spins


@EVERY_RULE
def test_shape_type_and_values(rule):
    dtype, values = oracle(rule)[2:]
    blocks = rg.coarse_grain(RANDOM, rule, rng=1)
    assert blocks.shape == (40, side(rule, 12), side(rule, 12))
    assert blocks.dtype == dtype
    np.testing.assert_allclose(np.unique(blocks), values, rtol=1e-7)


@EVERY_RULE
def test_zero_temperature_stays_ordered(rule):
    for sign in (1, -1):
        ordered = np.full((5, 12, 12), sign, np.int8)
        blocks = rg.coarse_grain(ordered, rule, rng=2)
        np.testing.assert_allclose(blocks, oracle(rule)[0](ordered), rtol=1e-7)
        assert np.all(blocks == blocks.flat[0])
        assert np.all(sign * blocks > 0)


def square_magnetisation_scores(blocks):
    """⟨(Σh)² − Σh²⟩, the sum of all correlations of different blocks, and that of neighbours alone, in σ."""
    h = blocks.astype(float)
    pairs = h.sum(axis=(1, 2)) ** 2 - (h**2).sum(axis=(1, 2))
    neighbours = (h * np.roll(h, -1, axis=1)).sum(axis=(1, 2)) + (h * np.roll(h, -1, axis=2)).sum(axis=(1, 2))
    return np.array([x.mean() / x.std() * np.sqrt(len(x)) for x in (pairs, neighbours)])


@EVERY_RULE
def test_infinite_temperature_stays_disordered(rule):
    above_Tc = 10.0 if rg.RULES[rule].FACTOR == 2 else 4.0
    hot, warm = (rg.coarse_grain(samples(12, T, 20_000, 3), rule, rng=4) for T in (np.inf, above_Tc))
    assert np.abs(square_magnetisation_scores(hot)).max() < 4
    assert np.abs(square_magnetisation_scores(warm)).max() > 6  # negative control: spins with some correlation
    mean = hot.mean(axis=0, dtype=float) / hot.std() * np.sqrt(len(hot))
    assert np.abs(mean).max() < 4.5  # up to 36 blocks: 2e-4


@EVERY_RULE
def test_flipping_all_spins_flips_the_distribution_of_blocks(rule):
    """For all 16 states of a block (or some of a larger one): how often h comes out, against −h if it is flipped."""
    n = 4000
    b = rg.RULES[rule].FACTOR
    states = np.repeat(exact.enumerate_states(2) if b == 2 else RANDOM[:16, :b, :b], n, axis=0)
    h = rg.coarse_grain(states, rule, rng=5).reshape(16, n).astype(float)
    flipped = -rg.coarse_grain(-states, rule, rng=6).reshape(16, n).astype(float)
    for value in np.unique([h, flipped]):
        a = (h == value).sum(axis=1)
        b = (flipped == value).sum(axis=1)
        pooled = (a + b) / (2 * n)
        scale = np.sqrt(2 * n * pooled * (1 - pooled))
        assert np.all(np.abs(a - b) <= 4.5 * scale)  # up to 16 coins a value: 1e-4


@EVERY_RULE
def test_each_block_follows_from_its_own_spins(rule):
    """Mean of h over 4000 draws of the same spins, for each block, against ⟨h|spins⟩, by hand and with rng = None."""
    mean, square = (expected(RANDOM[:3]) for expected in oracle(rule)[:2])
    draws = rg.coarse_grain(np.tile(RANDOM[:3], (4000, 1, 1)), rule, rng=7).reshape(4000, *mean.shape)
    bound = 4.5 * np.sqrt(np.maximum(square - mean**2, 0) / 4000) + 1e-6  # rounding
    found = draws.mean(axis=0, dtype=float)
    assert np.all(np.abs(found - mean) <= bound)  # up to 108 coins: 7e-4
    assert np.all(np.abs(found - rg.coarse_grain(RANDOM[:3], rule, rng=None)) <= bound)
    # Negative controls: blocks one place further, and one draw taken for the mean, if there are coins.
    assert np.any(np.abs(found - np.roll(rg.coarse_grain(RANDOM[:3], rule, rng=None), 1, axis=1)) > bound)
    assert np.any(np.abs(found - draws[0]) > bound) == np.any(square - mean**2 > 1e-6)


@EVERY_RULE
def test_means_are_those_by_hand_and_no_chance_is_in_them(rule):
    means = rg.coarse_grain(RANDOM, rule, rng=None)
    np.testing.assert_allclose(means, oracle(rule)[0](RANDOM), rtol=1e-7)
    assert means.shape == (40, side(rule, 12), side(rule, 12))
    assert means.tobytes() == rg.coarse_grain(RANDOM, rule, rng=None).tobytes()


@EVERY_RULE
def test_different_blocks_are_decided_independently(rule):
    """Correlations of the noise h − ⟨h|spins⟩ of all pairs of blocks of one configuration, in σ."""
    spins = RANDOM[:1]
    draws = rg.coarse_grain(np.tile(spins, (4000, 1, 1)), rule, rng=8).reshape(4000, -1)
    noise = draws - oracle(rule)[0](spins).reshape(1, -1)
    correlations = noise.T @ noise / np.sqrt(4000)
    assert np.abs(correlations[np.triu_indices(len(correlations), 1)]).max() < 5  # 630 pairs: 4e-4


@EVERY_RULE
def test_the_same_seed_gives_the_same_bytes(rule):
    first = rg.coarse_grain(RANDOM, rule, rng=9)
    assert first.tobytes() == rg.coarse_grain(RANDOM.copy(), rule, np.random.default_rng(9)).tobytes()
    mean, square = (expected(RANDOM) for expected in oracle(rule)[:2])
    random = np.any(square - mean**2 > 1e-6)
    assert np.any(first != rg.coarse_grain(RANDOM, rule, rng=10)) == random


@EVERY_RULE
def test_spins_are_left_as_they_were(rule):
    spins = RANDOM.copy()
    rg.coarse_grain(spins, rule, rng=1)
    np.testing.assert_array_equal(spins, RANDOM)


# --- ⟨v h⟩ on the enumerated 4 × 4 lattice ----------------------------------------------------------------------------


def smallest(rule):
    """The lattice to enumerate: 4 × 4, or 3 × 3 for blocks of three."""
    return 3 if rg.RULES[rule].FACTOR == 3 else 4


def boltzmann(T, L=4):
    """All states of the L × L lattice and their probabilities."""
    states = exact.enumerate_states(L)
    return states, np.exp(exact.log_probability(energy(states), L, T))


def weighted_map(states, weights, blocks):
    """⟨v h_a⟩ [unit, y, x] under `weights` [n]."""
    h = blocks.reshape(len(blocks), -1) * weights[:, None]
    return (h.T @ states.reshape(len(states), -1)).reshape(-1, *states.shape[1:])


@EVERY_RULE
@pytest.mark.parametrize("T", [1.5, exact.TC, 4.0])
def test_the_map_of_a_rule_on_all_states(rule, T):
    """Only the coins are left to chance: Σ_s p_s² (⟨h²⟩ − ⟨h⟩²) is the variance of every element."""
    states, p = boltzmann(T, smallest(rule))
    mean, square = (expected(states) for expected in oracle(rule)[:2])
    found = weighted_map(states, p, rg.coarse_grain(states, rule, rng=11))
    sigma = np.sqrt(np.tensordot(p**2, np.maximum(square - mean**2, 0), 1)).reshape(-1, 1, 1)
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
    states, p = boltzmann(exact.TC, smallest(rule))
    truth = p @ (states[:, 0, 0] * oracle(rule)[0](states)[:, 0, 0])
    spins = samples(smallest(rule), exact.TC, 200_000, 12)
    products = spins[:, 0, 0] * rg.coarse_grain(spins, rule, rng=13)[:, 0, 0].astype(float)
    error = products.std() / np.sqrt(len(products))
    assert abs(products.mean() - truth) < 4 * error + 1e-6
    if rule in ORACLES:  # negative control: another rule's number
        other = {"average": "majority"}.get(rule, "average")
        assert abs(products.mean() - p @ (states[:, 0, 0] * oracle(other)[0](states)[:, 0, 0])) > 20 * error


# --- the door ---------------------------------------------------------------------------------------------------------


def test_every_rule_has_a_name_and_a_factor():
    for name, rule in rg.RULES.items():
        assert name == rule.NAME
        assert rule.FACTOR >= 2


def test_an_unknown_rule_is_named_with_the_alternatives():
    with pytest.raises(ValueError, match=f"rule = 'majorty': must be one of {', '.join(rg.RULES)}"):
        rg.coarse_grain(RANDOM, "majorty", rng=1)


@EVERY_RULE
def test_a_lattice_that_blocks_do_not_tile_is_refused(rule):
    with pytest.raises(ValueError, match=r"do not tile a lattice of 5 × 5"):
        rg.coarse_grain(np.ones((3, 5, 5), np.int8), rule, rng=1)


# --- real-valued spins ------------------------------------------------------------------------------------------------


@EVERY_RULE
@pytest.mark.parametrize("rng", [1, None])
def test_means_of_a_layer_below_are_coarse_grained_too(rule, rng):
    means = np.random.default_rng(2).uniform(-1, 1, (5, 12, 12)).astype(np.float32)
    blocks = rg.coarse_grain(means, rule, rng)
    assert blocks.shape == (5, side(rule, 12), side(rule, 12))
    if rng is None or rule in ORACLES:  # no block is a tie
        np.testing.assert_allclose(blocks, oracle(rule)[0](means), rtol=1e-5, atol=1e-6)
