"""Convolutional RBMs: geometry against np.roll, training and its options, arguments that are refused."""

import re

import kernel_arguments
import numpy as np
import pytest
from convolutional_machines import flat, random_machine, seen

from rbmrg import exact, rbm, sampling
from rbmrg.lattice import energy
from rbmrg.rbm import convolutional, convolutional_kernels, recipes
from rbmrg.rbm.convolutional import ConvolutionalRBM

SPINS = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (60, 4, 4))


# --- geometry ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("L", "size"), [(2, 1), (2, 2), (4, 3), (4, 4), (6, 5), (6, 6), (10, 4)])
def test_the_dense_machine_is_a_convolution_with_stride_two(L, size):
    machine = random_machine(L, 3, size)
    v = sampling.sample(L, np.inf, 20, rng=1)
    fields = machine.dense().hidden_field(v).reshape(20, 3, L // 2, L // 2)
    expected = np.einsum("fij,ijnyx->nfyx", machine.filters, seen(v, size)) + machine.hidden_bias[:, None, None]
    np.testing.assert_allclose(fields, expected, atol=1e-5)
    np.testing.assert_array_equal(machine.dense().visible_bias, machine.visible_bias)
    # Negative control: the filter turned by a quarter.
    turned = np.einsum("fij,ijnyx->nfyx", np.rot90(machine.filters, axes=(1, 2)), seen(v, size))
    assert size == 1 or np.abs(fields - turned - machine.hidden_bias[:, None, None]).max() > 0.1


@pytest.mark.parametrize("size", [3, 4])
def test_translations_by_two_sites_carry_hidden_units_by_one(size):
    machine = random_machine(6, 2, size)
    v = sampling.sample(6, np.inf, 20, rng=1)
    dense = machine.dense()
    moved = dense.hidden_field(np.roll(v, (2, -4), axis=(1, 2))).reshape(20, 2, 3, 3)
    expected = np.roll(dense.hidden_field(v).reshape(20, 2, 3, 3), (1, -2), axis=(2, 3))
    np.testing.assert_allclose(moved, expected, atol=1e-5)
    F = [dense.free_energy(np.roll(v, (0, step), axis=(1, 2))) for step in (0, 2, 1)]
    np.testing.assert_allclose(F[0], F[1], rtol=1e-12)
    assert np.abs(F[0] - F[2]).max() > 0.1  # one site is no symmetry


def stars(L, K, centre=15.0):
    """Two filters, each a copy of a spin on the first sublattice, joined to its four neighbours."""
    filters = np.zeros((2, 4, 4))
    for f in range(2):
        filters[f, f : f + 3, f : f + 3] = [[0, K, 0], [K, centre, K], [0, K, 0]]
    return ConvolutionalRBM(filters, 0, np.zeros(2), L)


@pytest.mark.parametrize("L", [4, 6, 10])
@pytest.mark.parametrize("T", [1.0, exact.TC])
def test_the_ising_model_is_a_convolutional_machine(L, T):
    """ln 2cosh(a s + K Σs') = a + K s Σs' up to e^{−2(a − 4K)}: two stars a block join every pair of neighbours."""
    spins = sampling.sample(L, 3.0, 200, rng=1)
    difference = stars(L, 1 / T).dense().free_energy(spins) - energy(spins) / T
    assert np.ptp(difference) < 2e-5
    wrong = stars(L, 1.01 / T).dense().free_energy(spins) - energy(spins) / T
    assert np.ptp(wrong) > 0.05  # negative control


# --- training ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", rbm.RECIPES)
def test_a_run_cut_in_two_gives_the_same_bits(recipe):
    options = {"steps": 100, "averaging": 0.3, "filters": 2, "size": 3}
    *_, (step, cut) = convolutional.trajectory(SPINS, recipe, 1, at=[0, 50, 100], **options)
    assert step == 100
    whole = convolutional.train(SPINS, recipe, np.random.default_rng(1), **options)
    assert flat(cut).tobytes() == flat(whole).tobytes()
    other = convolutional.train(SPINS, recipe, 2, **options)
    assert np.abs(flat(cut) - flat(other)).max() > 1e-2


def test_the_machine_is_of_float32_and_the_untrained_one_has_small_random_weights():
    machines = dict(convolutional.trajectory(SPINS, "paper", 1, at=[0, 1], filters=500))
    for machine in machines.values():
        assert machine.filters.shape == (500, 4, 4)
        assert machine.hidden_bias.shape == (500,)
        assert machine.filters.dtype == machine.visible_bias.dtype == machine.hidden_bias.dtype == np.float32
        assert machine.L == 4
    # 8000 weights: the standard deviation is known to 0.8 %; 5σ
    assert machines[0].filters.std() == pytest.approx(0.05, rel=0.04)
    assert not flat(machines[0])[8000:].any()
    assert flat(machines[1])[8000:].any()
    assert not np.array_equal(machines[0].filters, machines[1].filters)  # they do not share memory


def test_zero_biases_stay_zero_and_others_do_not():
    kept, learned = (convolutional.train(SPINS, filters=2, steps=50, zero_biases=zero) for zero in (True, False))
    assert not flat(kept)[-3:].any()
    assert flat(learned)[-3:].all()


def test_the_l1_penalty_is_on_the_dense_weights():
    """The gradient of each weight is lowered by l1 for each of its 4 places: see Adam's first moment after a step."""
    sites = convolutional.patches(4, 4)
    options = kernel_arguments.options(batch=20, tanh_means=True, l1=0.25, epsilon=1)
    before, after = (
        kernel_arguments.state(SPINS.reshape(60, 16), np.full(18, 0.5), np.ones((4, 3)), seed=20) for _ in range(2)
    )
    gradient = np.empty(18, np.float32)
    convolutional_kernels.log_likelihood_gradient(before, sites, 1, options, gradient)
    convolutional_kernels.train_steps(after, sites, 0, np.zeros(1, np.float32), options)
    expected = 0.1 * (gradient - np.repeat([0.25 * 4, 0], [16, 2]))
    np.testing.assert_allclose(after.first, expected, atol=1e-6)


def test_data_flipped_by_fair_coins_leave_biases_small():
    up = np.ones((50, 4, 4), np.int8)
    plain, flipped = (
        convolutional.train(up, steps=300, zero_biases=False, flips=flips, initial_scale=0) for flips in (False, True)
    )
    assert plain.visible_bias > 0.5
    assert abs(flipped.visible_bias) < plain.visible_bias / 4


@pytest.mark.parametrize("rate", [100.0, 1e3])
def test_training_that_runs_away_names_the_step(rate):
    with pytest.raises(FloatingPointError, match=r"ran away: .* at step \d+, .* lower learning_rate") as failure:
        convolutional.train(SPINS, "paper", filters=1, learning_rate=rate)
    step = int(re.search(r"at step (\d+)", str(failure.value))[1])
    assert (step > 2) == (rate == 100)
    machine = convolutional.train(SPINS, "paper", filters=1, learning_rate=rate, steps=step - 1)
    assert np.abs(flat(machine)).max() <= 1000


def test_kernels_are_compiled_once():
    """Whatever the types of the arguments."""
    for spins in (SPINS, SPINS.astype(float), SPINS[:, ::-1]):
        convolutional.train(spins, "paper", filters=np.int64(1), size=np.int32(2), steps=1, batch=np.int64(5), l1=1)
        convolutional.train(
            spins, recipes.Recipe(method="cd", filters=1), steps=1, averaging=np.float64(0.5), epsilon=1
        )
    members = vars(convolutional_kernels).values()
    compiled = [kernel for kernel in members if isinstance(kernel, type(convolutional_kernels.train_steps))]
    own = [kernel for kernel in compiled if kernel.py_func.__module__ == convolutional_kernels.__name__]
    assert convolutional_kernels.train_steps in own
    assert [kernel.py_func.__name__ for kernel in own if len(kernel.signatures) > 1] == []


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spins", "arguments", "message"),
    [
        (SPINS * 2, {}, "must be \\+1 or -1"),
        (SPINS * np.nan, {}, "contain nan"),
        (SPINS[:0], {}, "non-empty array"),
        (SPINS[0], {}, "\\[n, L, L\\]"),
        (SPINS[:, :2], {}, "\\[n, L, L\\]"),
        (SPINS.reshape(60, 16), {}, "\\[n, L, L\\]"),
        (SPINS[:, :3, :3], {}, "L = 3: must be even"),
        (SPINS, {"filters": 0}, "filters = 0"),
        (SPINS, {"filters": 1.5}, "filters = 1.5"),
        (SPINS, {"size": 0}, "size = 0"),
        (SPINS, {"size": 5}, "size = 5: must be at most L = 4"),
        (SPINS, {"size": 2.5}, "size = 2.5"),
        (SPINS, {"recipe": "papre"}, "did you mean paper"),
        (SPINS, {"shift": True}, "shift: unknown option"),
        (SPINS, {"steps": -1}, "steps = -1"),
    ],
)
def test_wrong_arguments_are_refused(spins, arguments, message):
    with pytest.raises(ValueError, match=message):
        convolutional.train(spins, **arguments)


@pytest.mark.parametrize("at", [[], [-1], [2, 2], [3, 1], [30_001]])
def test_a_trajectory_refuses_steps_that_do_not_increase_or_lie_outside_the_run(at):
    with pytest.raises(ValueError, match=r"must be (increasing steps from 0 to 30000|an integer ≥ 0)"):
        convolutional.trajectory(SPINS, "convolutional", 1, at=at)


@pytest.mark.parametrize(
    ("filters", "hidden_bias", "L", "message"),
    [
        (np.zeros((2, 3, 4)), np.zeros(2), 4, "do not fit"),
        (np.zeros((3, 3)), np.zeros(3), 4, "do not fit"),
        (np.zeros((2, 3, 3)), np.zeros(3), 4, "do not fit"),
        (np.zeros((0, 3, 3)), np.zeros(0), 4, "filters = 0"),
        (np.zeros((2, 5, 5)), np.zeros(2), 4, "size = 5"),
        (np.zeros((2, 3, 3)), np.zeros(2), 5, "L = 5"),
        (np.zeros((1, 1, 1)), np.zeros(1), 0, "L = 0"),
    ],
)
def test_machines_that_do_not_fit_are_refused(filters, hidden_bias, L, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionalRBM(filters, 0, hidden_bias, L)
