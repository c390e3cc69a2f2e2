"""Training an RBM: data that are refused, the same bytes for the same seed, and an effect of every option."""

import re

import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.rbm import convolutional, preparation, recipes

SPINS = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (60, 4, 4))
DENSE = [name for name, recipe in rbm.RECIPES.items() if not recipe.filters]


def weights(machine):
    return np.concatenate([machine.W.ravel(), machine.visible_bias, machine.hidden_bias])


@pytest.mark.parametrize("recipe", DENSE)
def test_every_recipe_trains(recipe):
    machine = rbm.train(SPINS, recipe, hidden=5, steps=3)
    assert machine.W.shape == (16, 5)
    assert machine.W.dtype == machine.visible_bias.dtype == machine.hidden_bias.dtype == np.float32


def test_a_convolutional_recipe_gives_its_dense_machine_and_knows_its_hidden_units():
    machine = rbm.train(SPINS, "convolutional", steps=3, size=3)
    expected = convolutional.train(SPINS, steps=3, size=3).dense()
    assert weights(machine).tobytes() == weights(expected).tobytes()
    with pytest.raises(ValueError, match="hidden = 4, means = False: must not be given for a convolutional recipe"):
        rbm.train(SPINS, "convolutional", hidden=4)


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spins", "message"),
    [
        (SPINS * 2, "spins contain -?2: must be \\+1 or -1"),
        (np.where(SPINS > 0, 1, 0), "contain 0"),
        (np.where(np.arange(16).reshape(4, 4) == 5, np.nan, SPINS), "contain nan"),
        (SPINS * 1j, "type complex128: must be real numbers"),
        (SPINS > 0, "type bool"),
        (SPINS.astype(str), "type <U"),
        (SPINS.astype(object), "type object"),
        (None, "spins = None: must be real numbers"),
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
    with pytest.raises(ValueError, match=f"hidden = {hidden!r}: must be an integer ≥ 1"):
        rbm.train(SPINS, hidden=hidden)


@pytest.mark.parametrize("rng", [-1, 1.5, "one"])
def test_wrong_seeds_are_refused(rng):
    with pytest.raises(ValueError, match=f"rng = {rng!r}: must be an integer ≥ 0 or a numpy Generator"):
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
    with pytest.raises(ValueError, match=r"must be (increasing steps from 0 to 10000|an integer ≥ 0)"):
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


@pytest.mark.parametrize("recipe", DENSE)
@pytest.mark.parametrize("rate", [100.0, 1e3])
def test_weights_that_run_away_end_training(recipe, rate):
    with pytest.raises(FloatingPointError, match=r"ran away: .* at step \d+, must be at most 1000; lower"):
        rbm.train(SPINS, recipe, hidden=5, learning_rate=rate)


def test_training_names_the_step_at_which_a_weight_is_too_large():
    """Up to the step before, a rate that is a bit too high is no error, and neither is one that is high but fine."""
    with pytest.raises(FloatingPointError) as failure:
        rbm.train(SPINS, hidden=5, learning_rate=30.0)
    value, step = re.search(r"is ([\d.]+) at step (\d+), .* learning_rate = 30 or ", str(failure.value)).groups()
    assert 1000 < float(value) < 1300
    assert 10 < int(step) < 1000
    before = weights(rbm.train(SPINS, hidden=5, learning_rate=30.0, steps=int(step) - 1))
    assert 700 < np.abs(before).max() <= 1000
    hot = weights(rbm.train(SPINS, hidden=5, learning_rate=0.1, steps=1000))
    assert 1 < np.abs(hot).max() < 500


@pytest.mark.parametrize("steps", [0, 3])
def test_weights_that_are_too_large_at_the_start_are_an_error(steps):
    with pytest.raises(FloatingPointError, match=r"at step 0, .* or initial_scale = 1000$"):
        rbm.train(SPINS, hidden=5, initial_scale=1000, steps=steps)


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
    """The mean bias of 8 runs is zero within 7 errors (Student's t with 7 degrees of freedom: false alarm 2e-4)."""
    up = np.ones((60, 4, 4), np.int8)
    scores = []
    for flips in (False, True):
        options = {"steps": 500, "chains": 50, "flips": flips}
        biases = [rbm.train(up, hidden=5, rng=seed, **options).visible_bias.mean() for seed in range(8)]
        scores.append(np.mean(biases) / np.std(biases, ddof=1) * np.sqrt(8))
    assert scores[0] > 20
    assert abs(scores[1]) < 7


def test_progress_is_called_at_the_beginning_the_end_and_twenty_steps_between():
    steps = []
    rbm.train(SPINS, hidden=5, steps=410, progress=steps.append)
    assert steps == [*range(0, 410, 20), 410]
    steps.clear()
    rbm.train(SPINS, hidden=5, steps=0, progress=steps.append)
    assert steps == [0]


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
    # An average over less than one step keeps nothing of the past.
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
