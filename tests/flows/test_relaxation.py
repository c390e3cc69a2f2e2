"""Relaxation times: against two-state chains, AR(1) energies and the whole transition matrix of small machines.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import functools
import itertools

import numpy as np
import pytest
from flow_helpers import LONG, STEPS, autoregressive, flow_energies
from scipy import stats as distributions

from rbmrg import rbm, sampling
from rbmrg.flows.fixed_points import relaxation_sum, relaxation_time
from rbmrg.lattice import energy

# --- the sum ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [np.arange(301), STEPS, np.array([0, 300])], ids=["all", "logarithmic", "two"])
@pytest.mark.parametrize("decay", [0.99, 0.5, 1.0, 1.01])
def test_the_sum_of_an_exponential_is_exact(decay, steps):
    for sign in (1, -1):
        expected = sign * np.sum(decay ** np.arange(301.0))
        assert relaxation_sum(sign * decay ** steps.astype(float), steps) == pytest.approx(expected, rel=1e-9)


def test_the_sum_is_the_one_over_the_interpolated_values():
    """Negative and vanishing values, too: each gap filled by hand, exponentially or linearly."""
    steps = np.array([0, 1, 4, 9, 12, 20, 26])
    phi = np.array([1.0, 0.4, 0.1, -0.2, -0.3, 0.0, 0.05])
    total = phi[-1]
    for a, b, first, last in zip(steps[:-1], steps[1:], phi[:-1], phi[1:], strict=True):
        part = np.arange(b - a) / (b - a)
        total += np.sum(first * (last / first) ** part if first * last > 0 else first + part * (last - first))
    assert relaxation_sum(phi, steps) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("decays", [(0.5, 0.98), (0.9, 0.97), (0.0, 0.95), (0.3, 0.99)])
def test_the_interpolation_is_too_large_by_less_than_a_percent(decays):
    """Sums of two exponentials of equal weight.  Negative control: a linear interpolation misses by more."""
    t = np.arange(LONG[-1] + 1.0)
    phi = sum(decay**t for decay in decays) / 2
    assert 1 <= relaxation_sum(phi[LONG], LONG) / phi.sum() < 1.01
    assert (np.trapezoid(phi[LONG], LONG) + (phi[0] + phi[-1]) / 2) / phi.sum() > 1.02


# --- known eigenvalues ------------------------------------------------------------------------------------------------


def two_state(a, b, start, steps, n, rng):
    """Energies 0 or 1, int [steps, n], of chains that leave state 0 with probability a and 1 with b: λ = 1 − a − b."""
    E = np.full(n, start)
    snapshots = []
    for t in range(steps[-1] + 1):
        if t in steps:
            snapshots.append(E)
        E = np.where(rng.random(n) < np.where(E == 0, a, b), 1 - E, E)
    return np.array(snapshots)


@pytest.mark.parametrize(("a", "b"), [(0.02, 0.03), (0.3, 0.1), (0.5, 0.5), (0.6, 0.3)])
@pytest.mark.parametrize("start", [0, 1])
def test_two_state_chains(a, b, start):
    """τ = 1/(a + b) from either state, with the end known or not; |z| < 4.  Negative control: τ wrong by half."""
    E = two_state(a, b, start, STEPS, 20_000, np.random.default_rng(1))
    other = two_state(a, b, 1 - start, STEPS, 20_000, np.random.default_rng(2))
    for end in (a / (a + b), np.array([E[-1], other[-1]])):
        tau, error = relaxation_time(E, end, STEPS)
        assert abs(tau - 1 / (a + b)) < 4 * error
        assert abs(tau - 1.5 / (a + b)) > 4 * error
        assert error < 0.08 / (a + b)


@functools.cache
def repetitions(decay):
    """Energies of 60 times 1000 AR(1) chains, [steps, chains], and the ends of these and of others, [2, chains]."""
    rng = np.random.default_rng(3)
    flows = ([autoregressive(decay, start, -150, STEPS, 1000, rng) for start in (-200, 0)] for _ in range(60))
    return [(cold, np.array([cold[-1], hot[-1]])) for cold, hot in flows]


def repeated(decay, use):
    """(τ, error) [2, repetitions] of AR(1) energies; `use(E, ends)` gives E_end."""
    return np.array([relaxation_time(E, use(E, ends), STEPS) for E, ends in repetitions(decay)]).T


@pytest.mark.parametrize("decay", [0.0, 0.8, 0.95])
@pytest.mark.parametrize("use", [lambda cold, ends: -150, lambda cold, ends: ends], ids=["known", "estimated"])
def test_errors_are_the_scatter_of_repetitions(decay, use):
    """60 times 1000 chains: variance over mean square error is χ²/59, false alarm 2e-3; their mean has |z| < 4."""
    tau, error = repeated(decay, use)
    low, high = distributions.chi2.ppf([1e-3, 1 - 1e-3], 59) / 59
    assert low < tau.var(ddof=1) / np.mean(error**2) < high
    assert abs(tau.mean() - 1 / (1 - decay)) < 4 * tau.std(ddof=1) / np.sqrt(60)


def test_without_the_error_of_the_end_the_error_is_too_small():
    """Negative control of the above: an estimated end taken for a known one."""
    tau, error = repeated(0.95, lambda cold, ends: ends.mean())
    assert tau.var(ddof=1) / np.mean(error**2) > distributions.chi2.ppf(1 - 1e-3, 59) / 59


def test_a_fast_machine_has_a_precise_time_in_a_long_flow():
    """The window: φ of the 1000 steps after the first is noise: summed, too, the error is 9, not 0.03."""
    rng = np.random.default_rng(4)
    E = autoregressive(0.0, -200, -150, LONG, 1000, rng)
    tau, error = relaxation_time(E, E[-1], LONG)
    assert abs(tau - 1) < 4 * error
    assert error < 0.1


def test_a_slow_return_beyond_the_end_is_not_cut_off():
    """φ = (1 + s)·0.5^t − s·0.98^t overshoots: the window reaches to the last significant |φ|, not the first zero."""
    rng = np.random.default_rng(5)
    s = 0.3
    t = LONG.astype(float)
    E = 50 * ((1 + s) * 0.5**t - s * 0.98**t)[:, None] + 5 * rng.normal(size=(len(LONG), 4000))
    tau, error = relaxation_time(E, 0.0, LONG)
    assert abs(tau - ((1 + s) * 2 - s * 50)) < 4 * error
    assert error < 1


def test_a_flow_that_starts_at_its_end_has_no_time():
    still = np.random.default_rng(6).normal(size=(len(STEPS), 100))
    assert np.isnan(relaxation_time(still, 0.0, STEPS)).all()
    assert np.isnan(relaxation_time(np.full((len(STEPS), 100), -200), -200, STEPS)).all()


# --- machines with a known transition matrix --------------------------------------------------------------------------


def transition_matrix(machine):
    """P(v → v') of one step v → h → v' over all states, in the order of `binary`."""
    v = binary(len(machine.W))
    h = binary(len(machine.hidden_bias))
    return given(h, machine.hidden_mean(v)) @ given(v, machine.visible_mean(h))


def binary(units):
    return np.array(list(itertools.product([-1, 1], repeat=units)), np.int8)


def given(states, means):
    """P(state) of independent units with `means` [n, units] → [n, states]."""
    return np.prod((1 + means[:, None, :].astype(float) * states) / 2, axis=2)


def exact_relaxation(machine, L, start, steps):
    """(mean energies at 0 … steps − 1, at the end of time) by the transition matrix; `start` [2^N] probabilities."""
    P = transition_matrix(machine)
    E = energy(binary(L * L).reshape(-1, L, L))
    p = start
    means = []
    for _ in range(steps):
        means.append(p @ E)
        p = p @ P
    return np.array(means), p @ E


def small_machine():
    """9 visible, 4 hidden units, with biases: no Ising model."""
    rng = np.random.default_rng(7)
    return rbm.RBM(rng.normal(0, 0.6, (9, 4)), rng.normal(0, 0.2, 9), rng.normal(0, 0.2, 4))


@pytest.mark.parametrize(("machine", "L"), [(rbm.exact_machine(2, 3.0), 2), (small_machine(), 3)], ids=["exact", "any"])
@pytest.mark.parametrize("T", [0.0, np.inf])
def test_machines_against_their_transition_matrix(machine, L, T):
    """τ of flows from T = 0 and ∞, |z| < 4; half of it is far away."""
    states = energy(binary(L * L).reshape(-1, L, L))
    start = (states == states.min()) if T == 0 else np.ones(len(states))
    means, end = exact_relaxation(machine, L, start / start.sum(), 2000)
    expected = np.sum((means - end) / (means[0] - end))
    E = flow_energies(machine, sampling.sample(L, T, 20_000, rng=8), STEPS, rng=9)
    tau, error = relaxation_time(E, E[-1], STEPS)
    assert abs(tau - expected) < 4 * error + 0.01 * expected  # 1 %: the interpolation
    assert abs(tau - 0.5 * expected) > 4 * error + 0.01 * expected
    assert expected > 1.1  # there is something to be measured
