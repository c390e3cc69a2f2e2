"""Training with its learning curve: on 4 × 4 spins, where KL is a sum over all states."""

import numpy as np
import pytest

from rbmrg import exact, learning, rbm, sampling
from rbmrg.lattice import energy

TEMPERATURES = [2.0, 3.0]
OPTIONS = {"steps": 1200}


def mixture(n, rng):
    return np.concatenate([sampling.sample(4, T, n, rng=rng + k) for k, T in enumerate(TEMPERATURES)])


def learn(rngs=(1, 2), options=OPTIONS, **keywords):
    arguments = (mixture(4000, 10), mixture(2000, 20), TEMPERATURES, "cd1-decay", 12, options)
    return learning.learn(*arguments, rngs, **keywords)


@pytest.fixture(scope="module")
def learned():
    points = []
    dataset = learn(progress=lambda step, point: points.append((step, point.kl)))
    assert points == list(zip(dataset.step.values, dataset.kl.values, strict=True))
    return dataset


def test_the_dataset_has_what_is_documented(learned):
    assert learned.sizes == {"visible": 16, "hidden": 12, "step": 5}
    dims = {name: variable.dims for name, variable in learned.data_vars.items()}
    assert dims == {
        "W": ("visible", "hidden"),
        "visible_bias": ("visible",),
        "hidden_bias": ("hidden",),
        "kl": ("step",),
        "kl_error": ("step",),
        "method": ("step",),
        "ess": ("step",),
    }
    assert all("long_name" in learned[name].attrs for name in learned.variables)
    assert set(learned.method.values) <= {"reweighting", "annealing"}
    assert learned.step.values.tolist() == learning.snapshots(1200) == [0, 150, 300, 600, 1200]


def true_divergence(machine):
    """KL(mixture‖machine) in nats per spin, from all states."""
    states = exact.enumerate_states(4)
    log_p = exact.log_mixture(energy(states), 4, TEMPERATURES)
    log_q = -machine.free_energy(states) - rbm.log_partition_enumerated(machine)
    return np.exp(log_p) @ (log_p - log_q) / 16


def test_the_divergence_falls_and_is_that_of_all_states(learned):
    first, last = learned.isel(step=0), learned.isel(step=-1)
    assert last.kl < first.kl - 10 * np.hypot(first.kl_error, last.kl_error)
    truth = true_divergence(learning.machine_of(learned))
    assert 0 < last.kl_error < 0.01
    assert abs(last.kl - truth) < 4 * last.kl_error  # one z: false alarm 6e-5
    assert truth < 0.1 * first.kl


def test_the_untrained_machine_is_at_step_zero(learned):
    """Weights are small: its divergence is N ln 2 less the entropy of the mixture, but for the weights squared."""
    expected = np.log(2) - exact.mixture_entropy(4, TEMPERATURES) / 16
    assert abs(learned.kl[0] - expected) < 4 * learned.kl_error[0] + 0.005


def test_the_machine_comes_back_as_it_was_trained(learned):
    machine = learning.machine_of(learned)
    trained = rbm.train(mixture(4000, 10), "cd1-decay", hidden=12, rng=1, **OPTIONS)
    for name in ("W", "visible_bias", "hidden_bias"):
        np.testing.assert_array_equal(getattr(machine, name), getattr(trained, name))
        assert getattr(machine, name).dtype == np.float32


def test_the_measure_does_not_change_the_training():
    first, again, other = (learn(rngs, {"steps": 50}) for rngs in ((1, 2), (1, 2), (1, 3)))
    assert first.identical(again)
    np.testing.assert_array_equal(first.W, other.W)
    assert np.any(first.kl != other.kl)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (0, [0]),
        (1, [0, 1]),
        (100, [0, 100]),
        (159, [0, 159]),
        (160, [0, 80, 160]),
        (200, [0, 100, 200]),
        (1000, [0, 125, 250, 500, 1000]),
    ],
)
def test_snapshots(steps, expected):
    assert learning.snapshots(steps) == expected


@pytest.mark.parametrize("steps", [3, 159, 160, 10_000, 200_000])
def test_snapshots_are_a_few_increasing_steps_from_none_to_all(steps):
    chosen = learning.snapshots(steps)
    assert chosen == sorted(set(chosen))
    assert (chosen[0], chosen[-1]) == (0, steps)
    assert all(step >= 80 for step in chosen[1:-1])
    assert len(chosen) < 15


def test_a_wrong_option_is_refused():
    with pytest.raises(ValueError, match="no option 'step'"):
        learning.learn(mixture(10, 1), mixture(10, 2), TEMPERATURES, "paper", 3, {"step": 5}, (1, 2))
