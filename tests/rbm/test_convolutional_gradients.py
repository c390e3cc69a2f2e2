"""Gradients and sampling of convolutional RBMs against all states of a 4 × 4 lattice, and what training reaches.

Seeds are fixed; false-alarm rates are stated where a test is statistical.
"""

from functools import cache

import kernel_arguments
import numpy as np
import pytest
from convolutional_machines import flat, random_machine, seen
from enumeration import conditional, distribution, index, largest_z, passed_on, states
from scipy import stats

from rbmrg import exact, rbm, sampling
from rbmrg.lattice import energy
from rbmrg.rbm import convolutional, convolutional_kernels
from rbmrg.rbm.convolutional import ConvolutionalRBM

SEED = np.uint64(20)
ALL = states(16)  # configurations of 4 × 4, number i having its bits, highest first, as spins
BOUND = 5  # σ; at most 2 × 16 + 3 z-scores: P(any > 5) < 2e-5


def after(machine, p_hidden, steps):
    """P(v) after `steps` steps h → v (→ h → v …) from a distribution of the hidden units."""
    p_visible = passed_on(machine.transposed, states(machine.W.shape[1]), p_hidden)
    return p_visible if steps == 1 else after(machine, passed_on(machine, ALL, p_visible), steps - 1)


@cache
def seen_of_all(size):
    """What filters of this size see in each of ALL."""
    return seen(ALL.reshape(-1, 4, 4), size)


def expected_gradient(machine, difference):
    """Σ_v `difference`(v) times (the sums over places of v ⟨h|v⟩, of v and of ⟨h|v⟩), by rolling the lattice."""
    h = machine.dense().hidden_mean(ALL).reshape(len(ALL), -1, 2, 2) * difference[:, None, None, None]
    products = np.einsum("ijnyx,nfyx->fij", seen_of_all(machine.filters.shape[-1]), h, optimize=True)
    return np.concatenate([products.ravel(), [difference @ ALL.sum(axis=1)], h.sum(axis=(0, 2, 3))])


def measured_gradients(machine, data, chain, calls, keep=False, **options):
    """Gradients of `calls` calls of the kernel with fixed parameters; `keep`: the chain goes on, else starts afresh."""
    sites = convolutional.patches(machine.L, machine.filters.shape[-1])
    state = kernel_arguments.state(data.reshape(len(data), -1), flat(machine), chain, SEED)
    options = kernel_arguments.options(**({"batch": 20, "tanh_means": True} | options))
    gradients = np.empty((calls, state.parameters.size), np.float32)
    for step in range(calls):
        if not keep:
            state.chain[:] = chain
        convolutional_kernels.log_likelihood_gradient(state, sites, step + 1, options, gradients[step])
    return gradients.astype(np.float64), state.chain


@pytest.fixture(scope="module")
def data():
    """30 Ising configurations at T = 2 and their empirical distribution over all states."""
    spins = sampling.sample(4, 2.0, 30, rng=1)
    return spins, np.bincount(index(spins.reshape(30, 16)), minlength=2**16) / 30


@pytest.mark.parametrize(("filters", "size", "k", "tanh_means"), [(2, 4, 1, True), (2, 3, 1, False), (1, 4, 2, True)])
def test_the_gradient_of_contrastive_divergence(data, filters, size, k, tanh_means):
    spins, p_data = data
    machine = random_machine(4, filters, size)
    dense = machine.dense()
    measured, _ = measured_gradients(
        machine, spins, np.ones((4 * filters, 20)), 4000, method="cd", gibbs_steps=k, tanh_means=tanh_means
    )
    p_hidden = conditional(dense, spins).mean(axis=0)
    difference = p_data - after(dense, p_hidden, k)
    expected = expected_gradient(machine, difference)
    assert largest_z(measured, expected) < BOUND
    # Negative controls: the sign, a mean over the four places for their sum, 20 % too much, another k, the transpose.
    for factor in (-1, 1 / 4, 1.2):
        assert largest_z(factor * measured, expected) > 2 * BOUND
    assert largest_z(measured, expected_gradient(machine, p_data - after(dense, p_hidden, 3 - k))) > BOUND
    turned = ConvolutionalRBM(machine.filters.transpose(0, 2, 1), machine.visible_bias, machine.hidden_bias, 4)
    assert largest_z(measured, expected_gradient(turned, difference)) > BOUND


def test_the_gradient_of_persistent_chains_from_a_given_start(data):
    spins, p_data = data
    machine = random_machine(4, 2, 4)
    start = np.array([[1, -1, 1, 1, -1, -1, 1, -1], [-1, 1, 1, -1, -1, -1, -1, 1]]).T
    measured, _ = measured_gradients(machine, spins, start, 4000)
    p_start = sum((states(8) == column).all(axis=1) / 2 for column in start.T)
    expected = expected_gradient(machine, p_data - after(machine.dense(), p_start, 1))
    assert largest_z(measured, expected) < BOUND
    uniform = np.full(256, 1 / 256)
    assert largest_z(measured, expected_gradient(machine, p_data - after(machine.dense(), uniform, 1))) > 2 * BOUND


def test_persistent_chains_at_fixed_parameters_give_the_gradient_of_the_likelihood(data):
    spins, p_data = data
    machine = random_machine(4, 2, 4, scale=0.2)
    measured, _ = measured_gradients(machine, spins, np.ones((8, 50)), 6000, keep=True, gibbs_steps=3)
    blocks = measured[1000:].reshape(50, 100, -1).mean(axis=1)  # of 300 Gibbs steps: independent
    expected = expected_gradient(machine, p_data - distribution(machine.dense()))
    # Student's t with 49 degrees of freedom: P(any of 35 > 5.5) = 5e-5
    assert largest_z(blocks, expected) < 5.5
    once = after(machine.dense(), conditional(machine.dense(), spins).mean(axis=0), 1)
    assert largest_z(blocks, expected_gradient(machine, p_data - once)) > 11  # contrastive divergence is another


def p_value(units, probabilities):
    counts = np.bincount(index(units), minlength=len(probabilities))
    return stats.chisquare(counts, probabilities * counts.sum()).pvalue


@pytest.mark.parametrize(("L", "filters", "size"), [(2, 3, 2), (4, 1, 3), (4, 2, 4)])
def test_chains_of_the_kernels_and_flows_of_the_dense_machine_have_its_distribution(L, filters, size):
    """P(χ²) > 1e-4, two tests; a machine with weights 20 % larger is told apart."""
    machine = random_machine(L, filters, size, scale=0.3)
    dense = machine.dense()
    spins = sampling.sample(L, np.inf, 20, rng=1)
    units = dense.W.shape[1]
    _, chain = measured_gradients(machine, spins, np.ones((units, 20_000)), 1, gibbs_steps=60)
    flow = dense.sample_hidden(dense.gibbs(np.ones((20_000, L, L)), 60, rng=1), rng=2)
    larger = ConvolutionalRBM(1.2 * machine.filters, machine.visible_bias, machine.hidden_bias, L).dense()
    for hidden in (chain.T, flow):
        assert p_value(hidden, distribution(dense.transposed)) > 1e-4
        assert p_value(hidden, distribution(larger.transposed)) < 1e-8


# --- what training reaches --------------------------------------------------------------------------------------------


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
    train, test = (sampling.sample(10, exact.TC, n, rng=rng) for n, rng in ((200_000, 1), (20_000, 2)))
    machine = convolutional.train(train, filters=3, rng=seed).dense()
    result = rbm.kl(machine, test, exact.log_probability(energy(test), 10, exact.TC), rng=3)
    assert result.method == "reweighting"
    assert 0 < result.kl < 2e-4
