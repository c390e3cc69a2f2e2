"""RBMs: arguments refused, options obeyed, same bytes; Adam and tanh of the kernels against plain numpy."""

import dataclasses

import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.rbm import convolutional, kernels, preparation, recipes

SPINS = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (60, 4, 4))


def weights(machine):
    return np.concatenate([machine.W.ravel(), machine.visible_bias, machine.hidden_bias])


def random_machine(visible=6, hidden=5, seed=3):
    rng = np.random.default_rng(seed)
    return rbm.RBM(rng.normal(size=(visible, hidden)), rng.normal(size=visible), rng.normal(size=hidden))


# --- the recipes ------------------------------------------------------------------------------------------------------


def test_the_recipe_called_paper_is_the_papers():
    assert dataclasses.asdict(rbm.RECIPES["paper"]) == {
        "method": "pcd",
        "steps": 10_000,
        "batch": 100,
        "chains": 1,
        "gibbs_steps": 1,
        "learning_rate": 1e-3,
        "decay_from": 1.0,
        "epsilon": 1e-2,
        "initial_scale": 0.05,
        "tanh_means": False,
        "zero_biases": False,
        "flips": False,
        "averaging": 0.0,
        "l1": 0.0,
        "filters": 0,
        "size": 4,
    }


DENSE = [name for name, recipe in rbm.RECIPES.items() if not recipe.filters]


@pytest.mark.parametrize("recipe", DENSE)
def test_every_recipe_trains(recipe):
    machine = rbm.train(SPINS, recipe, hidden=5, steps=3)
    assert machine.W.shape == (16, 5)
    assert machine.W.dtype == machine.visible_bias.dtype == machine.hidden_bias.dtype == np.float32


def test_a_convolutional_recipe_gives_its_dense_machine_and_knows_its_hidden_units():
    machine = rbm.train(SPINS, "convolutional", steps=3, size=3)
    expected = convolutional.train(SPINS, steps=3, size=3).dense()
    assert weights(machine).tobytes() == weights(expected).tobytes()
    with pytest.raises(ValueError, match="hidden = 4, means = False: no such thing in a convolutional recipe"):
        rbm.train(SPINS, "convolutional", hidden=4)


@pytest.mark.parametrize("tanh_means", [False, True])
def test_means_are_not_taken_for_their_signs(tanh_means):
    """With visible units of the model all down and hidden units all up, ⟨v h⟩_data − ⟨v h⟩_model is v + 1."""
    means, gradient = np.linspace(-1, 1, 6, dtype=np.float32), np.empty(6 * 3 + 6 + 3, np.float32)
    parameters, chain = np.repeat(np.float32([0, -20, 20]), [18, 6, 3]), np.ones((4, 3), np.float32)
    kernels.log_likelihood_gradient(
        np.tile(means, (5, 1)), parameters, chain, np.uint64(1), 1, 8, 1, True, tanh_means, False, gradient
    )
    dW, d_visible, d_hidden = kernels.split(gradient, 6, 3)
    np.testing.assert_allclose(dW, np.repeat(means[:, None] + 1, 3, axis=1), atol=1e-6)
    np.testing.assert_allclose(d_visible, means + 1, atol=1e-6)
    np.testing.assert_allclose(d_hidden, 0, atol=1e-6)
    means = np.tile(means, (9, 1))
    with pytest.raises(ValueError, match="only \\+1 and -1 are allowed"):
        rbm.train(means, "paper", 3)
    with pytest.raises(ValueError, match=r"contain 2\.0: only numbers from -1 to 1"):
        rbm.train(2 * np.ones((3, 3)), "paper", 3, means=True)


@pytest.mark.parametrize(
    ("recipe", "options", "message"),
    [
        ("papre", {}, "no recipe 'papre'.*did you mean 'paper'"),
        ("paper", {"learning_rat": 1}, "no option 'learning_rat'.*did you mean 'learning_rate'"),
        ("paper", {"zzz": 1}, "no option 'zzz'.*there are method, steps"),
        ("paper", {"method": "nce"}, "method = 'nce'"),
        ("paper", {"steps": -1}, "steps = -1: at least 0"),
        ("paper", {"batch": 0}, "batch = 0: at least 1"),
        ("paper", {"chains": 0}, "chains = 0"),
        ("paper", {"gibbs_steps": 0}, "gibbs_steps = 0"),
        ("paper", {"learning_rate": 0}, "learning_rate = 0: a positive"),
        ("paper", {"learning_rate": np.nan}, "learning_rate = nan"),
        ("paper", {"epsilon": -1}, "epsilon = -1"),
        ("paper", {"decay_from": 1.5}, "decay_from = 1.5: a fraction"),
        ("paper", {"l1": -1}, "l1 = -1"),
        ("paper", {"averaging": 30}, "averaging = 30: a fraction"),
        ("paper", {"steps": 2.5}, "steps = 2.5: a whole number"),
        ("paper", {"steps": np.inf}, "steps = inf: a whole number"),
        ("paper", {"batch": 100.0}, "batch = 100.0: a whole number"),
        ("paper", {"steps": True}, "steps = True: a whole number"),
        ("paper", {"learning_rate": "1e-3"}, "learning_rate = '1e-3': a finite number"),
        ("paper", {"flips": 1}, "flips = 1: true or false"),
        (None, {}, "no recipe None"),
        (["paper"], {}, "no recipe \\['paper'\\]"),
    ],
)
def test_wrong_recipes_and_options_are_refused(recipe, options, message):
    with pytest.raises(ValueError, match=message):
        rbm.train(SPINS, recipe, **options)


@pytest.mark.parametrize(
    ("spins", "message"),
    [
        (SPINS * 2, "only \\+1 and -1"),
        (np.where(SPINS > 0, 1, 0), "contain 0"),
        (np.where(np.arange(16).reshape(4, 4) == 5, np.nan, SPINS), "contain nan"),
        (SPINS * 1j, "type complex128: numbers"),
        (SPINS > 0, "type bool"),
        (SPINS.astype(str), "type <U"),
        (SPINS.astype(object), "type object"),
        (None, "type object"),
        (SPINS[:0], "non-empty"),
        (SPINS[:, :0], "non-empty"),
        (SPINS[0, 0], "\\[n, ...\\]"),
        (1, "\\[n, ...\\]"),
    ],
)
def test_wrong_data_are_refused(spins, message):
    with pytest.raises(ValueError, match=message):
        rbm.train(spins, hidden=5)


@pytest.mark.parametrize("hidden", [0, -3, 81.0, "81", True, np.nan])
def test_wrong_numbers_of_hidden_units_are_refused(hidden):
    with pytest.raises(ValueError, match=f"hidden = {hidden!r}: a whole number, at least 1"):
        rbm.train(SPINS, hidden=hidden)


@pytest.mark.parametrize("rng", [-1, 1.5, "one"])
def test_wrong_seeds_are_refused(rng):
    with pytest.raises(ValueError, match=f"rng = {rng!r}: a whole number ≥ 0 or a numpy Generator"):
        rbm.train(SPINS, rng=rng)


@pytest.mark.parametrize(
    "spins",
    [
        SPINS.astype(np.float64),
        SPINS.tolist(),
        np.asfortranarray(SPINS),
        SPINS.reshape(60, 2, 2, 4),
        SPINS.reshape(60, 16),
        np.repeat(SPINS, 2, axis=0)[::2],
    ],
)
def test_arrays_of_any_shape_type_and_layout_train_the_same_machine(spins):
    machine = rbm.train(spins, "cd1-decay", hidden=np.int64(5), rng=1, steps=20)
    assert weights(machine).tobytes() == weights(rbm.train(SPINS, "cd1-decay", 5, 1, steps=20)).tobytes()


@pytest.mark.parametrize("at", [[], [-1], [2, 2], [3, 1], [10_001]])
def test_a_trajectory_refuses_steps_that_do_not_increase_or_lie_outside_the_run(at):
    with pytest.raises(ValueError, match="increasing steps from 0 to 10000"):
        rbm.trajectory(SPINS, "paper", 5, 1, at=at)


# --- reproducibility --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", DENSE)
def test_a_run_cut_in_two_gives_the_same_bits(recipe):
    options = {"steps": 200, "averaging": 0.2}
    *_, (step, cut) = rbm.trajectory(SPINS, recipe, 5, 1, at=[0, 100, 200], **options)
    assert step == 200
    np.testing.assert_array_equal(
        weights(cut), weights(rbm.train(SPINS, recipe, 5, np.random.default_rng(1), **options))
    )


def test_the_seed_decides_the_machine():
    first, again, other = (weights(rbm.train(SPINS, hidden=5, rng=seed, steps=20)) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert np.abs(first - other).max() > 1e-2


def test_machines_of_a_trajectory_do_not_share_memory():
    machines = dict(rbm.trajectory(SPINS, "paper", 5, 1, at=[0, 1, 2]))
    assert not np.array_equal(machines[1].W, machines[2].W)


def test_the_untrained_machine_has_small_random_weights_and_no_biases():
    [(step, machine)] = rbm.trajectory(SPINS, "paper", 500, 1, at=[0])
    assert step == 0
    assert not machine.visible_bias.any()
    assert not machine.hidden_bias.any()
    # 8000 weights: the standard deviation is known to 0.8 %; 5σ
    assert machine.W.std() == pytest.approx(0.05, rel=0.04)


def test_training_that_diverges_names_the_step():
    with pytest.raises(FloatingPointError, match=r"not finite at step \d+") as failure:
        rbm.train(SPINS, hidden=5, learning_rate=1e38)
    step = int(str(failure.value).split()[-1])
    assert step < 100
    assert np.isfinite(rbm.train(SPINS, hidden=5, learning_rate=1e38, steps=step - 1).W).all()


# --- options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "option"),
    [
        ("paper", {"method": "cd"}),
        ("paper", {"batch": 50}),
        ("paper", {"chains": 2}),
        ("paper", {"gibbs_steps": 2}),
        ("paper", {"learning_rate": 2e-3}),
        ("paper", {"decay_from": 0.0}),
        ("paper", {"epsilon": 1e-3}),
        ("paper", {"initial_scale": 0.1}),
        ("paper", {"tanh_means": True}),
        ("paper", {"zero_biases": True}),
        ("paper", {"flips": True}),
        ("paper", {"averaging": 0.2}),
        ("paper", {"l1": 1e-3}),
        ("cd1-decay", {"gibbs_steps": 2}),
    ],
)
def test_no_option_is_without_effect(base, option):
    usual, changed = (rbm.train(SPINS, base, 5, 1, steps=20, **options) for options in ({}, option))
    assert np.abs(weights(usual) - weights(changed)).max() > 1e-6


def test_flips_take_the_magnetisation_out_of_the_data():
    """Of 8 runs the mean bias is zero to 7 of its errors (Student's t with 7 degrees of freedom: false alarm 2e-4)."""
    up, scores = np.ones((60, 4, 4), np.int8), []
    for flips in (False, True):
        options = {"steps": 500, "chains": 50, "flips": flips}
        biases = [rbm.train(up, hidden=5, rng=seed, **options).visible_bias.mean() for seed in range(8)]
        scores.append(np.mean(biases) / np.std(biases, ddof=1) * np.sqrt(8))
    assert scores[0] > 20
    assert abs(scores[1]) < 7


def test_progress_is_told_about_the_beginning_the_end_and_twenty_steps_between():
    told = []
    rbm.train(SPINS, hidden=5, steps=410, progress=told.append)
    assert told == [*range(0, 410, 20), 410]
    told.clear()
    rbm.train(SPINS, hidden=5, steps=0, progress=told.append)
    assert told == [0]


def test_zero_biases_stay_zero_and_others_do_not():
    kept, learned = (rbm.train(SPINS, hidden=5, steps=50, zero_biases=zero) for zero in (True, False))
    assert not kept.visible_bias.any()
    assert not kept.hidden_bias.any()
    assert learned.visible_bias.all()
    assert learned.hidden_bias.all()


def test_averaging_is_an_exponential_mean_over_a_fraction_of_the_steps():
    at = list(range(41))
    plain, averaged = (
        [weights(m) for _, m in rbm.trajectory(SPINS, "paper", 5, 1, at=at, steps=40, averaging=fraction)]
        for fraction in (0, 0.2)
    )
    expected = plain[0]
    for now, mean in zip(plain[1:], averaged[1:], strict=True):
        expected = expected + (now - expected) / 8
        np.testing.assert_allclose(mean, expected, atol=1e-6)
    assert np.abs(averaged[-1] - plain[-1]).max() > 1e-3
    # Of less than one step: nothing is left of the past.
    assert weights(rbm.train(SPINS, hidden=5, steps=40, averaging=0.01)).tobytes() == plain[-1].tobytes()


def test_the_l1_penalty_shrinks_weights_that_the_data_do_not_need():
    free, shrunk = (np.abs(rbm.train(SPINS, hidden=5, steps=500, l1=l1).W).mean() for l1 in (0, 0.5))
    assert shrunk < free / 5


def test_the_learning_rate_falls_linearly_in_the_last_part():
    options = {"steps": 9000, "learning_rate": 2e-3, "decay_from": 2 / 3}
    rates = preparation.learning_rates(recipes.resolve("paper", **options))
    t = np.arange(1, 9001)
    shape = np.where(t <= 6001, 1, (9001 - t) / 3000)
    expected = 2e-3 * shape * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    np.testing.assert_allclose(rates, expected, rtol=1e-4)


# --- the kernels' arithmetic ------------------------------------------------------------------------------------------


def test_tanh_is_accurate_and_saturates():
    x = np.concatenate([np.linspace(-12, 12, 200_001), [-1e30, 1e30]]).astype(np.float32)
    result = np.empty((1, x.size), np.float32)
    kernels.mean_units(x[None], np.zeros_like(x), result)
    assert np.abs(result[0] - np.tanh(x.astype(np.float64))).max() < 4e-7
    np.testing.assert_array_equal(result[0, -2:], [-1, 1])


def adam_in_numpy(gradients, rate, epsilon, scale_epsilon):
    """Adam in float64, with ε as in TensorFlow, or times √(1 − β₂ᵗ) as in the algorithm box of Kingma & Ba."""
    p, m, v = (np.zeros(gradients.shape[1]) for _ in range(3))
    for t, g in enumerate(gradients, start=1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        c1, c2 = 1 - 0.9**t, np.sqrt(1 - 0.999**t)
        p += rate * c2 / c1 * m / (np.sqrt(v) + epsilon * (c2 if scale_epsilon else 1))
    return p


def test_adam_uses_tensorflows_epsilon():
    gradients = np.random.default_rng(5).normal(0.05, 0.1, (50, 30)).astype(np.float32)
    rates = preparation.learning_rates(recipes.resolve("paper", steps=50))
    p, m, v = (np.zeros(30, np.float32) for _ in range(3))
    for gradient, rate in zip(gradients, rates, strict=True):
        kernels.adam(p, gradient, m, v, rate, np.float32(1e-2))
    np.testing.assert_allclose(p, adam_in_numpy(gradients, 1e-3, 1e-2, scale_epsilon=False), rtol=1e-3)
    # Negative control: the other convention is told apart.
    assert np.abs(p / adam_in_numpy(gradients, 1e-3, 1e-2, scale_epsilon=True) - 1).min() > 0.1


# --- the model --------------------------------------------------------------------------------------------------------


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        rbm.RBM(np.zeros((4, 3)), np.zeros(3), np.zeros(4))
    for v in (np.ones((2, 5)), np.ones(6), np.ones((2, 2, 2))):
        with pytest.raises(ValueError, match="layer of 6"):
            random_machine().hidden_mean(v)


def test_lattices_and_flat_rows_are_the_same_units():
    machine = random_machine(visible=16)
    flat = SPINS.reshape(60, 16)
    np.testing.assert_array_equal(machine.free_energy(SPINS), machine.free_energy(flat.astype(float)))
    np.testing.assert_array_equal(machine.gibbs(SPINS, 3, 1).reshape(60, 16), machine.gibbs(flat, 3, 1))


def test_units_are_int8_and_flows_keep_the_shape():
    machine = random_machine(visible=16)
    hidden, flowed = machine.sample_hidden(SPINS, 1), machine.gibbs(SPINS, 2, 1)
    visible = machine.sample_visible(hidden, 1)
    assert (hidden.shape, visible.shape, flowed.shape) == ((60, 5), (60, 16), (60, 4, 4))
    for units in (hidden, visible, flowed):
        assert units.dtype == np.int8
        np.testing.assert_array_equal(np.abs(units), 1)
    np.testing.assert_array_equal(machine.gibbs(SPINS, 0, 1), SPINS)
    with pytest.raises(ValueError, match="steps = -1"):
        machine.gibbs(SPINS, -1, 1)


def test_saturated_units_never_flip():
    machine = rbm.RBM(np.full((16, 3), 100.0), np.zeros(16), np.zeros(3))
    up = np.ones((20_000, 16))
    assert (machine.gibbs(up, 2, 1) == 1).all()
    assert (machine.gibbs(-up, 2, 1) == -1).all()


@pytest.mark.parametrize("T", [0, -1, np.nan])
def test_there_is_no_exact_machine_at_zero_temperature(T):
    with pytest.raises(ValueError, match="no exact machine"):
        rbm.exact_machine(4, T)
