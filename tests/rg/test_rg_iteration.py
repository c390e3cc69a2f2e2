"""Rules on top of each other: ties of real-valued blocks, one stream for all steps, and what iteration keeps.

Seeds are fixed; |z| < 4: false alarm 6e-5.
"""

import numpy as np
import pytest

from rbmrg import exact, rg, sampling
from rbmrg.lattice import block_sums, magnetisation

RANDOM = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (40, 12, 12))
SCALE = 2 ** (1 / 8)


def test_the_average_of_averages_is_the_average_of_all_spins_below():
    twice = rg.coarse_grain(rg.coarse_grain(RANDOM, "average", rng=1), "average", rng=1)
    np.testing.assert_array_equal(twice, RANDOM.reshape(40, 3, 4, 3, 4).mean(axis=(2, 4)))
    assert twice.dtype == np.float32


@pytest.mark.parametrize("below", ["average", "rescaled"])
def test_ties_of_averages_are_ties_in_spite_of_rounding(below):
    """2^{1/8}·(1/2 + 1/8 − 5/8 + 0) need not be 0 in float32."""
    _, averages = rg.iterate(np.random.default_rng(3).choice([-1.0, 1.0], (1000, 24, 24)), ["average"] * 2, rng=1)
    ties = averages.reshape(1000, 3, 2, 3, 2).sum(axis=(2, 4)) == 0  # exact: quarters of quarters
    spins = averages * np.float32(SCALE if below == "rescaled" else 1)
    assert np.any(block_sums(spins, 2)[ties]) == (below == "rescaled")
    np.testing.assert_array_equal(rg.coarse_grain(spins, "majority", rng=None) == 0, ties)
    coins = rg.coarse_grain(spins, "majority", rng=4)[ties]
    assert len(coins) > 500
    assert abs(coins.sum()) < 4 * np.sqrt(len(coins))


def test_iterated_rules_are_steps_with_one_stream():
    layers = list(rg.iterate(RANDOM[:, :8, :8], ["majority", "average", "majority"], rng=5))
    rng = np.random.default_rng(5)
    spins = RANDOM[:, :8, :8]
    for layer, rule in zip(layers, ["majority", "average", "majority"], strict=True):
        spins = rg.coarse_grain(spins, rule, rng)
        assert layer.tobytes() == spins.tobytes()
    assert [layer.shape[-1] for layer in layers] == [4, 2, 1]
    assert list(rg.iterate(RANDOM, [], rng=5)) == []
    means = list(rg.iterate(RANDOM, ["average", "majority"], rng=None))
    np.testing.assert_array_equal(means[1], rg.coarse_grain(means[0], "majority", None))
    with pytest.raises(ValueError, match="rule = 'majorty'"):
        list(rg.iterate(RANDOM, ["average", "majorty"], rng=1))


def test_all_decimations_of_a_lattice_keep_its_first_spins():
    twice = list(rg.iterate(RANDOM, ["decimation", "decimation"], rng=None))[1]
    np.testing.assert_array_equal(twice, RANDOM[:, ::4, ::4])
    assert twice.dtype == np.int8


def test_anything_that_applies_itself_is_a_rule():
    class Last:
        def apply(self, spins, rng):
            return spins[:, 1::2, 1::2]

    np.testing.assert_array_equal(rg.coarse_grain(RANDOM, Last(), rng=1), RANDOM[:, 1::2, 1::2])


def mean_absolute_magnetisations(rule):
    """⟨|m|⟩ at Tc and its error, of 4 × 4 and 8 × 8 spins, and of the 4 × 4 blocks of the latter."""
    small, large = (sampling.sample(L, exact.TC, 20_000, rng=L) for L in (4, 8))
    absolute = [np.abs(magnetisation(s)) for s in (small, large, rg.coarse_grain(large, rule, rng=1))]
    return [(m.mean(), m.std() / np.sqrt(len(m))) for m in absolute]


def test_rescaled_blocks_at_Tc_have_the_magnetisation_of_spins_but_averages_do_not():
    """Corrections to L^{−1/8} are below one percent already here; the average is too small by eight."""
    (small, error), _, (blocks, block_error) = mean_absolute_magnetisations("rescaled")
    assert abs(blocks / small - 1) < 0.01 + 4 * np.hypot(error, block_error) / small
    (small, _), (large, _), (blocks, _) = mean_absolute_magnetisations("average")
    assert blocks == pytest.approx(large, abs=1e-6)
    assert blocks / small < 0.94


def test_iterated_rescaling_grows_at_zero_temperature_and_disorder_has_mean_zero():
    ordered = list(rg.iterate(np.ones((3, 8, 8), np.int8), ["rescaled"] * 3, rng=None))
    for k, blocks in enumerate(ordered, start=1):
        np.testing.assert_allclose(blocks, SCALE**k, rtol=1e-6)
    for blocks in rg.iterate(sampling.sample(8, np.inf, 20_000, rng=6), ["rescaled"] * 3, rng=None):
        means = blocks.mean(axis=(1, 2), dtype=float)
        assert abs(means.mean()) < 4 * means.std() / np.sqrt(len(means))
        assert abs(means.mean() + 0.01) > 4 * means.std() / np.sqrt(len(means))  # negative control
