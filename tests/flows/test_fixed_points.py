"""Ends and relaxation times of flows: against two-state chains, AR(1) energies and machines small enough for their
whole transition matrix.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import itertools

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import exact, rbm, sampling
from rbmrg.flows.fixed_points import fixed_point, relaxation_sum, relaxation_time, rivals
from rbmrg.lattice import TC, energy

STEPS = np.array([0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300])
LONG = np.append(STEPS, [500, 700, 1000])
SIDES = "cold", "hot"


def two_state(a, b, start, steps, n, rng):
    """Energies 0 or 1, int [steps, n], of chains that leave state 0 with probability a and 1 with b: λ = 1 − a − b."""
    E, snapshots = np.full(n, start), []
    for t in range(steps[-1] + 1):
        if t in steps:
            snapshots.append(E)
        E = np.where(rng.random(n) < np.where(E == 0, a, b), 1 - E, E)
    return np.array(snapshots)


def autoregressive(decay, start, end, steps, n, rng, scatter=20.0):
    """Energies [steps, n] with mean end + (start − end) λ^t and stationary Gaussian scatter, from a sharp start."""
    rows = [np.full(n, float(start))]
    for m in np.diff(steps):
        power = decay**m
        rows.append(end + power * (rows[-1] - end) + scatter * np.sqrt(1 - power**2) * rng.normal(size=n))
    return np.array(rows)


def flow_energies(machine, spins, steps, rng):
    """Energies [steps, n] of the flow of `spins` [n, L, L]."""
    rng, rows = np.random.default_rng(rng), [energy(spins)]
    for m in np.diff(steps):
        spins = machine.gibbs(spins, int(m), rng)
        rows.append(energy(spins))
    return np.array(rows)


def transition_matrix(machine):
    """P(v → v') of one step v → h → v' over all states, in the order of `binary`."""
    v, h = binary(len(machine.W)), binary(len(machine.hidden_bias))
    return given(h, machine.hidden_mean(v)) @ given(v, machine.visible_mean(h))


def binary(units):
    return np.array(list(itertools.product([-1, 1], repeat=units)), np.int8)


def given(states, means):
    """P(state) of independent units with `means` [n, units] → [n, states]."""
    return np.prod((1 + means[:, None, :].astype(float) * states) / 2, axis=2)


def exact_relaxation(machine, L, start, steps):
    """(mean energies at 0 … steps − 1, at the end of time) by the transition matrix; `start` [2^N] probabilities."""
    P, E = transition_matrix(machine), energy(binary(L * L).reshape(-1, L, L))
    p, means = start, []
    for _ in range(steps):
        means.append(p @ E)
        p = p @ P
    return np.array(means), p @ E


# --- the sum ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [np.arange(301), STEPS, np.array([0, 300])], ids=["all", "logarithmic", "two"])
@pytest.mark.parametrize("decay", [0.99, 0.5, 1.0, 1.01])
def test_the_sum_of_an_exponential_is_exact(decay, steps):
    for sign in (1, -1):
        expected = sign * np.sum(decay ** np.arange(301.0))
        assert relaxation_sum(sign * decay ** steps.astype(float), steps) == pytest.approx(expected, rel=1e-9)


def test_the_sum_is_the_one_over_the_interpolated_values():
    """Negative and vanishing values, too: each gap filled by hand, exponentially or linearly."""
    steps, phi = np.array([0, 1, 4, 9, 12, 20, 26]), np.array([1.0, 0.4, 0.1, -0.2, -0.3, 0.0, 0.05])
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


# --- relaxation times: known eigenvalues ------------------------------------------------------------------------------


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


def repeated(decay, repetitions, chains, use):
    """(τ, error) [2, repetitions] of AR(1) energies; `use(E, ends)` gives E_end."""
    rng, found = np.random.default_rng(3), []
    for _ in range(repetitions):
        cold, hot = (autoregressive(decay, start, -150, STEPS, chains, rng) for start in (-200, 0))
        found.append(relaxation_time(cold, use(cold, np.array([cold[-1], hot[-1]])), STEPS))
    return np.array(found).T


@pytest.mark.parametrize("decay", [0.0, 0.8, 0.95])
@pytest.mark.parametrize("use", [lambda cold, ends: -150, lambda cold, ends: ends], ids=["known", "estimated"])
def test_errors_are_the_scatter_of_repetitions(decay, use):
    """60 times 1000 chains: variance over mean square error is χ²/59, false alarm 2e-3; their mean has |z| < 4."""
    tau, error = repeated(decay, 60, 1000, use)
    low, high = distributions.chi2.ppf([1e-3, 1 - 1e-3], 59) / 59
    assert low < tau.var(ddof=1) / np.mean(error**2) < high
    assert abs(tau.mean() - 1 / (1 - decay)) < 4 * tau.std(ddof=1) / np.sqrt(60)


def test_without_the_error_of_the_end_the_error_is_too_small():
    """Negative control of the above: an estimated end taken for a known one."""
    tau, error = repeated(0.95, 60, 1000, lambda cold, ends: ends.mean())
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
    rng, s = np.random.default_rng(5), 0.3
    t = LONG.astype(float)
    E = 50 * ((1 + s) * 0.5**t - s * 0.98**t)[:, None] + 5 * rng.normal(size=(len(LONG), 4000))
    tau, error = relaxation_time(E, 0.0, LONG)
    assert abs(tau - ((1 + s) * 2 - s * 50)) < 4 * error
    assert error < 1


def test_a_flow_that_starts_at_its_end_has_no_time():
    still = np.random.default_rng(6).normal(size=(len(STEPS), 100))
    assert np.isnan(relaxation_time(still, 0.0, STEPS)).all()
    assert np.isnan(relaxation_time(np.full((len(STEPS), 100), -200), -200, STEPS)).all()


# --- relaxation times: machines with a known transition matrix --------------------------------------------------------


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


# --- fixed points -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exact_flows():
    """Flows of the exact machine of L = 4, T = 2.5: starts 0, 2.5 and ∞."""
    machine, starts = rbm.exact_machine(4, 2.5), [0.0, 2.5, np.inf]
    return starts, np.array(
        [flow_energies(machine, sampling.sample(4, T, 6000, rng=10), STEPS, rng=k) for k, T in enumerate(starts)]
    )


def test_the_exact_machine_has_its_own_temperature(exact_flows):
    """T, u_cold, u_hot: |z| < 4, and a machine 2 per cent hotter is told from it; stationary: 0.9 % false alarms."""
    starts, E = exact_flows
    point = fixed_point(E, starts, STEPS, 4)
    assert point["stationary"] is True
    assert point["length"] == 300
    assert abs(point["T"] - 2.5) < 4 * point["T_error"]
    assert abs(point["T"] - 2.55) > 4 * point["T_error"]
    for side in SIDES:
        assert abs(point[f"u_{side}"] - exact.energy_per_spin(4, 2.5)) < 4 * point[f"u_{side}_error"]
        assert abs(point[f"T_{side}"] - 2.5) < 4 * point[f"T_{side}_error"]
        assert 1 < point[f"time_{side}"] < 100
        assert point[f"time_{side}_error"] < 0.1 * point[f"time_{side}"]


def test_a_flow_that_has_not_converged_is_not_stationary(exact_flows):
    """Negative control: the same flows after five steps."""
    starts, E = exact_flows
    early = fixed_point(E[:, :5], starts, STEPS[:5], 4)
    assert early["stationary"] is False
    assert np.isnan([early[key] for key in ("T", "T_error", "time_cold", "time_cold_error", "time_hot")]).all()
    assert early["T_cold"] < 2.5 < early["T_hot"]
    assert early["u_cold"] < early["u_hot"]


def test_the_order_of_the_starts_does_not_matter(exact_flows):
    starts, E = exact_flows
    turned = fixed_point(E[::-1], starts[::-1], STEPS, 4)
    for name, value in fixed_point(E, starts, STEPS, 4).items():
        assert turned[name] == pytest.approx(value)


def test_energies_that_cross_while_they_move_are_not_a_fixed_point():
    """Both sides meet at the last snapshot, on their way to each other's start."""
    noise = np.random.default_rng(16).normal(0, 10, (2, len(STEPS), 4000))
    drift = 50 * (1 - STEPS / STEPS[-1])[:, None]
    point = fixed_point(-150 + np.array([-drift, drift]) + noise, [0.0, 5.9], STEPS, 10)
    assert abs(point["u_cold"] - point["u_hot"]) < 3 * np.hypot(point["u_cold_error"], point["u_hot_error"])
    assert point["stationary"] is False
    assert point["moved_cold"] > 3
    assert point["moved_hot"] < -3


def test_energies_that_stay_apart_are_not_a_fixed_point():
    """Neither side moves: a machine with two basins."""
    noise = np.random.default_rng(12).normal(0, 10, (2, len(STEPS), 4000))
    point = fixed_point(np.array([-160, -150])[:, None, None] + noise, [0.0, 5.9], STEPS, 10)
    assert point["stationary"] is False
    assert max(abs(point["moved_cold"]), abs(point["moved_hot"])) < 3


def test_how_often_a_fixed_point_is_missed():
    """100 stationary flows: at most 0.8 are expected, more than 4 in 2e-3 of cases; one start 5 σ higher is noticed."""
    rng = np.random.default_rng(13)
    flows = rng.normal(-150, 20, (100, 2, 2, 200))
    assert sum(not fixed_point(E, [0.0, 5.9], [0, 1], 10)["stationary"] for E in flows) <= 4
    flows[:, 1] += 5 * 20 * np.sqrt(2 / 200)
    assert sum(not fixed_point(E, [0.0, 5.9], [0, 1], 10)["stationary"] for E in flows[:20]) >= 16


def test_opposite_phases_are_stationary_in_energy():
    """A limit of this test, not of the flows: cold enough, m and −m never meet, and their energies are the same."""
    machine, n = rbm.exact_machine(4, 0.8), 1000
    up = np.ones((n, 4, 4), np.int8)
    E = np.array([flow_energies(machine, sign * up, STEPS[:10], rng=14 + sign) for sign in (1, -1)])
    assert fixed_point(E, [0.0, 1.0], STEPS[:10], 4)["stationary"]


def test_a_frozen_machine_is_stationary_at_zero_and_has_no_error():
    E = np.full((2, len(STEPS), 50), -200)
    E[1, 0] = 0
    point = fixed_point(E, [0.0, 5.9], STEPS, 10)
    assert point["stationary"] is True
    assert (point["T"], point["u_cold_error"], point["moved_hot"]) == (0.0, 0.0, 0.0)
    assert np.isnan([point["T_error"], point["time_cold"]]).all()
    assert (point["time_hot"], point["time_hot_error"]) == (1.0, 0.0)
    E[0, -1] = -196  # one side moved, and it is certain
    assert fixed_point(E, [0.0, 5.9], STEPS, 10)["moved_cold"] == np.inf


def test_an_untrained_machine_forgets_all_in_one_step():
    """τ = 1, |z| < 4; T_E is above every temperature of a training set."""
    machine, starts = rbm.RBM(np.zeros((100, 9)), np.zeros(100), np.zeros(9)), [0.0, 2.0]
    E = np.array([flow_energies(machine, sampling.sample(10, T, 1000, rng=15), LONG[:13], rng=15) for T in starts])
    point = fixed_point(E, starts, LONG[:13], 10)
    assert point["stationary"] is True
    assert point["T"] > 20
    assert all(abs(point[f"time_{side}"] - 1) < 4 * point[f"time_{side}_error"] < 0.4 for side in SIDES)


@pytest.mark.parametrize(
    ("shape", "starts", "steps", "message"),
    [
        ((2, 3, 9), [0, 1], [0, 1], "energies of shape"),
        ((2, 2, 1), [0, 1], [0, 1], "n ≥ 2 chains"),
        ((2, 2, 9), [0, 1], [1, 2], "rising from 0"),
        ((2, 2, 9), [0, 1], [0, 0], "rising from 0"),
        ((2, 1, 9), [0, 1], [0], "at least two"),
        ((1, 2, 9), [0], [0, 1], "1 starts"),
        ((3, 2, 9), [0, 1], [0, 1], "one for each"),
    ],
)
def test_what_is_no_flow_is_refused(shape, starts, steps, message):
    with pytest.raises(ValueError, match=message):
        fixed_point(np.zeros(shape), starts, steps, 10)


# --- rivals -----------------------------------------------------------------------------------------------------------


def test_the_rivals():
    found = rivals(10, np.arange(0, 6, 0.1))
    assert list(found) == ["Tc", "T_peak", "T_mix"]
    assert found["Tc"] == TC
    assert found["T_peak"] == pytest.approx(2.345, abs=1e-3)
    mean = np.mean([exact.energy_per_spin(10, T) for T in np.arange(0, 6, 0.1)])
    assert exact.energy_per_spin(10, found["T_mix"]) == pytest.approx(mean, rel=1e-9)
    assert rivals(10, [2.6])["T_mix"] == pytest.approx(2.6)


def test_the_mixture_temperature_is_that_of_the_mixed_energies():
    """T_E of a mixture of samples, |z| < 4; the mean temperature of the mixture is not it."""
    temperatures = np.linspace(1.0, 4.0, 7)
    E = np.concatenate([energy(sampling.sample(10, T, 3000, rng=k)) for k, T in enumerate(temperatures)])
    u, error = E.mean() / 100, E.std() / np.sqrt(E.size) / 100  # too large by the spread of temperatures: conservative
    T_mix = rivals(10, temperatures)["T_mix"]
    assert abs(u - exact.energy_per_spin(10, T_mix)) < 4 * error
    assert abs(u - exact.energy_per_spin(10, temperatures.mean())) > 4 * error
