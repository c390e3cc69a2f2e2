"""The positive control through the whole chain: the Ising model as a machine must come out right of every analysis.

Its flow ends at its own temperature, whatever that is, from cold and from hot, as an Ising ensemble, with the scaling
dimensions of equilibrium.  |z| < 4 has a false-alarm rate of 6e-5; `stationary` is wrong in 0.9 % (fixed seeds).
"""

import numpy as np
import pytest

from rbmrg import correlators, rbm, sampling
from rbmrg.exponents import dimensions
from rbmrg.flows import comparison, equilibrium, fixed_points, gibbs, snapshots
from rbmrg.lattice import TC, energy
from rbmrg.machines import controls


def chain(machine, L, n, length, starts=(0.0, 5.9)):
    """The flow of `n` configurations from each start: (Dataset, its fixed point)."""
    steps = snapshots.steps(length)
    flows = {T: gibbs.run(machine, sampling.sample(L, T, n, rng=1), steps, rng=2 + k) for k, T in enumerate(starts)}
    dataset = snapshots.dataset(flows, steps)
    return dataset, fixed_points.fixed_point(energy(dataset.spin.values), starts, steps, L)


@pytest.mark.parametrize("T", [2.0, TC, 2.6])
def test_the_exact_machine_flows_to_its_own_temperature_and_to_an_ising_ensemble(T):
    dataset, point = chain(rbm.exact_machine(6, T), 6, 1500, 200)
    assert point["stationary"]
    assert abs(point["T"] - T) < 4 * point["T_error"]
    others = [other for other in (2.0, TC, 2.6) if other != T]  # negative control: it could have said these
    assert min(abs(point["T"] - other) for other in others) > 10 * point["T_error"]
    end = snapshots.end(dataset, point["stationary"])
    assert comparison.passed(equilibrium.assess(end, [T], 3))


def test_a_flow_that_is_too_short_has_no_fixed_point():
    """Thirty steps, as in arXiv:1906.05212, are not enough even for a perfect machine at L = 10."""
    _, point = chain(rbm.exact_machine(10, TC), 10, 1000, 30)
    assert not point["stationary"]
    assert np.isnan(point["T"])
    assert point["T_hot"] - point["T_cold"] > 10 * np.hypot(point["T_hot_error"], point["T_cold_error"])


@pytest.mark.parametrize("sites", ["shuffled", "independent"])
def test_data_without_correlations_are_no_ising_ensemble(sites):
    """What the controls learn from, itself put through the test that the exact machine passes."""
    spins = controls.rearranged(sampling.sample(6, TC, 3000, rng=4), sites, None, np.random.default_rng(5))
    assert not comparison.passed(equilibrium.assess(spins, [TC], 6))


@pytest.mark.long
def test_the_exact_machine_at_tc_has_the_scaling_dimensions_of_the_critical_point():
    """L = 10, 1000 steps from five starts: Δσ = 1/8 and Δε = 1.03(4), the value on Monte Carlo data, |z| < 4."""
    dataset, point = chain(rbm.exact_machine(10, TC), 10, 4000, 1000, (0.0, 1.0, TC, 3.0, 5.9))
    assert point["stationary"]
    assert abs(point["T"] - TC) < 4 * point["T_error"]
    end = snapshots.end(dataset, True)
    assert comparison.passed(equilibrium.assess(end, [TC], 7))
    fits = dimensions.fits(correlators.measure(end))
    found = fits[fits.fit == "torus"].set_index("operator")
    assert abs(found.dimension.spin - 0.125) < 4 * np.hypot(found.error.spin, 0.001)
    assert abs(found.dimension.energy - 1.03) < 4 * np.hypot(found.error.energy, 0.04)
    cold = dimensions.fits(correlators.measure(dataset.spin.sel(start=0.0, step=30).values))  # negative control
    early = cold[cold.fit == "torus"].set_index("operator")
    assert abs(early.dimension.spin - 0.125) > 8 * early.error.spin
