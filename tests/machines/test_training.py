"""Training with its learning curve: on 4 × 4 spins, where KL is a sum over all states."""

import numpy as np
import pytest

from rbmrg import exact, rbm, sampling
from rbmrg.lattice import energy
from rbmrg.machines import training, weights
from rbmrg.machines.entries import Entry
from rbmrg.rbm import closed_forms

TEMPERATURES = [2.0, 3.0]
OPTIONS = {"steps": 1200}


def mixture(n, rng):
    return np.concatenate([sampling.sample(4, T, n, rng=rng + k) for k, T in enumerate(TEMPERATURES)])


def entry(recipe="cd1-decay", hidden=12, options=OPTIONS, temperatures=TEMPERATURES, **others):
    return Entry("made", 4, [f"{T:.6f}" for T in temperatures], recipe, hidden, options=options, **others)


def learn(rngs=(1, 2, 3), made=None, **keywords):
    return training.learn(made or entry(), mixture(4000, 10), mixture(2000, 20), rngs, **keywords)


@pytest.fixture(scope="module")
def learned():
    told = []
    dataset = learn(progress=lambda step, text: told.append((step, text)))
    points = [
        (step, f"KL = {kl:.4f}({error:.4f}) nat per spin")
        for step, kl, error in zip(*(dataset[name].values for name in ("step", "kl", "kl_error")), strict=True)
    ]
    assert [line for line in told if line[1]] == points
    assert [step for step, _ in told] == sorted(step for step, _ in told)
    assert len(told) > len(points) + 10
    return dataset


def test_the_dataset_has_what_is_documented(learned):
    assert learned.sizes == {"visible": 16, "hidden": 12, "step": 5}
    dims = {name: variable.dims for name, variable in learned.data_vars.items()}
    assert dims == {
        "W": ("step", "visible", "hidden"),
        "visible_bias": ("step", "visible"),
        "hidden_bias": ("step", "hidden"),
        "kl": ("step",),
        "kl_error": ("step",),
        "method": ("step",),
        "ess": ("step",),
        "data_energy": (),
    }
    assert all("long_name" in learned[name].attrs for name in learned.variables)
    assert set(learned.method.values) <= {"reweighting", "annealing"}
    assert learned.step.values.tolist() == training.snapshots(1200) == [0, 150, 300, 600, 1200]


def true_divergence(machine):
    """KL(mixture‖machine) in nats per spin, from all states."""
    states = exact.enumerate_states(4)
    log_p = exact.log_mixture(energy(states), 4, TEMPERATURES)
    log_q = -machine.free_energy(states) - rbm.log_partition_enumerated(machine)
    return np.exp(log_p) @ (log_p - log_q) / 16


def test_the_divergence_falls_and_is_that_of_all_states(learned):
    first = learned.isel(step=0)
    last = learned.isel(step=-1)
    assert last.kl < first.kl - 10 * np.hypot(first.kl_error, last.kl_error)
    truth = true_divergence(weights.machine_of(learned))
    assert 0 < last.kl_error < 0.01
    assert abs(last.kl - truth) < 4 * last.kl_error  # one z: false alarm 6e-5
    assert truth < 0.1 * first.kl


def test_the_untrained_machine_is_at_step_zero(learned):
    """Weights are small: its divergence is N ln 2 less the entropy of the mixture, but for the weights squared."""
    expected = np.log(2) - exact.mixture_entropy(4, TEMPERATURES) / 16
    assert abs(learned.kl[0] - expected) < 4 * learned.kl_error[0] + 0.005


def test_the_machine_comes_back_as_it_was_trained(learned):
    machine = weights.machine_of(learned)
    trained = rbm.train(mixture(4000, 10), "cd1-decay", hidden=12, rng=1, **OPTIONS)
    for name in ("W", "visible_bias", "hidden_bias"):
        np.testing.assert_array_equal(getattr(machine, name), getattr(trained, name))
        assert getattr(machine, name).dtype == np.float32


def test_the_machines_on_the_way_are_those_of_shorter_training(learned):
    """Up to the decay of the learning rate, which a shorter run would begin earlier."""
    on_the_way = weights.machine_of(learned, 1)
    course = rbm.trajectory(mixture(4000, 10), "cd1-decay", 12, 1, at=[150], **OPTIONS)
    [(_, expected)] = course
    np.testing.assert_array_equal(on_the_way.W, expected.W)
    assert np.any(on_the_way.W != weights.machine_of(learned).W)


def test_a_machine_trained_on_permuted_sites_is_put_back_on_the_lattice():
    """Negative control: the same machine left on its permuted sites is far from the data, and shuffling loses more."""
    curve = learn(made=entry(sites="permuted"))
    machine = weights.machine_of(curve)
    error = curve.kl_error[-1].item()
    assert abs(curve.kl[-1] - true_divergence(machine)) < 4 * error
    elsewhere = training.on_lattice(machine, np.random.default_rng(3).permutation(16))
    assert true_divergence(elsewhere) > true_divergence(machine) + 8 * error
    shuffled = learn(made=entry(sites="shuffled"))
    assert shuffled.kl[-1] > curve.kl[-1] + 8 * error


def test_the_measure_does_not_change_the_training():
    short = entry(options={"steps": 50})
    first, again, other = (learn(rngs, short) for rngs in ((1, 2, 3), (1, 2, 3), (1, 3, 3)))
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
    assert training.snapshots(steps) == expected


@pytest.mark.parametrize("steps", [3, 159, 160, 10_000, 200_000])
def test_snapshots_are_a_few_increasing_steps_from_none_to_all(steps):
    chosen = training.snapshots(steps)
    assert chosen == sorted(set(chosen))
    assert (chosen[0], chosen[-1]) == (0, steps)
    assert all(step >= 80 for step in chosen[1:-1])
    assert len(chosen) < 15


def test_a_wrong_option_is_refused():
    with pytest.raises(ValueError, match=r"\bstep\b.*did you mean '?steps"):
        training.learn(entry("paper", 3, {"step": 5}), mixture(10, 1), mixture(10, 2), (1, 2, 3))


@pytest.mark.parametrize(
    ("sites", "energy_of_m"),
    [
        ("lattice", None),
        ("permuted", None),  # the machine is put back on the lattice
        ("shuffled", lambda m2: -2 * (16 * m2 - 1) / 15),  # any two sites are neighbours equally often
        ("independent", lambda m2: -2 * m2),
    ],
)
def test_the_energy_of_the_training_data_is_that_of_what_is_learned(sites, energy_of_m):
    """The mean of 8000 configurations, |z| < 4; only that of a lattice is the energy of the mixture."""
    spins = mixture(4000, 10)
    curve = training.learn(entry(options={"steps": 0}, sites=sites), spins, mixture(100, 20), (1, 2, 3))
    own = energy(spins).mean() / 16
    if energy_of_m is None:
        assert curve.data_energy.item() == own
    else:
        expected = energy_of_m(np.mean(spins.mean(axis=(1, 2)) ** 2))
        assert abs(curve.data_energy.item() - expected) < 4 * 0.5 / np.sqrt(8000)  # σ of E/N of given m is below 0.5
        assert abs(curve.data_energy.item() - own) > 0.05


@pytest.mark.parametrize("recipe", ["exact", "checkerboard"])
def test_closed_forms_are_there_without_training_and_have_no_distance(recipe):
    """The annealed ln Z of the checkerboard machine, and both of the exact one, do not know of Ising's."""
    right = entry(recipe, None, {}, [2.5])
    spins = sampling.sample(4, 2.5, 2000, rng=1)
    curve = training.learn(right, spins, spins, (1, 2, 3))
    assert curve.step.values.tolist() == [0]
    assert abs(curve.kl.item()) < 4 * curve.kl_error.item() + 1e-6
    machine = weights.machine_of(curve)
    visible = spins if recipe == "exact" else closed_forms.sublattices(spins)[0]
    log_p = training.log_probability(right, machine, spins)
    annealed = rbm.kl(machine, visible, log_p).log_partition_annealed
    known = closed_forms.log_partition(4, 2.5) if recipe == "exact" else exact.log_partition(4, 2.5)
    assert abs(annealed[0] - known) < 4 * annealed[1]
    wrong = entry(recipe, None, {}, [2.4])  # negative control: a machine of another temperature
    off = training.learn(wrong, spins, spins, (1, 2, 3))
    assert rbm.kl(weights.machine_of(off), visible, log_p).kl > 4 * curve.kl_error.item() + 1e-4


@pytest.mark.parametrize("states", ["sampled", "means"])
def test_a_layer_is_trained_on_the_hidden_units_below(states):
    """The stream draws units for the training first, then for the held-out part, which are always sampled."""
    spins = mixture(4000, 10)
    held_out = mixture(1000, 20)
    below = [rbm.train(spins, "cd1-decay", 12, rng=1, steps=1200)]
    told = []
    stack = entry(hidden=[12, 5], states=states)
    curve = training.learn_layer(stack, below, spins, held_out, 5, lambda step, text: told.append(text))
    assert curve.sizes == {"visible": 12, "hidden": 5, "step": 5}
    machine = weights.machine_of(curve)
    rng = np.random.default_rng(5)
    units = rbm.upwards(below, spins, rng, states)
    every = rbm.upwards(below, held_out, rng)
    of_each = training.OBSERVED // len(TEMPERATURES)
    observed = np.concatenate([part[:of_each] for part in np.split(every, len(TEMPERATURES))])
    expected = rbm.pseudo_likelihood(machine, observed)
    assert (curve.pseudo_likelihood[-1], curve.pseudo_likelihood_error[-1]) == pytest.approx(expected)
    trained = rbm.train(units, "cd1-decay", 5, rng, means=states == "means", **OPTIONS)
    np.testing.assert_array_equal(machine.W, trained.W)
    gain = curve.pseudo_likelihood[-1] - curve.pseudo_likelihood[0]
    assert gain > 10 * np.hypot(curve.pseudo_likelihood_error[-1], curve.pseudo_likelihood_error[0])
    assert curve.pseudo_likelihood[0] == pytest.approx(-np.log(2), abs=0.01)  # nothing learned: coins
    assert f"pseudo-likelihood = {expected[0]:.4f}({expected[1]:.4f}) nat per unit" in told


def test_the_parts_of_samples_are_equal_mixtures_that_do_not_meet():
    samples = [1000 * k + np.arange(n)[:, None, None] * np.ones((1, 2, 2)) for k, n in enumerate((50, 37))]
    found = [part[:, 0, 0].tolist() for part in training.parts(samples)]
    assert found == [[*range(30), *range(1000, 1030)], [*range(40, 47), *range(1030, 1037)]]


@pytest.mark.parametrize("layer", [1, 2])
def test_a_training_that_runs_away_says_of_which_machine(layer):
    made = entry(options={"steps": 200, "learning_rate": 1000.0}, hidden=[12, 5])
    spins = mixture(50, 1)
    below = [rbm.train(spins, hidden=12, steps=1)]
    with (
        pytest.raises(FloatingPointError, match=r"^machine cd1, seed 3: .* at step \d+, .*; lower learning") as failure,
        training.named("cd1, seed 3"),
    ):
        learn(made=made) if layer == 1 else training.learn_layer(made, below, spins, spins, 1)
    assert isinstance(failure.value.__cause__, FloatingPointError)
    with pytest.raises(ValueError, match="other"), training.named("cd1, seed 3"):
        raise ValueError("other")
