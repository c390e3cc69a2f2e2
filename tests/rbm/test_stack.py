"""Stacks: each layer is trained on the hidden units of the one below, up and down fit, and what does not is refused."""

import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.rbm import stack

SPINS = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (400, 4, 4))


def random_machine(visible, hidden, rng):
    return rbm.RBM(0.3 * np.random.default_rng(rng).normal(size=(visible, hidden)), np.zeros(visible), np.zeros(hidden))


def same(a, b):
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in ("W", "visible_bias", "hidden_bias"))


@pytest.mark.parametrize("states", stack.STATES)
def test_layers_are_those_trained_one_after_the_other(states):
    layers = rbm.train_stack(SPINS, "paper", [8, 3], rng=2, states=states, steps=50)
    assert [machine.W.shape for machine in layers] == [(16, 8), (8, 3)]
    rng = np.random.default_rng(2)
    first = rbm.train(SPINS, "paper", 8, rng, steps=50)
    units = first.sample_hidden(SPINS, rng) if states == "sampled" else first.hidden_mean(SPINS)
    assert same(layers[0], first)
    assert same(layers[1], rbm.train(units, "paper", 3, rng, means=states == "means", steps=50))


def test_means_are_trained_on_as_they_are():
    """One step of the gradient of one configuration: ⟨v h⟩ with v a mean is smaller than with v its sign, as v is."""
    means = np.full((10, 6), 0.5, np.float32)
    half, whole = (
        rbm.train(units, "cd1-decay", 2, rng=3, steps=1, initial_scale=0.0, zero_biases=False, epsilon=1e3, means=True)
        for units in (means, np.ones((10, 6), np.int8))
    )
    assert half.visible_bias.max() > 0
    np.testing.assert_array_less(half.visible_bias, whole.visible_bias)


def test_upwards_and_downwards_have_the_shapes_of_the_layers():
    layers = [random_machine(16, 8, 1), random_machine(8, 3, 2)]
    up = rbm.upwards(layers, SPINS, rng=3)
    assert up.shape == (400, 3)
    assert up.dtype == np.int8
    assert set(np.unique(up)) == {-1, 1}
    means = rbm.upwards(layers, SPINS, rng=3, states="means")
    np.testing.assert_allclose(means, layers[1].hidden_mean(layers[0].hidden_mean(SPINS)))
    down = rbm.downwards(layers, up, rng=4)
    assert down.shape == (400, 16)
    np.testing.assert_array_equal(down, rbm.downwards(layers, up, rng=4))
    np.testing.assert_array_equal(rbm.upwards([], SPINS, rng=1), SPINS)


def test_a_sampled_unit_has_its_mean():
    layers = [random_machine(16, 8, 1), random_machine(8, 3, 2)]
    n = 20_000
    one = np.repeat(SPINS[:1], n, axis=0)
    below = layers[0].sample_hidden(one, np.random.default_rng(5))
    exact = layers[1].hidden_mean(below).mean(axis=0)  # given the same draw of the layer below
    up = rbm.upwards(layers, one, np.random.default_rng(5))
    assert np.abs(up.mean(axis=0) - exact).max() < 4.2 / np.sqrt(n)  # three z: false alarm 8e-5
    assert np.abs(up.mean(axis=0) - layers[1].hidden_mean(-below).mean(axis=0)).max() > 4.2 / np.sqrt(n)


def test_layers_that_do_not_fit_and_other_mistakes_are_named():
    layers = [random_machine(16, 8, 1), random_machine(9, 3, 2)]
    with pytest.raises(ValueError, match="9 visible units does not fit on one with 8 hidden units"):
        rbm.upwards(layers, SPINS, rng=1)
    with pytest.raises(ValueError, match="9 visible units"):
        rbm.downwards(layers, SPINS, rng=1)
    with pytest.raises(ValueError, match="states = 'mean': must be one of sampled, means"):
        rbm.upwards(layers[:1], SPINS, rng=1, states="mean")
    with pytest.raises(ValueError, match="states = 'signs'"):
        rbm.train_stack(SPINS, hidden=[4], states="signs")
    for wrong in ([], 5):
        with pytest.raises(ValueError, match=r"hidden = .*: must be a list of the sizes of the layers"):
            rbm.train_stack(SPINS, hidden=wrong)
    with pytest.raises(ValueError, match="hidden = 0"):
        rbm.train_stack(SPINS, hidden=[4, 0], steps=1)
