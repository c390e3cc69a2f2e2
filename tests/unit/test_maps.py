"""Visible–hidden maps against loops, on patterns made by hand, and the exact sum of four two-point functions."""

import numpy as np
import pytest

from rbmrg import correlators, exact, maps, rg, sampling
from rbmrg.stats import jackknife_error, leave_one_out

RNG = np.random.default_rng(1)
VISIBLE = RNG.choice(np.array([-1, 1], np.int8), (43, 4, 4))
HIDDEN = RNG.choice(np.array([-1, 1], np.int8), (43, 7))


def looped_blocks(visible, hidden, blocks):
    """⟨v_i h_a⟩ over consecutive parts, element by element."""
    size, L, units = len(visible) // blocks, visible.shape[-1], hidden.reshape(len(hidden), -1)
    found = np.zeros((blocks, units.shape[1], L, L))
    for b, a, y, x in np.ndindex(*found.shape):
        part = range(b * size, (b + 1) * size)
        found[b, a, y, x] = sum(float(visible[k, y, x]) * float(units[k, a]) for k in part) / size
    return found


@pytest.mark.parametrize("hidden", [HIDDEN, RNG.normal(size=(43, 2, 2)).astype(np.float32)])
@pytest.mark.parametrize("blocks", [2, 5, 43])
def test_block_means_of_the_products(hidden, blocks):
    found = maps.correlator_blocks(VISIBLE, hidden, blocks)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, looped_blocks(VISIBLE, hidden, blocks), atol=1e-6)  # products are in float32


@pytest.mark.parametrize(("hidden", "blocks"), [(HIDDEN, 44), (HIDDEN, 1), (HIDDEN[:-1], 20)])
def test_too_few_samples_and_layers_that_do_not_fit_are_refused(hidden, blocks):
    with pytest.raises(ValueError, match=f"{blocks} blocks of 43 visible and {len(hidden)} hidden samples"):
        maps.correlator_blocks(VISIBLE, hidden, blocks)


def test_the_dataset_of_a_machine():
    found, blocks = maps.correlator(VISIBLE, HIDDEN), looped_blocks(VISIBLE, HIDDEN, 20)
    assert found.correlator.dims == found.error.dims == ("unit", "y", "x")
    np.testing.assert_allclose(found.correlator, blocks.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(found.error, jackknife_error(leave_one_out(blocks)), atol=1e-6)
    assert set(found) == {"correlator", "error"}


def test_the_dataset_of_a_block_lattice_has_the_translation_average_too():
    hidden = rg.coarse_grain(VISIBLE, "majority", rng=1)
    found = maps.correlator(VISIBLE, hidden)
    assert found.aligned.dims == ("block", "dy", "dx")
    np.testing.assert_allclose(found.aligned.mean("block"), maps.aligned(found.correlator.values), atol=1e-12)


@pytest.mark.parametrize(("L", "factor"), [(8, 2), (12, 4), (6, 3)])
def test_aligned_maps_have_their_own_block_at_the_origin(L, factor):
    pattern = RNG.normal(size=(L, L))
    places = [(factor * y, factor * x) for y in range(L // factor) for x in range(L // factor)]
    shifted = np.array([np.roll(pattern, place, axis=(0, 1)) for place in places])
    np.testing.assert_allclose(maps.aligned(shifted), pattern, atol=1e-12)
    assert np.abs(maps.aligned(shifted[::-1]) - pattern).max() > 0.1  # negative control: another order of the blocks


# --- the map of a block average, from the two-point function ----------------------------------------------------------


def translated(spins, factor):
    """All translations of `spins` within a block, so that sums over blocks are sums over sites."""
    return np.concatenate([np.roll(spins, shift, axis=(1, 2)) for shift in np.ndindex(factor, factor)])


@pytest.mark.parametrize("layers", [1, 2])
def test_the_map_of_block_averages_is_the_mean_of_two_point_functions_of_the_same_samples(layers):
    """An identity, once every site has been the corner of a block; of 4 functions, and of 16 after two averages."""
    factor, two_point = 2**layers, maps.from_two_point
    spins = translated(sampling.sample(8, exact.TC, 100, rng=2), factor)
    G, found = correlators.two_point(spins).mean(axis=0), {}
    for rule in ("average", "majority"):
        blocks = spins
        for _ in range(layers):
            blocks = rg.coarse_grain(blocks, rule, rng=1)
        found[rule] = maps.aligned(maps.correlator_blocks(spins, blocks, 2).mean(axis=0))
    np.testing.assert_allclose(found["average"], two_point(G, factor), atol=1e-6)
    assert np.abs(found["majority"] - two_point(G, factor)).max() > 0.02  # negative control


def test_the_map_by_hand():
    """Of a G that is the index of the displacement, at the own block and elsewhere."""
    G = np.arange(16.0).reshape(4, 4)
    found = maps.from_two_point(G, 2)
    assert found[0, 0] == (G[0, 0] + G[-1, 0] + G[0, -1] + G[-1, -1]) / 4
    assert found[2, 1] == (G[2, 1] + G[1, 1] + G[2, 0] + G[1, 0]) / 4


# --- numbers read from maps -------------------------------------------------------------------------------------------


def test_own_block_and_farthest_site_with_errors():
    """One block mean of ten is larger by 1 everywhere: means move by 0.1, and the standard error is 0.1, too."""
    blocks = np.zeros((10, 8, 8))
    blocks[:, :2, :2] = [[0.5, 0.7], [0.9, 1.1]]
    blocks[:, 4, 4] = 0.3  # displacement (3.5, 3.5) from the middle of the block: nothing is farther
    blocks[0] += 1
    (peak, peak_error), (far, far_error) = maps.own_and_far(blocks, 2)
    assert (peak, peak_error) == pytest.approx((0.9, 0.1))
    assert (far, far_error) == pytest.approx((0.4, 0.1))


@pytest.mark.parametrize(("L", "factor"), [(8, 2), (8, 4), (12, 2), (32, 2)])
def test_the_farthest_site_is_farthest_from_the_middle_of_the_block(L, factor):
    axis = np.abs(np.arange(L) - (factor - 1) / 2)
    axis = np.minimum(axis, L - axis)
    r = np.hypot(axis[:, None], axis)
    assert maps.own_and_far(np.stack([r, r]), factor)[1][0] == r.max()


def test_peak_and_far_of_maps_made_by_hand():
    made = np.zeros((3, 4, 4))
    made[0, 1, 2], made[0, 3, 0] = 0.8, 0.4
    made[1, 3, 3], made[1, 1, 1] = -0.7, -0.3  # a negative unit: the same map but for the gauge
    made[2, 0, 0], made[2, 2, 2] = -0.6, 0.2
    peak, far = maps.peak_and_far(made)
    np.testing.assert_allclose(peak, [0.8, 0.7, 0.6])
    np.testing.assert_allclose(far, [0.4, 0.3, -0.2])


@pytest.mark.parametrize("L", [5, 8])
def test_peak_and_far_go_round_the_torus(L):
    distance = correlators.distances(L)
    moved = np.array([np.roll(1 / (1 + distance), place, axis=(0, 1)) for place in np.ndindex(L, L)])
    peak, far = maps.peak_and_far(moved)
    np.testing.assert_allclose(peak, 1)
    np.testing.assert_allclose(far, 1 / (1 + distance.max()))
    turned = maps.peak_and_far(-moved)
    np.testing.assert_allclose(turned, (peak, far))
