"""The torus fit: error bars that hold for clear and for unclear correlators, and what noise alone is said to be.

Seeds are fixed.  A share of 200 sets has a standard error of 3.3 % (68 % intervals) or 1.5 % (95 %).
"""

import numpy as np
import pytest

from rbmrg import correlators, sampling, torus
from rbmrg.exponents.torus_fit import RANGE, amplitude_fit, dimension_of, torus_fit, total_of
from rbmrg.lattice import TC

CLAIMED = {"spin": (0.1125, 0.1375), "energy": (0.9, 1.1)}  # the regions of C3 and C4


BLOCKS = 20  # of a set


def estimated(measured, sets=1):
    """[{operator: (G, replicas)}] of equal parts of configurations that were `measured` in many blocks."""
    merged = measured.coarsen(block=measured.sizes["block"] // (BLOCKS * sets)).mean()
    parts = [merged.isel(block=slice(first, first + BLOCKS)) for first in range(0, BLOCKS * sets, BLOCKS)]
    return [correlators.estimates(part) for part in parts]


def measured_at(T, n):
    return correlators.measure(sampling.sample(10, T, n, rng=2), BLOCKS)


def fits(estimates):
    """{operator: (Δ, error), each [sets]} of estimated two-point functions."""
    return {name: np.transpose([torus_fit(*each[name], name) for each in estimates]) for name in CLAIMED}


def with_amplitude(estimates):
    """(Δε, error), each [sets], of estimated two-point functions, with the known amplitude."""
    return np.transpose([amplitude_fit(*each["energy"], "energy") for each in estimates])


@pytest.fixture(scope="module")
def sets_tc(blocks_tc):
    """The two-point functions of 200 sets of 1000 configurations at Tc, and those of all of them."""
    return estimated(blocks_tc, 200), estimated(blocks_tc)


@pytest.fixture(scope="module")
def fits_tc(sets_tc):
    """The `fits` of the sets, and of all configurations."""
    return [fits(estimates) for estimates in sets_tc]


@pytest.fixture(scope="module")
def noise():
    """The two-point functions of 200 sets of 1000 configurations of independent spins."""
    return estimated(correlators.measure(sampling.sample(10, np.inf, 200_000, rng=1), 200 * BLOCKS), 200)


def outside(Δ, error, region):
    """The share of 95 % intervals that lie outside a region."""
    return np.mean((Δ + 1.96 * error < region[0]) | (Δ - 1.96 * error > region[1]))


def test_intervals_at_tc_hold_what_all_configurations_give(fits_tc):
    """200 sets of 1000; the fit to all has a fourteenth of the error.  False alarm 1e-3 for each bound (3.3 σ)."""
    parts, whole = fits_tc
    for name, (Δ, error) in parts.items():
        pull = (Δ - whole[name][0]) / error
        assert 0.68 - 0.11 < np.mean(np.abs(pull) < 1) < 0.68 + 0.11
        assert np.mean(np.abs(pull) < 1.96) > 0.95 - 0.05
        assert np.mean(np.abs(pull / 2) < 1) > 0.68 + 0.11  # negative control: errors twice as large are found


def test_noise_is_no_evidence(noise):
    """Independent spins: no interval lies inside the region claimed, and hardly one outside.

    Outside are 5 % if errors are right; at most 11 % of 200 with probability 1e-3.
    """
    for name, (Δ, error) in fits(noise).items():
        assert np.isfinite([Δ, error]).all()
        assert outside(Δ, error, CLAIMED[name]) < 0.11
        assert np.median(error) > 1
        assert ((RANGE[0] <= Δ) & (RANGE[1] >= Δ)).all()


def test_shuffled_spins_have_the_dimension_zero(spins_tc):
    """What is left of their correlation is the magnetisation, which does not depend on the distance."""
    flat = spins_tc[:40_000].reshape(40_000, 100)
    shuffled = np.random.default_rng(1).permuted(flat, axis=1).reshape(-1, 10, 10)
    for name, (Δ, error) in fits(estimated(correlators.measure(shuffled, 20 * BLOCKS), 20)).items():
        assert outside(Δ, error, CLAIMED[name]) == 1
        assert abs(Δ.mean()) < 4 * max(Δ.std() / np.sqrt(20), 1e-12)


@pytest.mark.parametrize(("T", "spin"), [(2.0, 0.024), (2.25, 0.112), (2.29, 0.140), (2.6, 0.492)])
def test_dimensions_at_other_temperatures(T, spin):
    [Δ], [error] = fits(estimated(measured_at(T, 50_000)))["spin"]
    assert abs(Δ - spin) < 4 * error + 0.0005
    assert error < 0.003


def test_a_negative_value_does_not_end_the_fit(spins_tc):
    """Fifty configurations: with negative values there is no logarithm, and the fit goes on."""
    found = [correlators.estimates(correlators.measure(part, 10))["energy"] for part in np.split(spins_tc[:5000], 100)]
    negative = [G for G in found if (G[0][2:5, 0] < 0).any()]
    assert len(negative) > 5
    assert np.isfinite([torus_fit(*G, "energy") for G in negative]).all()


def test_a_dimension_beyond_the_range_is_its_end():
    """In a field that is correlated over one site only, Δ is at least the end of the range."""
    noise = np.random.default_rng(1).normal(size=(2000, 10, 10))
    field = noise + 0.3 * sum(np.roll(noise, shift, axis) for shift in (1, -1) for axis in (1, 2))
    G = correlators.two_point(field).reshape(20, 100, 10, 10).mean(axis=1)
    Δ, error = torus_fit(G.mean(axis=0), (G.sum(axis=0) - G) / 19, "spin")
    assert Δ > 2
    assert Δ - 1.96 * error > CLAIMED["spin"][1]


@pytest.mark.parametrize("dimension", [0.5, 1.0, 2.2])
def test_the_torus_function_with_its_amplitude_has_its_dimension(dimension):
    G = np.nan_to_num(torus.energy_correlation(10), nan=1.0) ** dimension / np.pi**2
    assert amplitude_fit(G, np.stack([G, G]), "energy") == pytest.approx((dimension, 0.0), abs=1e-6)
    assert abs(amplitude_fit(2 * G, np.stack([G, G]), "energy")[0] - dimension) > 0.1  # another amplitude


@pytest.mark.parametrize("operator", ["spin", "energy"])
def test_the_dimension_follows_from_the_total_and_is_open_beyond_the_range(operator, measured_tc):
    G, replicas = correlators.estimates(measured_tc)[operator]
    total, error = total_of(G, replicas, operator)
    Δ, Δ_error = amplitude_fit(G, replicas, operator)
    assert dimension_of(total, 10, operator) == Δ
    assert max(abs(dimension_of([total - error, total + error], 10, operator) - Δ)) == Δ_error
    assert dimension_of([-1.0, 1e9], 10, operator).tolist() == [np.inf, -np.inf]
    assert np.isnan(dimension_of([np.nan], 10, operator)).all()


@pytest.mark.parametrize(("L", "operator"), [(4, "energy"), (4, "spin"), (5, "spin"), (6, "spin")])
def test_small_lattices_tell_no_dimension_by_the_amplitude(L, operator):
    """Their window is empty, or their spin function grows with Δ before Δ is 1/8: it was -1.000(0)."""
    G, replicas = correlators.estimates(correlators.measure(sampling.sample(L, TC, 4000, rng=1)))[operator]
    assert np.isnan(amplitude_fit(G, replicas, operator)).all()


def test_intervals_with_the_amplitude_at_tc_hold_what_all_configurations_give(sets_tc, fits_tc):
    """As above; the scatter is a third of that of the torus fit, and Δε of Monte Carlo data at Tc is 1.005(2)."""
    (Δ, errors), ([whole], [error]) = (with_amplitude(estimates) for estimates in sets_tc)
    assert abs(whole - 1.005) < 4 * error
    pull = (Δ - whole) / errors
    assert 0.68 - 0.11 < np.mean(np.abs(pull) < 1) < 0.68 + 0.11
    assert np.mean(np.abs(pull) < 1.96) > 0.95 - 0.05
    free, _ = fits_tc[0]["energy"]
    assert Δ.std() < 0.6 * free.std()


def test_noise_has_no_dimension_with_the_amplitude_either(noise):
    """Independent spins: no interval lies inside the region, and hardly one beside it, as above."""
    Δ, error = with_amplitude(noise)
    assert np.isfinite([Δ, error]).all()
    assert (Δ + 1.96 * error > 1.1).all()
    assert (RANGE[1] >= Δ).all()


@pytest.mark.parametrize(("T", "energy"), [(2.0, 1.573), (2.2, 1.105), (2.4, 0.942), (2.6, 1.106)])
def test_the_amplitude_sees_other_temperatures(T, energy):
    [Δ], [error] = with_amplitude(estimated(measured_at(T, 50_000)))
    assert abs(Δ - energy) < 4 * error + 0.005
    assert error < 0.02


def test_without_a_correlator_there_is_no_dimension():
    nothing = np.full((4, 10, 10), np.nan)
    assert np.isnan(torus_fit(nothing[0], nothing, "spin")).all()
    assert np.isnan(amplitude_fit(nothing[0], nothing, "energy")).all()


def test_weights_were_measured(blocks_tc):
    """Bias and scatter of Δε at L = 10 and Tc, n = 5000, as the module says: 1.012 ± .039; false alarm 6e-5 each."""
    Δ, _ = fits(estimated(blocks_tc, 40))["energy"]
    assert abs(Δ.mean() - 1.006) < 4 * Δ.std() / np.sqrt(40) + 0.006
    assert 0.026 < Δ.std() < 0.056
