"""Visible–hidden maps against loops, on patterns made by hand, and the exact sum of four two-point functions."""

import numpy as np
import pytest
import xarray as xr

from rbmrg import correlators, exact, rg, sampling
from rbmrg.lattice import energy
from rbmrg.layers import maps
from rbmrg.stats import jackknife_error, leave_one_out

RNG = np.random.default_rng(1)
VISIBLE = RNG.choice(np.array([-1, 1], np.int8), (43, 4, 4))
HIDDEN = RNG.choice(np.array([-1, 1], np.int8), (43, 7))


def looped_blocks(visible, hidden, blocks):
    """⟨v_i h_a⟩ over consecutive parts, element by element."""
    size = len(visible) // blocks
    L = visible.shape[-1]
    units = hidden.reshape(len(hidden), -1)
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


def test_means_and_errors_of_the_products():
    (value, error) = maps.correlator(VISIBLE, HIDDEN)
    blocks = looped_blocks(VISIBLE, HIDDEN, 20)
    np.testing.assert_allclose(value, blocks.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(error, jackknife_error(leave_one_out(blocks)), atol=1e-6)


# --- a layer ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def majority():
    """Spins at T = 2.6, and two layers of the majority rule above them: (lattices, means)."""
    spins = sampling.sample(8, 2.6, 4000, rng=3)
    return [[spins, *rg.iterate(spins, ["majority"] * 2, rng)] for rng in (1, None)]


def test_the_dataset_of_a_layer_of_blocks(majority):
    (spins, *sampled), (_, *means) = majority
    [(found, of_maps, (fields, replicas))] = maps.layers(spins, [(sampled[0], means[0])], blocks=True)
    assert found.correlator.dims == found.correlator_error.dims == ("unit", "y", "x")
    value, error = maps.correlator(spins, means[0])
    np.testing.assert_array_equal(found.correlator, value)
    np.testing.assert_array_equal(found.correlator_error, error)
    np.testing.assert_allclose(found.aligned.mean("block"), maps.aligned(found.correlator.values), atol=1e-12)
    np.testing.assert_array_equal(found.field, fields.mean(axis=0))
    np.testing.assert_allclose(found.field_error, maps.jackknife_of_parts(replicas) / 4)
    for mine, expected in zip(of_maps, maps.in_parts(maps.correlator_blocks(spins, means[0])), strict=True):
        np.testing.assert_array_equal(mine, expected)
    assert "below" not in found
    assert all({"long_name", "units"} <= set(variable.attrs) for variable in found.data_vars.values())


def test_layers_are_measured_together_and_a_higher_one_has_the_correlator_with_the_layer_below(majority):
    (spins, *sampled), (_, *means) = majority
    (lower, *_), (found, of_maps, (fields, replicas)) = maps.layers(spins, list(zip(sampled, means, strict=True)))
    assert found.below.dims == ("unit", "unit_below")
    assert "below" not in lower
    assert "aligned" not in found
    [(alone, *_)] = maps.layers(spins, [(sampled[0], means[0])])
    xr.testing.assert_allclose(lower, alone, rtol=1e-10, atol=1e-12)
    expected, without = maps.receptive_fields(spins, maps.correlator_blocks(spins, means[1]))
    np.testing.assert_allclose(fields, expected, atol=1e-11)
    np.testing.assert_allclose(replicas, without, atol=1e-11)
    for mine, its in zip(of_maps, maps.in_parts(maps.correlator_blocks(spins, means[1])), strict=True):
        np.testing.assert_array_equal(mine, its)
    products = np.einsum("nb,na->ab", sampled[0].reshape(4000, -1), means[1].reshape(4000, -1).astype(float)) / 4000
    np.testing.assert_allclose(found.below, products, atol=1e-6)


def test_sampled_units_and_their_means_have_the_same_map(majority):
    """⟨v h⟩ = ⟨v ⟨h|v⟩⟩ in the first layer: 1024 z of nearly independent noise; false alarm below 1e-3."""
    (spins, *sampled), (_, *means) = majority
    noise = sampled[0].reshape(4000, -1) - means[0].reshape(4000, -1).astype(float)
    (difference, _) = maps.correlator(spins, noise)
    sigma = np.sqrt((noise**2).mean(axis=0) / 4000)
    assert np.abs(difference / sigma[:, None, None]).max() < 5
    (other, _) = maps.correlator(spins, noise + 0.1 * spins[:, 0, 0, None])  # negative control: biased coins
    assert np.abs(other / sigma[:, None, None]).max() > 8


# --- receptive fields -------------------------------------------------------------------------------------------------


def fields_of(spins, hidden, **options):
    """(means over parts, errors) of receptive fields, each [units, L, L]."""
    parts, replicas = maps.receptive_fields(spins, maps.correlator_blocks(spins, hidden), **options)
    return parts.mean(axis=0), maps.jackknife_of_parts(replicas) / len(parts)


@pytest.mark.parametrize("T", [2.2, exact.TC, 4.0])
@pytest.mark.parametrize("rule", ["average", "rescaled", "decimation"])
def test_the_field_of_a_linear_rule_is_its_weights(T, rule):
    """Whatever the correlations: but for the ridge, which takes up to ridge / (smallest eigenvalue of C) of it."""
    spins = sampling.sample(8, T, 4000, rng=4)
    blocks = rg.coarse_grain(spins, rule, rng=None)
    fields, _ = fields_of(spins, blocks)
    weights = rg.coarse_grain(np.eye(64).reshape(64, 8, 8), rule, rng=None).reshape(64, -1).T.reshape(-1, 8, 8)
    C = np.einsum("ni,nj->ij", spins.reshape(4000, -1), spins.reshape(4000, -1).astype(float)) / 4000
    taken = maps.RIDGE / np.linalg.eigvalsh(C)[0]
    assert np.abs(fields - weights).max() < taken * np.linalg.norm(weights[0]) < 0.02
    exactly, _ = fields_of(spins, blocks, ridge=0.0)
    np.testing.assert_allclose(exactly, weights, atol=1e-5)
    plain, _ = maps.correlator(spins, blocks)  # negative control: the map itself is no such thing
    assert np.abs(plain - weights).max() > 0.15


def test_the_field_on_all_states_is_the_regression_of_the_majority():
    """C⁻¹⟨v h⟩ from the Boltzmann weights of 4 × 4, against samples: 64 z with jackknife errors (t19, 1e-3: 4.8)."""
    states = exact.enumerate_states(4)
    p = np.exp(exact.log_probability(energy(states), 4, 2.5))
    v = states.reshape(len(states), -1)
    h = rg.coarse_grain(states, "majority", rng=None).reshape(len(states), -1)
    truth = np.linalg.solve((v * p[:, None]).T @ v + maps.RIDGE * np.eye(16), (v * p[:, None]).T @ h).T.reshape(
        -1, 4, 4
    )
    spins = sampling.sample(4, 2.5, 40_000, rng=5)
    fields, error = fields_of(spins, rg.coarse_grain(spins, "majority", rng=6))
    assert np.abs((fields - truth) / error).max() < 5.5
    wrong, error = fields_of(spins, rg.coarse_grain(spins, "decimation", rng=6))  # negative control
    assert np.abs((wrong - truth) / error).max() > 20


def test_fields_of_ordered_spins_are_finite():
    """At T = 0 C is a matrix of ones: any unit that follows m sees all spins alike, 1/N each."""
    signs = np.where(np.arange(40) % 2, 1, -1).astype(np.int8)
    spins = np.broadcast_to(signs[:, None, None], (40, 4, 4))
    fields, _ = fields_of(spins, spins[:, :2, :2])
    np.testing.assert_allclose(fields, 1 / 16, rtol=1e-3)


def test_the_spectrum_of_the_covariance_of_hidden_units():
    """Units with variances 4, 1, 0.25 and a mean, which is no part of a covariance: χ² within 5 σ of the scatter."""
    rng = np.random.default_rng(8)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    units = (rng.normal(size=(20_000, 3)) * [2, 1, 0.5]) @ rotation + [3, -1, 2]
    values, errors = maps.covariance_spectrum(units)
    np.testing.assert_allclose(errors, np.array([4, 1, 0.25]) * np.sqrt(2 / 20_000), rtol=0.7)
    assert np.abs((values - [4, 1, 0.25]) / errors).max() < 6
    assert values[0] < 10  # negative control: with the mean it would be 18


def test_parts_and_their_replicas_by_hand():
    means = RNG.normal(size=(12, 3, 2, 2))
    parts, replicas = maps.in_parts(means)
    assert replicas.shape == (4, 3, 3, 2, 2)
    np.testing.assert_allclose(parts[1], means[3:6].mean(axis=0))
    np.testing.assert_allclose(replicas[1, 0], means[4:6].mean(axis=0))
    for blocks in (4, 10):
        with pytest.raises(ValueError, match=f"{blocks} blocks: must be a multiple of 4, at least 8"):
            maps.in_parts(means[:blocks])


def test_the_jackknife_of_parts_is_the_error_of_a_product_of_means():
    """Of four means of 5 blocks: the variance of ∏ μ_p is Σ_p σ_p² (∏/μ_p)² to first order, here nearly exactly."""
    means = 3 + 0.01 * RNG.normal(size=(20, 1000))
    parts, replicas = maps.in_parts(means)
    product = [[np.prod([*parts[:p], each, *parts[p + 1 :]], axis=0) for each in replicas[p]] for p in range(4)]
    error = maps.jackknife_of_parts(np.array(product))
    assert np.sqrt((error**2).mean()) == pytest.approx(27 * np.sqrt(4 / 5) * 0.01, rel=0.03)


def test_fields_of_fewer_samples_than_spins_have_no_replicas():
    """Their statistics are then not defined; the fields themselves are finite."""
    spins = sampling.sample(4, 2.5, 100, rng=5)
    parts, replicas = maps.receptive_fields(spins, maps.correlator_blocks(spins, spins[:, :2, :2]))
    assert np.isfinite(parts).all()
    assert np.isfinite(replicas).all()  # 20 samples of 16 spins
    parts, replicas = maps.receptive_fields(spins[:80], maps.correlator_blocks(spins[:80], spins[:80, :2, :2]))
    assert np.isfinite(parts).all()
    assert np.isnan(replicas).all()  # 16 samples


def test_the_bias_of_fields_is_that_of_many_samples():
    """The regression of a majority on few samples is biased ∝ 1/n; 64 z of means over 300 sets: 1e-3 at 4.3.

    Negative control: the regression as it is.
    """
    spins = sampling.sample(4, exact.TC, 300 * 400, rng=11)
    hidden = rg.coarse_grain(spins, "majority", rng=None)
    truth, _ = maps.receptive_fields(spins, maps.correlator_blocks(spins, hidden))
    sets = zip(spins.reshape(300, 400, 4, 4), hidden.reshape(300, 400, 2, 2), strict=True)
    found = []
    plain = []
    for v, h in sets:
        found.append(maps.receptive_fields(v, maps.correlator_blocks(v, h))[0].mean(axis=0))
        x = v.reshape(4, 100, 16).astype(float)
        C = x.transpose(0, 2, 1) @ x / 100 + maps.RIDGE * np.eye(16)
        R = np.linalg.solve(C, x.transpose(0, 2, 1) @ h.reshape(4, 100, 4) / 100)
        plain.append(R.mean(axis=0).T.reshape(4, 4, 4))
    worst = {}
    for name, each in (("corrected", np.array(found)), ("plain", np.array(plain))):
        worst[name] = np.abs((each.mean(axis=0) - truth.mean(axis=0)) / each.std(axis=0) * np.sqrt(300)).max()
    assert worst["corrected"] < 4.3
    assert worst["plain"] > 5


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
    factor = 2**layers
    two_point = maps.from_two_point
    spins = translated(sampling.sample(8, exact.TC, 100, rng=2), factor)
    G = correlators.two_point(spins).mean(axis=0)
    found = {}
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
