"""RBMs against sums over all states, and the Ising model as an RBM in closed form against Kaufman."""

import numpy as np
import pytest
from enumeration import random_machine, states

from rbmrg import exact, rbm, sampling
from rbmrg.lattice import energy, magnetisation
from rbmrg.rbm.model import sum_log_2cosh


def log_sum_exp(x, axis=None):
    return np.logaddexp.reduce(np.ravel(x) if axis is None else x, axis=axis or 0)


def minus_energy(machine, v, h):
    """−E(v, h), [n_v, n_h], in float64."""
    W, c, b = (part.astype(np.float64) for part in (machine.W, machine.visible_bias, machine.hidden_bias))
    return v @ W @ h.T + (v @ c)[:, None] + h @ b


# --- the model by brute force -----------------------------------------------------------------------------------------


def test_conditional_means_and_free_energy_are_sums_over_the_other_layer():
    machine = random_machine(5, 4, scale=0.7)
    v = states(5)
    h = states(4)
    joint = minus_energy(machine, v, h)
    np.testing.assert_allclose(machine.free_energy(v), -log_sum_exp(joint, axis=1), rtol=1e-12)
    p_h = np.exp(joint - log_sum_exp(joint, axis=1)[:, None])
    np.testing.assert_allclose(machine.hidden_mean(v), p_h @ h, atol=1e-6)
    p_v = np.exp(joint - log_sum_exp(joint, axis=0))
    np.testing.assert_allclose(machine.visible_mean(h), p_v.T @ v, atol=1e-6)


def test_sums_of_log_2cosh_do_not_overflow():
    """Not for large fields, nor for more of them than float64 has powers of two."""
    known = np.log(2), 1.1269280110429727, 3.0024756851377304, 1e4
    np.testing.assert_allclose(sum_log_2cosh(np.array([[0], [1], [-3], [1e4]])), known)
    np.testing.assert_allclose(
        sum_log_2cosh(np.tile([0, 1, -3, 0.01], (1, 1500)))[0] / 1500, sum(known[:3]) + np.log(2 * np.cosh(0.01))
    )


def test_the_pseudo_likelihood_is_that_of_conditional_probabilities():
    machine = random_machine(5, 4, scale=0.7)
    spins = states(5)[[0, 3, 3, 17, 30]]
    log_p = {tuple(v): value for v, value in zip(states(5), -machine.free_energy(states(5)), strict=True)}
    expected = []
    for v in spins:
        for i in range(5):
            flipped = v * np.where(np.arange(5) == i, -1, 1)
            expected.append(log_p[tuple(v)] - np.logaddexp(log_p[tuple(v)], log_p[tuple(flipped)]))
    rows = np.reshape(expected, (5, 5)).mean(axis=1)
    mean, error = rbm.pseudo_likelihood(machine, spins)
    assert mean == pytest.approx(rows.mean(), rel=1e-12)
    assert error == pytest.approx(rows.std(ddof=1) / np.sqrt(5), rel=1e-9)
    assert mean != pytest.approx(
        rbm.pseudo_likelihood(rbm.RBM(machine.W, 0 * machine.visible_bias, machine.hidden_bias), spins)[0]
    )


def test_the_pseudo_likelihood_of_the_exact_machine_is_that_of_the_local_field():
    """ln p(s_i | neighbours) = −ln(1 + e^{−2 K s_i Σ s_j})."""
    T = 2.5
    spins = sampling.sample(6, T, 200, rng=1).astype(int)
    around = sum(np.roll(spins, step, axis) for step in (1, -1) for axis in (1, 2))
    expected = -np.log1p(np.exp(-2 / T * spins * around)).mean()
    assert rbm.pseudo_likelihood(rbm.exact_machine(6, T), spins)[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("visible", "hidden"), [(5, 4), (4, 5), (3, 1), (1, 16)])
def test_enumeration_sums_every_state_whichever_layer_is_smaller(visible, hidden):
    machine = random_machine(visible, hidden, scale=0.7)
    expected = log_sum_exp(minus_energy(machine, states(visible), states(hidden)))
    assert rbm.log_partition_enumerated(machine) == pytest.approx(expected, rel=1e-12)


def test_enumeration_in_chunks_is_complete():
    machine = rbm.RBM(np.zeros((100, 16)), np.zeros(100), np.zeros(16))
    assert rbm.log_partition_enumerated(machine) == pytest.approx(116 * np.log(2), rel=1e-12)


def test_enumeration_refuses_machines_that_are_too_large():
    with pytest.raises(ValueError, match="17 visible and 21 hidden"):
        rbm.log_partition_enumerated(random_machine(17, 21, scale=0.7))


# --- the exact machine ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("L", [2, 3, 4])
@pytest.mark.parametrize("T", [0.5, 1.5, exact.TC, 10.0, np.inf])
def test_the_exact_machine_is_the_ising_model(L, T):
    spins = exact.enumerate_states(L)
    difference = rbm.exact_machine(L, T).free_energy(spins) - energy(spins) / T
    # Weights are rounded to float32: by up to 3e-8 of |E|/T ≤ 2N/T
    tolerance = 2e-7 * (1 + 2 * L**2 / T)
    assert np.ptp(difference) < tolerance
    np.testing.assert_allclose(difference, -2 * L**2 * (1 / T + np.log(2)), atol=tolerance)


def test_weights_that_ignore_the_hidden_sum_are_not_the_ising_model():
    """Negative control: w = K."""
    machine = rbm.exact_machine(4, 2.0)
    spins = exact.enumerate_states(4)
    wrong = rbm.RBM(np.sign(machine.W) / 2, machine.visible_bias, machine.hidden_bias)
    assert np.ptp(wrong.free_energy(spins) - energy(spins) / 2) > 1


def test_the_exact_machine_stays_finite_where_its_weights_overflow_in_the_formula():
    w = rbm.exact_machine(4, 1e-3).W.max()
    assert w == pytest.approx((2000 + np.log(2)) / 2, rel=1e-6)


def test_the_kl_of_the_exact_machine_is_zero_over_all_states():
    machine = rbm.exact_machine(4, exact.TC)
    spins = exact.enumerate_states(4)
    log_p = exact.log_probability(energy(spins), 4, exact.TC)
    log_q = -machine.free_energy(spins) - rbm.log_partition_enumerated(machine)
    assert abs(np.sum(np.exp(log_p) * (log_p - log_q))) < 1e-9  # second order in the rounding of the weights


def log_partition_of_exact_machine(L, T):
    return exact.log_partition(L, T) + 2 * L**2 * (1 / T + np.log(2))


@pytest.mark.parametrize("T", [1.8, exact.TC, 3.5])
def test_kl_and_annealing_of_the_exact_machine_at_L_10(T):
    machine = rbm.exact_machine(10, T)
    spins = sampling.sample(10, T, 5000, rng=1)
    divergence = rbm.kl(machine, spins, exact.log_probability(energy(spins), 10, T), rng=2, temperatures=500)
    assert divergence.method == "reweighting"
    assert divergence.effective_samples == pytest.approx(5000)
    assert abs(divergence.kl) < 1e-9
    value, error = divergence.log_partition_annealed
    assert 0 < error < 0.5
    # One z-score: false alarm 6e-5.  The other estimate is exact up to rounding.
    assert abs(value - log_partition_of_exact_machine(10, T)) < 4 * error
    assert divergence.log_partition_reweighted[0] == pytest.approx(log_partition_of_exact_machine(10, T), abs=1e-4)


# --- three ways to ln Z -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small():
    """A machine trained at L = 4, T = 2.5, with 12 hidden units; other configurations, their ln p; ln Z enumerated."""
    spins = sampling.sample(4, 2.5, 60_000, rng=1)
    machine = rbm.train(spins[:10_000], "paper", hidden=12, steps=2000, rng=3)
    log_p = exact.log_probability(energy(spins[10_000:]), 4, 2.5)
    return machine, spins[10_000:], log_p, rbm.log_partition_enumerated(machine)


def z_scores(machine, spins, log_p, truth):
    value, error, effective = rbm.log_partition_reweighted(machine, spins, log_p)
    annealed, annealed_error = rbm.log_partition_annealed(machine, chains=500, temperatures=200, rng=4)
    assert effective > 100
    return np.abs([(value - truth) / error, (annealed - truth) / annealed_error])


def test_enumeration_reweighting_and_annealing_agree(small):
    assert z_scores(*small).max() < 4  # two z-scores: false alarm 1.3e-4


def test_reweighting_and_annealing_notice_a_missing_bias(small):
    """Negative control: ln Z of a machine without its visible biases, enumerated, is not that of the machine."""
    machine, spins, log_p, _ = small
    shifted = rbm.RBM(machine.W, machine.visible_bias + 0.2, machine.hidden_bias)
    assert z_scores(machine, spins, log_p, rbm.log_partition_enumerated(shifted)).min() > 8


def test_annealing_of_a_machine_with_biases_agrees_with_enumeration():
    machine = random_machine(14, 10, scale=0.4)
    value, error = rbm.log_partition_annealed(machine, chains=1000, temperatures=100, rng=4)
    assert abs(value - rbm.log_partition_enumerated(machine)) < 4 * error  # false alarm 6e-5
    # Negative control: the same machine with hidden biases 20 % larger.
    other = rbm.RBM(machine.W, machine.visible_bias, 1.2 * machine.hidden_bias)
    assert abs(value - rbm.log_partition_enumerated(other)) > 8 * error


def test_kl_is_that_of_the_sum_over_states(small):
    machine, spins, log_p, log_partition = small
    everything = exact.enumerate_states(4)
    log_p_all = exact.log_probability(energy(everything), 4, 2.5)
    truth = np.sum(np.exp(log_p_all) * (log_p_all + machine.free_energy(everything) + log_partition)) / 16
    divergence = rbm.kl(machine, spins, log_p, rng=5)
    assert divergence.method == "reweighting"
    assert truth > 20 * divergence.error  # or the next line could not fail
    assert abs(divergence.kl - truth) < 4 * divergence.error  # false alarm 6e-5


@pytest.mark.parametrize("trained", [True, False])
def test_the_error_of_kl_is_the_spread_over_independent_samples(small, trained):
    """Also for the Ising machine of a nearby temperature, where the noise of ⟨ln p + F⟩ and ln Z nearly cancels."""
    machine, spins, log_p, _ = small
    machine = machine if trained else rbm.exact_machine(4, 2.6)
    parts = zip(np.split(spins, 20), np.split(log_p, 20), strict=True)
    runs = [rbm.kl(machine, *part, temperatures=20) for part in parts]
    assert all(run.method == "reweighting" for run in runs)
    # Ratio of variances, χ² with 19 degrees of freedom: outside (0.25, 2.6) with probability 5e-4.
    ratio = np.var([run.kl for run in runs], ddof=1) / np.mean([run.error**2 for run in runs])
    assert 0.25 < ratio < 2.6


def test_kl_is_annealed_where_reweighting_has_few_effective_samples():
    """Uniform configurations for the Ising machine at T = 1.8: KL = (ln Z − N ln 2)/N, as ⟨E⟩ = 0."""
    spins = sampling.sample(6, np.inf, 2000, rng=1)
    divergence = rbm.kl(rbm.exact_machine(6, 1.8), spins, np.full(2000, -36 * np.log(2)), rng=2)
    assert divergence.effective_samples < 200
    assert divergence.method == "annealing"
    truth = exact.log_partition(6, 1.8) / 36 - np.log(2)
    assert abs(divergence.kl - truth) < 4 * divergence.error < 0.2  # false alarm 6e-5


def test_kl_is_annealed_where_the_samples_miss_a_mode():
    """Data with m > 0 only, for a machine with both signs: all weights are equal, yet Z is twice their estimate."""
    L = 5
    T = 2.0
    spins = sampling.sample(L, T, 2000, rng=1)
    spins = spins * np.sign(magnetisation(spins)).astype(np.int8)[:, None, None]  # L is odd: m is never 0
    log_p = exact.log_probability(energy(spins), L, T) + np.log(2)
    divergence = rbm.kl(rbm.exact_machine(L, T), spins, log_p, rng=2, chains=1000, temperatures=500)
    assert divergence.effective_samples == pytest.approx(2000)
    assert divergence.method == "annealing"
    assert abs(divergence.kl - np.log(2) / L**2) < 4 * divergence.error  # false alarm 6e-5
    assert 10 * divergence.error < np.log(2) / L**2


@pytest.mark.parametrize("log_p", [np.zeros(3), np.full(4, -np.inf), np.zeros((4, 1))])
def test_probabilities_that_do_not_fit_are_refused(log_p):
    with pytest.raises(ValueError, match=r"must be (n ≥ 2|finite) numbers"):
        rbm.kl(random_machine(4, 2, scale=0.7), np.ones((4, 4)), log_p)
