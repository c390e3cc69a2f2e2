"""Convolutional RBMs: geometry against np.roll, gradients and sampling against all states of a 4 × 4 lattice.

Seeds are fixed; false-alarm rates are stated where a test is statistical.
"""

import itertools

import numpy as np
import pytest
from scipy import stats

from rbmrg import exact, rbm, sampling
from rbmrg.jit import njit
from rbmrg.lattice import energy
from rbmrg.rbm import convolutional, recipes
from rbmrg.rbm.convolutional import ConvolutionalRBM
from rbmrg.rbm.model import sum_log_2cosh

SEED = np.uint64(20)
SPINS = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (60, 4, 4))


def random_machine(L, filters, size, scale=0.4, seed=3):
    rng = np.random.default_rng(seed)
    parts = (rng.normal(scale=scale, size=shape) for shape in ((filters, size, size), (), filters))
    return ConvolutionalRBM(*parts, L)


def flat(machine):
    return np.concatenate([machine.filters.ravel(), [machine.visible_bias], machine.hidden_bias])


def seen(v, size):
    """The spin at element (dy, dx) of the filter at every place: [size, size, n, L/2, L/2], by rolling the lattice."""
    before = (size - 1) // 2
    rolled = [
        [np.roll(v, (before - dy, before - dx), axis=(1, 2))[:, ::2, ::2] for dx in range(size)] for dy in range(size)
    ]
    return np.array(rolled, np.float64)


# --- geometry ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("L", "size"), [(2, 1), (2, 2), (4, 3), (4, 4), (6, 5), (6, 6), (10, 4)])
def test_the_dense_machine_is_a_convolution_with_stride_two(L, size):
    machine, v = random_machine(L, 3, size), sampling.sample(L, np.inf, 20, rng=1)
    fields = machine.dense().hidden_field(v).reshape(20, 3, L // 2, L // 2)
    expected = np.einsum("fij,ijnyx->nfyx", machine.filters, seen(v, size)) + machine.hidden_bias[:, None, None]
    np.testing.assert_allclose(fields, expected, atol=1e-5)
    np.testing.assert_array_equal(machine.dense().visible_bias, machine.visible_bias)
    # Negative control: the filter turned by a quarter.
    turned = np.einsum("fij,ijnyx->nfyx", np.rot90(machine.filters, axes=(1, 2)), seen(v, size))
    assert size == 1 or np.abs(fields - turned - machine.hidden_bias[:, None, None]).max() > 0.1


@pytest.mark.parametrize("size", [3, 4])
def test_translations_by_two_sites_carry_hidden_units_by_one(size):
    machine, v = random_machine(6, 2, size), sampling.sample(6, np.inf, 20, rng=1)
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


# --- gradients --------------------------------------------------------------------------------------------------------


def states(n):
    return np.array(list(itertools.product([-1, 1], repeat=n)), np.int8)


ALL = states(16)  # configurations of 4 × 4, number i having its bits, highest first, as spins
BOUND = 5  # σ; at most 2 × 16 + 3 z-scores: P(any > 5) < 2e-5


def distribution(machine):
    """P(v) of all states of the visible layer."""
    weights = -machine.free_energy(states(len(machine.W)))
    return np.exp(weights - np.logaddexp.reduce(weights))


def conditional(machine, v):
    """p(h|v) for all states of the hidden layer, [n, states]."""
    field = machine.hidden_field(v, np.float64)
    return np.exp(field @ states(field.shape[1]).T - sum_log_2cosh(field)[:, None])


def after(machine, p_hidden, steps):
    """P(v) after `steps` steps h → v (→ h → v …) from a distribution of the hidden units."""
    forth = conditional(machine.transposed, states(machine.W.shape[1]))
    if steps == 1:
        return p_hidden @ forth
    return after(machine, (p_hidden @ forth) @ conditional(machine, ALL), steps - 1)


def expected_gradient(machine, difference):
    """Σ_v `difference`(v) times (the sums over places of v ⟨h|v⟩, of v and of ⟨h|v⟩), by rolling the lattice."""
    v, size = ALL.reshape(-1, 4, 4), machine.filters.shape[-1]
    h = machine.dense().hidden_mean(v).reshape(len(v), -1, 2, 2) * difference[:, None, None, None]
    products = np.einsum("ijnyx,nfyx->fij", seen(v, size), h, optimize=True)
    return np.concatenate([products.ravel(), [difference @ ALL.sum(axis=1)], h.sum(axis=(0, 2, 3))])


def measured_gradients(machine, data, chain, calls, gibbs_steps, persistent, keep=False, tanh_means=True, batch=20):
    """Gradients of `calls` calls of the kernel with fixed parameters; `keep`: the chain goes on, else starts afresh."""
    parameters, sites = flat(machine), convolutional.patches(machine.L, machine.filters.shape[-1])
    gradients = np.empty((calls, parameters.size), np.float32)
    start = np.ascontiguousarray(chain, np.float32)
    running = start.copy()
    for step in range(calls):
        running = running if keep else start.copy()
        convolutional.log_likelihood_gradient(
            data.reshape(len(data), -1), sites, parameters, running, SEED, step + 1, batch, gibbs_steps, persistent,
            tanh_means, False, gradients[step],
        )  # fmt: skip
    return gradients.astype(np.float64), running


def largest_z(gradients, expected):
    return np.abs((gradients.mean(axis=0) - expected) * np.sqrt(len(gradients)) / gradients.std(axis=0, ddof=1)).max()


@pytest.fixture(scope="module")
def data():
    """30 Ising configurations at T = 2 and their empirical distribution over all states."""
    spins = sampling.sample(4, 2.0, 30, rng=1)
    return spins, np.bincount((spins.reshape(30, 16) > 0) @ (1 << np.arange(16)[::-1]), minlength=2**16) / 30


@pytest.mark.parametrize(("filters", "size", "k", "tanh_means"), [(2, 4, 1, True), (2, 3, 1, False), (1, 4, 2, True)])
def test_the_gradient_of_contrastive_divergence(data, filters, size, k, tanh_means):
    spins, p_data = data
    machine = random_machine(4, filters, size)
    dense = machine.dense()
    measured, _ = measured_gradients(machine, spins, np.ones((4 * filters, 20)), 4000, k, False, tanh_means=tanh_means)
    p_hidden = conditional(dense, spins).mean(axis=0)
    expected = expected_gradient(machine, p_data - after(dense, p_hidden, k))
    assert largest_z(measured, expected) < BOUND
    # Negative controls: the sign, a mean over the four places for their sum, 20 % too much, another k, the transpose.
    for factor in (-1, 1 / 4, 1.2):
        assert largest_z(factor * measured, expected) > 2 * BOUND
    assert largest_z(measured, expected_gradient(machine, p_data - after(dense, p_hidden, 3 - k))) > BOUND
    turned = ConvolutionalRBM(machine.filters.transpose(0, 2, 1), machine.visible_bias, machine.hidden_bias, 4)
    assert largest_z(measured, expected_gradient(turned, p_data - after(dense, p_hidden, k))) > BOUND


def test_the_gradient_of_persistent_chains_from_a_given_start(data):
    spins, p_data = data
    machine = random_machine(4, 2, 4)
    start = np.array([[1, -1, 1, 1, -1, -1, 1, -1], [-1, 1, 1, -1, -1, -1, -1, 1]]).T
    measured, _ = measured_gradients(machine, spins, start, 4000, 1, True)
    p_start = sum((states(8) == column).all(axis=1) / 2 for column in start.T)
    expected = expected_gradient(machine, p_data - after(machine.dense(), p_start, 1))
    assert largest_z(measured, expected) < BOUND
    uniform = np.full(256, 1 / 256)
    assert largest_z(measured, expected_gradient(machine, p_data - after(machine.dense(), uniform, 1))) > 2 * BOUND


def test_persistent_chains_at_fixed_parameters_give_the_gradient_of_the_likelihood(data):
    spins, p_data = data
    machine = random_machine(4, 2, 4, scale=0.2)
    measured, _ = measured_gradients(machine, spins, np.ones((8, 50)), 6000, 3, True, keep=True)
    blocks = measured[1000:].reshape(50, 100, -1).mean(axis=1)  # of 300 Gibbs steps: independent
    expected = expected_gradient(machine, p_data - distribution(machine.dense()))
    # Student's t with 49 degrees of freedom: P(any of 35 > 5.5) = 5e-5
    assert largest_z(blocks, expected) < 5.5
    once = after(machine.dense(), conditional(machine.dense(), spins).mean(axis=0), 1)
    assert largest_z(blocks, expected_gradient(machine, p_data - once)) > 11  # contrastive divergence is another


def p_value(units, probabilities):
    counts = np.bincount((units > 0) @ (1 << np.arange(units.shape[1])[::-1]), minlength=len(probabilities))
    return stats.chisquare(counts, probabilities * counts.sum()).pvalue


@pytest.mark.parametrize(("L", "filters", "size"), [(2, 3, 2), (4, 1, 3), (4, 2, 4)])
def test_chains_of_the_kernels_and_flows_of_the_dense_machine_have_its_distribution(L, filters, size):
    """P(χ²) > 1e-4, two tests; a machine with weights 20 % larger is told apart."""
    machine = random_machine(L, filters, size, scale=0.3)
    dense = machine.dense()
    spins, units = sampling.sample(L, np.inf, 20, rng=1), dense.W.shape[1]
    _, chain = measured_gradients(machine, spins, np.ones((units, 20_000)), 1, 60, True)
    flow = dense.sample_hidden(dense.gibbs(np.ones((20_000, L, L)), 60, rng=1), rng=2)
    larger = ConvolutionalRBM(1.2 * machine.filters, machine.visible_bias, machine.hidden_bias, L).dense()
    for hidden in (chain.T, flow):
        assert p_value(hidden, distribution(dense.transposed)) > 1e-4
        assert p_value(hidden, distribution(larger.transposed)) < 1e-8


# --- training ---------------------------------------------------------------------------------------------------------


def divergence(machine, T):
    """KL(Ising model‖machine) in nats per spin, from all states."""
    log_p = exact.log_probability(energy(ALL.reshape(-1, 4, 4)), 4, T)
    return np.exp(log_p) @ (log_p - np.log(distribution(machine.dense()))) / 16


def test_two_filters_learn_the_ising_model_and_one_cannot():
    spins = sampling.sample(4, 2.5, 20_000, rng=2)
    one, two = (divergence(convolutional.train(spins, filters=f, steps=4000), 2.5) for f in (1, 2))
    untrained = divergence(convolutional.train(spins, steps=0), 2.5)
    assert two < 0.002
    assert 0.01 < one < untrained / 4


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_filters_learn_the_critical_ising_model_at_L_10(seed):
    train, test = sampling.sample(10, exact.TC, 200_000, rng=1), sampling.sample(10, exact.TC, 20_000, rng=2)
    machine = convolutional.train(train, filters=3, rng=seed).dense()
    result = rbm.kl(machine, test, exact.log_probability(energy(test), 10, exact.TC), rng=3)
    assert result.method == "reweighting"
    assert 0 < result.kl < 2e-4


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
    """One step without data's pull (T = ∞, infinitely many) would be l1 × 4 places; here: against the kernel."""
    parameters, gradient = np.full(18, 0.5, np.float32), np.empty(18, np.float32)
    sites, data, chain = convolutional.patches(4, 4), SPINS.reshape(60, 16), np.ones((4, 3), np.float32)
    convolutional.log_likelihood_gradient(
        data, sites, parameters, chain.copy(), SEED, 1, 20, 1, True, True, False, gradient
    )
    first = np.zeros(18, np.float32)
    convolutional.train_steps(
        data, sites, parameters, first, first, np.zeros(18, np.float32), chain.copy(), SEED, 0,
        np.zeros(1, np.float32), np.float32(1), np.float32(0), 20, 1, True, True, False, False, np.float32(0.25),
    )  # fmt: skip
    expected = 0.1 * (gradient - np.repeat([0.25 * 4, 0], [16, 2]))
    np.testing.assert_allclose(first, expected, atol=1e-6)


def test_data_flipped_by_fair_coins_leave_biases_small():
    up = np.ones((50, 4, 4), np.int8)
    plain, flipped = (
        convolutional.train(up, steps=300, zero_biases=False, flips=flips, initial_scale=0) for flips in (False, True)
    )
    assert plain.visible_bias > 0.5
    assert abs(flipped.visible_bias) < plain.visible_bias / 4


def test_training_that_diverges_names_the_step():
    with pytest.raises(FloatingPointError, match=r"not finite at step \d+") as failure:
        convolutional.train(SPINS, learning_rate=3e38)
    step = int(str(failure.value).split()[-1])
    assert step < 100
    machine = convolutional.train(SPINS, learning_rate=3e38, steps=step - 1)
    assert np.isfinite(machine.filters).all()


def test_kernels_are_compiled_once():
    """Whatever the types of the arguments."""
    for spins in (SPINS, SPINS.astype(float), SPINS[:, ::-1]):
        convolutional.train(spins, "paper", filters=np.int64(1), size=np.int32(2), steps=1, batch=np.int64(5), l1=1)
        convolutional.train(
            spins, recipes.Recipe(method="cd", filters=1), steps=1, averaging=np.float64(0.5), epsilon=1
        )
    compiled = [kernel for kernel in vars(convolutional).values() if isinstance(kernel, type(njit(lambda: 0)))]
    own = [kernel for kernel in compiled if kernel.py_func.__module__ == convolutional.__name__]
    assert convolutional.train_steps in own
    assert [kernel.py_func.__name__ for kernel in own if len(kernel.signatures) > 1] == []


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spins", "arguments", "message"),
    [
        (SPINS * 2, {}, "only \\+1 and -1"),
        (SPINS * np.nan, {}, "contain nan"),
        (SPINS[:0], {}, "non-empty array"),
        (SPINS[0], {}, "\\[n, L, L\\]"),
        (SPINS[:, :2], {}, "\\[n, L, L\\]"),
        (SPINS.reshape(60, 16), {}, "\\[n, L, L\\]"),
        (SPINS[:, :3, :3], {}, "L = 3: an even L"),
        (SPINS, {"filters": 0}, "filters = 0"),
        (SPINS, {"filters": 1.5}, "filters = 1.5"),
        (SPINS, {"size": 0}, "size = 0"),
        (SPINS, {"size": 5}, "size = 5: .* from 1 to L = 4"),
        (SPINS, {"size": 2.5}, "size = 2.5"),
        (SPINS, {"recipe": "papre"}, "did you mean 'paper'"),
        (SPINS, {"shift": True}, "no option 'shift'"),
        (SPINS, {"steps": -1}, "steps = -1"),
    ],
)
def test_wrong_arguments_are_refused(spins, arguments, message):
    with pytest.raises(ValueError, match=message):
        convolutional.train(spins, **arguments)


@pytest.mark.parametrize("at", [[], [-1], [2, 2], [3, 1], [30_001]])
def test_a_trajectory_refuses_steps_that_do_not_increase_or_lie_outside_the_run(at):
    with pytest.raises(ValueError, match="increasing steps from 0 to 30000"):
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
