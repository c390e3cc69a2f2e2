"""Maps of RG rules on samples at Tc: against the two-point function of the same samples, and the known numbers.

Seeds are fixed.
"""

import numpy as np
import pytest

from rbmrg import correlators, exact, rbm, rg, sampling
from rbmrg.layers import maps


def aligned_blocks(spins, rule, rng):
    """Block means of the translation average of the maps of an RG rule, [blocks, L, L]."""
    means = maps.correlator_blocks(spins, rg.coarse_grain(spins, rule, rng))
    return np.stack([maps.aligned(m) for m in means])


def test_the_average_map_is_the_mean_of_four_two_point_functions(spins_tc):
    """They differ by noise only: blocks start at even sites, the two-point function averages over all."""
    spins = spins_tc[:100_000]
    found = maps.aligned(maps.correlator(spins, rg.coarse_grain(spins, "average", rng=1))[0])
    G = correlators.two_point(spins).mean(axis=0)
    assert np.abs(found - maps.from_two_point(G, 2)).max() < 2e-3
    shifted = maps.from_two_point(np.roll(G, 1, axis=0), 2)
    assert np.abs(found - shifted).max() > 0.02  # negative control


def test_errors_of_the_peak_and_the_far_value_are_their_scatter(spins_tc):
    """20 sets of 2000: variance over mean square of the errors is nearly χ²/19; false alarm below 2e-3 for each."""
    sets = spins_tc[:40_000].reshape(20, 2000, 10, 10)
    rows = []
    for k, spins in enumerate(sets):
        rows.append(maps.own_and_far(aligned_blocks(spins, "majority", rng=k), 2))
    estimates, errors = np.moveaxis(np.array(rows), 2, 0)
    ratio = estimates.var(axis=0, ddof=1) / np.mean(errors**2, axis=0)
    assert np.all((ratio > 0.28) & (ratio < 2.31))  # χ² of 19 at 1e-3 and 1 − 1e-3


def test_an_untrained_machine_has_no_map():
    """Weights of zero: every ⟨v h⟩ is 0 within its error (1600 z; jackknife of 20 blocks, t19: false alarm 1e-4)."""
    spins = sampling.sample(4, exact.TC, 4000, rng=2)
    machine = rbm.RBM(np.zeros((16, 100)), np.zeros(16), np.zeros(100))
    found, error = maps.correlator(spins, machine.sample_hidden(spins, rng=3))
    assert np.abs(found / error).max() < 7


def test_the_exact_machine_sees_pairs_of_neighbours():
    """⟨v_i h_b⟩ of the bond (j, k) is ⟨tanh w(s_j + s_k) s_i⟩ = tanh(2w) (G(i−j) + G(i−k))/2."""
    L = 4
    T = 2.5
    machine = rbm.exact_machine(L, T)
    spins = sampling.sample(L, T, 100_000, rng=4)
    found, error = maps.correlator(spins, machine.sample_hidden(spins, rng=5))
    G = correlators.two_point(spins).mean(axis=0)
    for bond in range(2 * L * L):
        ends = np.flatnonzero(machine.W[:, bond])
        pair = [np.roll(G, divmod(end, L), axis=(0, 1)) for end in ends]
        expected = np.tanh(2 * machine.W.max()) * np.mean(pair, axis=0)
        z = np.abs(found[bond] - expected) / error[bond]
        assert z.max() < 7  # 512 elements, t19: false alarm 6e-4


@pytest.fixture(scope="module")
def critical_spins():
    return sampling.sample(32, exact.TC, 20_000, rng=6)


@pytest.mark.long
@pytest.mark.parametrize(("rule", "peak", "far"), [("average", 0.771, 0.433), ("majority", 0.820, 0.470)])
def test_the_known_numbers_at_L_32(critical_spins, rule, peak, far):
    """Project reference at Tc: average 0.771(3) and 0.433(10), majority 0.820(3) and 0.470(12)."""
    aligned = aligned_blocks(critical_spins, rule, rng=7)
    (found_peak, peak_error), (found_far, far_error) = maps.own_and_far(aligned, 2)
    assert abs(found_peak - peak) < 0.003
    assert abs(found_far - far) < {"average": 0.010, "majority": 0.012}[rule]
    assert max(peak_error, far_error) < 0.003


@pytest.mark.long
def test_the_average_map_at_L_32_is_the_mean_of_four_two_point_functions(critical_spins):
    aligned = aligned_blocks(critical_spins, "average", rng=7).mean(axis=0)
    G = correlators.two_point(critical_spins).mean(axis=0)
    assert np.abs(aligned - maps.from_two_point(G, 2)).max() < 2e-3
