"""Where flows end: machines of known temperature, flows that are not stationary, and the rivals.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import numpy as np
import pytest
from flow_helpers import LONG, STEPS, flow_energies

from rbmrg import exact, rbm, sampling
from rbmrg.flows.fixed_points import fixed_point, rivals
from rbmrg.lattice import TC, energy

SIDES = "cold", "hot"


@pytest.fixture(scope="module")
def exact_flows():
    """Flows of the exact machine of L = 4, T = 2.5: starts 0, 2.5 and ∞."""
    machine = rbm.exact_machine(4, 2.5)
    starts = [0.0, 2.5, np.inf]
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
    machine = rbm.exact_machine(4, 0.8)
    n = 1000
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
    machine = rbm.RBM(np.zeros((100, 9)), np.zeros(100), np.zeros(9))
    starts = [0.0, 2.0]
    E = np.array([flow_energies(machine, sampling.sample(10, T, 1000, rng=15), LONG[:13], rng=15) for T in starts])
    point = fixed_point(E, starts, LONG[:13], 10)
    assert point["stationary"] is True
    assert point["T"] > 20
    assert all(abs(point[f"time_{side}"] - 1) < 4 * point[f"time_{side}_error"] < 0.4 for side in SIDES)


@pytest.mark.parametrize(
    ("shape", "starts", "steps", "message"),
    [
        ((2, 3, 9), [0, 1], [0, 1], "E of shape"),
        ((2, 2, 1), [0, 1], [0, 1], "n ≥ 2 chains"),
        ((2, 2, 9), [0, 1], [1, 2], "rising from 0"),
        ((2, 2, 9), [0, 1], [0, 0], "rising from 0"),
        ((2, 1, 9), [0, 1], [0], "at least two"),
        ((1, 2, 9), [0], [0, 1], "starts = .*: must be at least 2"),
        ((3, 2, 9), [0, 1], [0, 1], "one for each"),
    ],
)
def test_what_is_no_flow_is_refused(shape, starts, steps, message):
    with pytest.raises(ValueError, match=message):
        fixed_point(np.zeros(shape), starts, steps, 10)


# --- rivals -----------------------------------------------------------------------------------------------------------


def test_the_rivals():
    mean = np.mean(exact.energy_per_spin(10, np.arange(0, 6, 0.1)))
    found = rivals(10, mean)
    assert list(found) == ["Tc", "T_peak", "T_mix"]
    assert found["Tc"] == TC
    assert found["T_peak"] == pytest.approx(2.345, abs=1e-3)
    assert exact.energy_per_spin(10, found["T_mix"]) == pytest.approx(mean, rel=1e-9)
    assert rivals(10, exact.energy_per_spin(10, 2.6))["T_mix"] == pytest.approx(2.6)


def test_the_mixture_temperature_is_that_of_the_mixed_energies():
    """T_E of a mixture of samples, |z| < 4; the mean temperature of the mixture is not it."""
    temperatures = np.linspace(1.0, 4.0, 7)
    E = np.concatenate([energy(sampling.sample(10, T, 3000, rng=k)) for k, T in enumerate(temperatures)])
    error = E.std() / np.sqrt(E.size) / 100  # too large by the spread of temperatures: conservative
    u = exact.energy_per_spin(10, rivals(10, E.mean() / 100)["T_mix"])
    assert abs(u - np.mean(exact.energy_per_spin(10, temperatures))) < 4 * error
    assert abs(u - exact.energy_per_spin(10, temperatures.mean())) > 4 * error
