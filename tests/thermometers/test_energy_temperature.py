"""T_E, the temperature of the mean energy: unbiased, with true errors, and defined at both ends.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import numpy as np
import pytest

from rbmrg import exact, sampling
from rbmrg.lattice import energy
from rbmrg.thermometers import posteriors

FIVE = [1.5, 2.0, exact.TC, 3.0, 5.0]


@pytest.mark.parametrize("T", FIVE)
def test_energy_temperature_is_unbiased(T):
    E = energy(sampling.sample(10, T, 100_000, rng=4))
    reading, error = posteriors.energy_temperature(E, 10)
    assert abs(reading - T) < 4 * error
    assert error == pytest.approx(T / np.sqrt(exact.specific_heat(10, T) * 100 * len(E)), rel=0.02)
    assert abs(1.03 * T - reading) > 10 * error  # negative control


def test_errors_of_the_energy_temperature_cover_the_truth():
    """z of 5 × 100 sets of 1000 configurations: ⟨z⟩ = 0 and ⟨z²⟩ = 1, and the errors are not halved or doubled."""
    z = []
    for T in FIVE:
        sets = energy(sampling.sample(10, T, 100_000, rng=5)).reshape(100, 1000)
        readings, errors = np.array([posteriors.energy_temperature(E, 10) for E in sets]).T
        z.extend((readings - T) / errors)
    assert abs(np.mean(z)) < 4 / np.sqrt(len(z))
    assert abs(np.mean(np.square(z)) - 1) < 4 * np.sqrt(2 / len(z))


@pytest.mark.parametrize(("E", "T"), [([-200] * 5, 0.0), ([0] * 5, np.inf), ([8, 12, -4], np.inf)])
def test_energies_at_and_beyond_the_ends_have_no_error(E, T):
    reading, error = posteriors.energy_temperature(E, 10)
    assert reading == T
    assert np.isnan(error)


def test_energy_temperature_at_zero_temperature_samples():
    assert posteriors.energy_temperature(energy(sampling.sample(10, 0.0, 50, rng=1)), 10)[0] == 0.0
