"""A trained layer as a rule: closed forms whose blocks are known, convolutions by loops, all states of 4 × 4 spins.

Seeds are fixed; |z| < 4 is a false alarm of 6e-5 for one number, other rates are stated.
"""

from dataclasses import replace

import numpy as np
import pytest

from rbmrg import exact, rbm, rg, sampling
from rbmrg.lattice import energy
from rbmrg.rbm import closed_forms, convolutional
from rbmrg.rbm.convolutional import ConvolutionalRBM
from rbmrg.rg.machine import Layer

FILTER = np.float32([[[-0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, -0.9]]])  # sum 2.5
RANDOM_8 = np.random.default_rng(12).choice(np.array([-1, 1], np.int8), (20, 8, 8))


def dense_machine(visible, hidden, scale=0.4, seed=1):
    rng = np.random.default_rng(seed)
    return rbm.RBM(*(rng.normal(scale=scale, size=shape) for shape in ((visible, hidden), visible, hidden)))


def convolutional_machine(L, filters, size, scale=0.4, seed=2):
    rng = np.random.default_rng(seed)
    return ConvolutionalRBM(*(rng.normal(scale=scale, size=shape) for shape in ((filters, size, size), (), filters)), L)


def means_off(layer, spins, mean, n=4000, rng=3):
    """The largest deviation of `n` draws of h from `mean`, in σ of a coin of that mean."""
    draws = layer.apply(np.tile(spins, (n, 1, 1)), np.random.default_rng(rng)).reshape(n, *mean.shape)
    return np.max(np.abs(draws.mean(axis=0, dtype=float) - mean) / np.sqrt((1 - mean.astype(float) ** 2) / n))


# --- closed forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("L", "T"), [(4, 1.5), (4, exact.TC), (10, 4.0)])
def test_the_checkerboard_machine_heats_the_other_sublattice(L, T):
    """Its blocks are spins, a lattice turned by 45° and √2 wider: ⟨h|v⟩ = tanh of the four neighbours over T."""
    layer, spins = Layer(rbm.checkerboard_machine(L, T)), sampling.sample(L, T, 200, rng=4)
    means = layer.apply(spins, None)
    assert layer.FACTOR is None
    assert means.shape == (200, L * L // 2)
    neighbours = sum(np.roll(spins, step, axis) for step in (1, -1) for axis in (1, 2))
    odd = np.add.outer(np.arange(L), np.arange(L)) % 2 == 1
    np.testing.assert_allclose(means, np.tanh(neighbours[:, odd] / T), atol=1e-6)
    np.testing.assert_array_equal(means, layer.apply(np.where(odd, -spins, spins), None))  # only one sublattice is seen


@pytest.mark.parametrize(("wrong", "least", "most"), [(1, 0, 4), (1.05, 6, np.inf)])
def test_visible_and_hidden_units_of_the_checkerboard_machine_are_a_lattice_in_equilibrium(wrong, least, most):
    """Mean energy against Kaufman's, in σ; and of a machine 5 % too hot, the negative control."""
    L, T, n = 8, 2.5, 40_000
    spins = sampling.sample(L, T, n, rng=5)
    hidden = rg.coarse_grain(spins, Layer(rbm.checkerboard_machine(L, wrong * T)), rng=6)
    E = energy(closed_forms.joined(closed_forms.sublattices(spins)[0], hidden))
    z = (E.mean() - L**2 * exact.energy_per_spin(L, T)) / (E.std() / np.sqrt(n))
    assert least <= abs(z) < most


def test_hidden_units_of_the_exact_machine_are_its_bonds():
    """±tanh 2w on a bond of equal spins, in their sign, a fair coin on a broken one."""
    L, machine = 6, rbm.exact_machine(6, 2.0)
    layer, spins = Layer(machine), sampling.sample(6, 3.0, 50, rng=7)
    right, below = np.roll(spins, -1, axis=2), np.roll(spins, -1, axis=1)
    sums = np.concatenate([(spins + end).reshape(50, -1) for end in (right, below)], axis=1)
    means = rg.coarse_grain(spins, layer, rng=None)
    np.testing.assert_allclose(means, np.tanh(machine.W.max() * sums), atol=1e-6)
    assert means.shape == (50, 2 * L * L)
    assert layer.FACTOR is None
    hidden = rg.coarse_grain(spins, layer, rng=8)
    coins = hidden[sums == 0]
    assert abs(coins.sum()) < 4 * np.sqrt(coins.size)
    assert abs((hidden * np.sign(sums)).sum()) > 20 * np.sqrt(hidden.size)  # negative control


# --- dense machines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("visible", "hidden", "factor", "shape"),
    [
        (16, 4, 2, (2, 2)), (64, 4, 4, (2, 2)), (16, 16, 1, (4, 4)), (16, 1, 4, (1, 1)), (100, 81, None, (9, 9)),
        (16, 5, None, (5,)), (8, 4, 2, (2, 2)), (4, 9, None, (3, 3)),
    ],
)  # fmt: skip
def test_square_numbers_of_units_are_lattices(visible, hidden, factor, shape):
    layer = Layer(dense_machine(visible, hidden))
    L = {8: 4}.get(visible, round(visible**0.5))  # 8 units: one sublattice of 4 × 4
    spins = sampling.sample(L, np.inf, 7, rng=1)
    assert factor == layer.FACTOR
    for rng, dtype in ((1, np.int8), (None, np.float32)):
        blocks = rg.coarse_grain(spins, layer, rng)
        assert blocks.shape == (7, *shape)
        assert blocks.dtype == dtype


def test_samples_have_the_means_of_a_dense_layer():
    layer, spins = Layer(dense_machine(16, 9)), sampling.sample(4, np.inf, 5, rng=1)
    means = layer.apply(spins, None)
    np.testing.assert_array_equal(means.reshape(5, 9), layer.machine.hidden_mean(spins))
    assert means_off(layer, spins, means) < 4.5  # 45 coins: 3e-4
    assert means_off(layer, spins, layer.apply(-spins, None)) > 20  # negative control
    assert means_off(layer, spins, means.swapaxes(1, 2)) > 20


def test_the_same_seed_gives_the_same_blocks():
    layer, spins = Layer(dense_machine(16, 4)), sampling.sample(4, np.inf, 50, rng=1)
    first = rg.coarse_grain(spins, layer, rng=2)
    np.testing.assert_array_equal(first, rg.coarse_grain(spins, layer, np.random.default_rng(2)))
    assert np.any(first != rg.coarse_grain(spins, layer, rng=3))


@pytest.mark.parametrize("T", [1.5, exact.TC, 4.0])
def test_the_map_of_a_dense_layer_on_all_states(T):
    """⟨v h⟩ = Σ_v P(v) v Σ_h P(h|v) h, P(h|v) ∝ e^{−E(v, h)} over all 16 states of h; and of 50 000 samples, in σ."""
    machine, states = dense_machine(16, 4), exact.enumerate_states(4)
    p, v, h = np.exp(exact.log_probability(energy(states), 4, T)), states.reshape(-1, 16), exact.enumerate_states(2)
    weights = np.exp((v @ machine.W.astype(float) + machine.hidden_bias) @ h.reshape(16, 4).T)
    conditional = weights / weights.sum(axis=1, keepdims=True) @ h.reshape(16, 4)
    expected = np.einsum("n,ni,na->ai", p, v, conditional).reshape(4, 4, 4)
    means = rg.coarse_grain(states, Layer(machine), rng=None).reshape(-1, 4)
    np.testing.assert_allclose(np.einsum("n,nyx,na->ayx", p, states, means), expected, atol=1e-6)

    spins = sampling.sample(4, T, 50_000, rng=9)
    for rng in (10, None):
        hidden = rg.coarse_grain(spins, Layer(machine), rng).reshape(-1, 4).astype(float)
        found = np.einsum("nyx,na->ayx", spins, hidden) / len(spins)
        error = np.sqrt(((hidden**2).mean(axis=0)[:, None, None] - found**2) / len(spins))
        assert np.abs((found - expected) / error).max() < 5  # 64 numbers: 4e-5
        assert np.abs((found - expected[[1, 2, 3, 0]]) / error).max() > 20  # negative control


# --- convolutional machines -------------------------------------------------------------------------------------------


def looped_means(machine, spins):
    """⟨h|v⟩ [n, f, L/2, L/2] of filters of positive sum, site by site."""
    n, L, k = len(spins), spins.shape[-1], machine.filters.shape[1]
    fields = np.zeros((n, len(machine.filters), L // 2, L // 2))
    for f, Y, X, dy, dx in np.ndindex(*fields.shape[1:], k, k):
        y, x = 2 * Y + dy - (k - 1) // 2, 2 * X + dx - (k - 1) // 2
        fields[:, f, Y, X] += machine.filters[f, dy, dx] * spins[:, y % L, x % L]
    return np.tanh(fields + machine.hidden_bias[:, None, None])


@pytest.mark.parametrize("L", [4, 6, 10])
@pytest.mark.parametrize(("filters", "size"), [(1, 2), (1, 3), (3, 4)])
def test_filters_slide_over_lattices_of_any_even_size(L, filters, size):
    machine = convolutional_machine(4, filters, size)
    machine = replace(machine, filters=np.abs(machine.filters))
    layer, spins = Layer(machine), sampling.sample(L, np.inf, 20, rng=1)
    means = rg.coarse_grain(spins, layer, rng=None)
    expected = looped_means(machine, spins)
    assert means.shape == (20, L // 2, L // 2) if filters == 1 else (20, filters, L // 2, L // 2)
    assert layer.FACTOR == 2
    np.testing.assert_allclose(means.reshape(expected.shape), expected, atol=1e-6)
    dense = replace(machine, L=L).dense().hidden_mean(spins)
    np.testing.assert_array_equal(means.reshape(20, -1), dense)
    assert np.abs(means.reshape(expected.shape) - np.roll(expected, 1, axis=3)).max() > 0.1  # negative control


def test_samples_have_the_means_of_a_convolutional_layer():
    layer, spins = Layer(convolutional_machine(4, 2, 3)), sampling.sample(6, np.inf, 3, rng=1)
    means = layer.apply(spins, None)
    assert means_off(layer, spins, means) < 4.5  # 54 coins: 4e-4
    assert means_off(layer, spins, means[:, ::-1]) > 10  # negative control


def test_a_filter_and_its_negative_are_one_rule():
    machine, spins = convolutional_machine(6, 3, 3), sampling.sample(6, np.inf, 20, rng=1)
    means = Layer(machine).apply(spins, None)
    for signs in np.array([[1, 1, -1], [-1, 1, -1], [-1, -1, -1]]):
        other = replace(
            machine, filters=signs[:, None, None] * machine.filters, hidden_bias=signs * machine.hidden_bias
        )
        np.testing.assert_array_equal(Layer(other).apply(spins, None), means)
        np.testing.assert_allclose(other.dense().free_energy(spins), machine.dense().free_energy(spins), rtol=1e-5)
        dense = other.dense().hidden_mean(spins).reshape(means.shape)
        assert np.abs(dense - means).max() > 0.1  # negative control: without the gauge it is another one
    ordered = Layer(replace(machine, hidden_bias=np.zeros(3))).apply(np.ones((1, 6, 6), np.int8), None)
    assert (ordered > 0).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_layers_are_iterated_and_ordered_spins_keep_their_sign(sign):
    """A filter that couples strongly, and its negative, on 16² → 8² → 4²."""
    layer = Layer(ConvolutionalRBM(4 * sign * FILTER, 0, [0], 4))
    for spin in (1, -1):
        ordered = np.full((5, 16, 16), spin, np.int8)
        for rng in (1, None):
            first, second = rg.iterate(ordered, [layer, layer], rng)
            assert first.shape == (5, 8, 8)
            assert second.shape == (5, 4, 4)
            np.testing.assert_allclose(first, spin, atol=1e-6)
            np.testing.assert_allclose(second, spin, atol=1e-6)


def test_means_of_one_layer_are_what_the_next_one_takes():
    layers, spins = [Layer(ConvolutionalRBM(FILTER, 0, [0.1], 4)), Layer(dense_machine(16, 4))], RANDOM_8
    first, second = rg.iterate(spins, layers, rng=None)
    below = looped_means(layers[0].machine, spins)[:, 0]
    np.testing.assert_allclose(first, below, atol=1e-6)
    upper = layers[1].machine
    np.testing.assert_allclose(
        second.reshape(-1, 4), np.tanh(below.reshape(-1, 16) @ upper.W + upper.hidden_bias), atol=1e-5
    )
    twice = list(rg.iterate(spins, [layers[0]] * 2, rng=None))[1]
    np.testing.assert_allclose(twice, looped_means(layers[0].machine, below)[:, 0], atol=1e-5)
    # Samples are another thing: the mean of the second layer over draws of the first.
    draws = list(rg.iterate(np.tile(spins[:1], (4000, 1, 1)), layers, rng=11))[1].mean(axis=0)
    assert np.abs(draws - second[0]).max() > 4 / np.sqrt(4000)


def test_layers_and_rules_go_together():
    layer = Layer(ConvolutionalRBM(FILTER, 0, [0], 4))
    shapes = [blocks.shape for blocks in rg.iterate(RANDOM_8, ["average", layer, "majority"], rng=1)]
    assert shapes == [(20, 4, 4), (20, 2, 2), (20, 1, 1)]
    one_stream = list(rg.iterate(RANDOM_8, [layer, "majority"], rng=2))
    rng = np.random.default_rng(2)
    np.testing.assert_array_equal(one_stream[0], rg.coarse_grain(RANDOM_8, layer, rng))
    np.testing.assert_array_equal(one_stream[1], rg.coarse_grain(one_stream[0], "majority", rng))


@pytest.mark.parametrize(
    ("machine", "shape", "message"),
    [
        (dense_machine(16, 5), (5, 3, 3), r"\(5, 3, 3\) do not fit a layer of 16"),
        (dense_machine(16, 4), (5, 8, 8), r"\(5, 8, 8\) do not fit a layer of 16"),
        (dense_machine(8, 5), (5, 16), r"\(5, 16\) have no two sublattices"),
        (rbm.checkerboard_machine(4, 2.0), (5, 6, 6), r"\(5, 6, 6\) do not fit a layer of 8"),
        (convolutional_machine(4, 1, 4), (5, 2, 2), r"\(5, 2, 2\) do not fit filters of shape \(1, 4, 4\).*even L ≥ 4"),
        (convolutional_machine(4, 2, 3), (5, 4, 6), r"\(5, 4, 6\): must be .* \[n, L, L\]"),
        (convolutional_machine(4, 2, 3), (5, 2, 4, 4), r"\(5, 2, 4, 4\): must be .* \[n, L, L\]"),
    ],
)
def test_spins_that_do_not_fit_are_refused_with_their_shapes(machine, shape, message):
    with pytest.raises(ValueError, match=message):
        rg.coarse_grain(np.ones(shape, np.int8), Layer(machine), rng=1)


def test_an_odd_lattice_is_refused_by_filters():
    layer, spins = Layer(convolutional_machine(4, 1, 3)), np.ones((3, 5, 5), np.int8)
    with pytest.raises(ValueError, match=r"\(3, 5, 5\) do not fit filters of shape \(1, 3, 3\)"):
        layer.apply(spins, None)
    with pytest.raises(ValueError, match="do not tile a lattice of 5 × 5"):
        rg.coarse_grain(spins, layer, rng=None)


# --- shared weights from dense ones -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("L", "filters", "size"), [(2, 1, 1), (4, 1, 4), (4, 3, 2), (6, 2, 5), (10, 2, 4)])
def test_shared_is_the_inverse_of_dense(L, filters, size):
    machine = convolutional_machine(L, filters, size)
    found = convolutional.shared(machine.dense(), L, filters, size)
    np.testing.assert_array_equal(found.filters, machine.filters)
    np.testing.assert_array_equal(found.hidden_bias, machine.hidden_bias)
    assert found.visible_bias == machine.visible_bias
    assert found.L == L
    assert found.filters.dtype == np.float32


def test_weights_that_are_not_shared_are_refused():
    machine = convolutional_machine(6, 2, 3)
    dense = machine.dense()
    elsewhere = np.flatnonzero(dense.W.ravel() == 0)[5], np.flatnonzero(dense.W.ravel())[-1]
    for name, places in (("W", elsewhere), ("visible_bias", (0, 7)), ("hidden_bias", (0, 7))):
        for place in places:
            part = getattr(dense, name).copy()
            part.ravel()[place] += np.float32(1e-6)  # the smallest departure is one
            with pytest.raises(ValueError, match=r"W \(36, 18\) and its biases are not those of 2 filters of 3 × 3"):
                convolutional.shared(replace(dense, **{name: part}), 6, 2, 3)
    for L, filters, size in ((6, 2, 2), (6, 1, 3), (4, 2, 3), (8, 2, 3)):
        with pytest.raises(ValueError, match="are not those of"):
            convolutional.shared(dense, L, filters, size)
    with pytest.raises(ValueError, match="L = 5"):
        convolutional.shared(dense, 5, 2, 3)
    larger = convolutional.shared(dense, 6, 2, 5)  # the same machine: a rim of zeros
    np.testing.assert_array_equal(larger.filters[:, 1:4, 1:4], machine.filters)
    assert np.count_nonzero(larger.filters) == np.count_nonzero(machine.filters)
