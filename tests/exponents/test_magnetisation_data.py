"""The exponent Δm of thermometers' groups: on the enumerated 4 × 4 lattice and on Monte Carlo data of L = 10.

Seeds are fixed; the false-alarm rate of each statistical test is in its docstring.
"""

import numpy as np
import pandas as pd
import pytest

from rbmrg import exact, sampling
from rbmrg.exponents.magnetisation import WINDOW, central, exponent, scan
from rbmrg.lattice import TC, energy, magnetisation
from rbmrg.thermometers import posteriors

GRID = np.round(0.1 * np.arange(60), 10)  # the paper's temperatures
BELOW = np.round(np.arange(1.6, 2.25, 0.1), 10)  # those of the quoted window


def table(T, m):
    return pd.DataFrame({"T": T, "abs_magnetisation": m})


# --- the 4 × 4 lattice, enumerated ------------------------------------------------------------------------------------

STATES = exact.enumerate_states(4)
READ = {-32: 1.6, -24: 1.8, -20: 2.0, -16: 2.2}  # a thermometer made up: the class of an energy, 3.0 for all others
CLASSES = [1.6, 1.8, 2.0, 2.2, 3.0]


def read(spins):
    return np.vectorize(lambda E: READ.get(E, 3.0))(energy(spins))


def enumerated(temperatures):
    """Exact Δm of the equal mixture of `temperatures` in the classes of the thermometer, in the quoted window."""
    classes = read(STATES)
    m = np.abs(magnetisation(STATES))
    p = np.mean([np.exp(exact.log_probability(energy(STATES), 4, T)) for T in temperatures], axis=0)
    means = [np.average(m[classes == T], weights=p[classes == T]) for T in CLASSES]
    return exponent(table(np.array(CLASSES), np.array(means)), WINDOW)


def enumerated_true():
    """Exact Δm of configurations at the temperatures BELOW, each in the class of its own."""
    p = np.exp([exact.log_probability(energy(STATES), 4, T) for T in BELOW])
    return exponent(table(BELOW, p @ np.abs(magnetisation(STATES))), WINDOW)


def test_a_thermometer_that_reads_the_energy_gives_every_ensemble_the_same_exponent():
    """Exactly, with one energy a class: at given E all configurations are equally likely, at any temperature.

    Negative control: at their true temperatures they have another.
    """
    assert enumerated([TC]) == pytest.approx(enumerated(BELOW), abs=1e-12)
    assert enumerated([5.0]) == pytest.approx(enumerated(BELOW), abs=1e-12)
    assert abs(enumerated_true() - enumerated(BELOW)) > 0.02


def drawn(temperatures, n, rng):
    return np.stack([sampling.sample(4, T, n, rng) for T in temperatures])


def measured(spins, classes, temperatures):
    """(Δm, error) in the quoted window."""
    value, error, _, window = central(scan(magnetisation(spins), classes, temperatures))
    assert window == WINDOW
    return value, error


@pytest.mark.parametrize("temperatures", [BELOW, [TC]], ids=["mixture", "Tc alone"])
def test_a_thermometers_groups_give_the_exact_exponent(temperatures):
    """One score each of |z| < 3.88: Student's t of 19 degrees, false alarm 1e-3; negative controls beyond 10 σ."""
    spins = drawn(temperatures, 140_000 // len(temperatures), np.random.default_rng(8))
    value, error = measured(spins, read(spins), CLASSES)
    assert abs(value - enumerated(temperatures)) < 3.88 * error
    for wrong in (0.125, enumerated_true()):
        assert abs(value - wrong) > 10 * error


def test_true_temperatures_give_the_exact_exponent():
    """As above; the negative control is the exponent of the groups of the thermometer."""
    spins = drawn(BELOW, 20_000, np.random.default_rng(9))
    value, error = measured(spins, np.broadcast_to(BELOW[:, None], spins.shape[:2]), BELOW)
    assert abs(value - enumerated_true()) < 3.88 * error
    assert abs(value - enumerated(BELOW)) > 10 * error


# --- Monte Carlo data, L = 10 -----------------------------------------------------------------------------------------


def test_the_window_that_is_quoted_gives_what_its_comment_says():
    """0.0856 ± 0.0002 for the quoted window; |z| < 3.88 of both errors (false alarm 1e-3); no window gives 1/8."""
    T = GRID[(GRID >= 0.5) & (GRID < TC)]
    rng = np.random.default_rng(10)
    m = np.stack([magnetisation(sampling.sample(10, t, 10_000, rng)) for t in T])
    result = scan(m, np.broadcast_to(T[:, None], m.shape), GRID)
    value, error, spread, window = central(result)
    assert window == WINDOW
    assert abs(value - 0.0856) < 3.88 * np.hypot(error, 0.0002)
    assert 0.01 < spread < 0.02
    assert (result.exponent + 10 * result.error < 0.125).all()


def test_a_single_temperature_shows_scaling_too(spins_tc):
    """The reason for the controls: Tc alone in Bayes' classes, Δm = 0.067, as from all temperatures (0.066)."""
    spins = spins_tc[:100_000]
    classes = posteriors.most_probable(posteriors.bayes_posterior(energy(spins), 10, GRID), GRID)
    value, error, _, window = central(scan(magnetisation(spins), classes, GRID))
    assert window == WINDOW
    assert value == pytest.approx(0.067, abs=0.001)
    assert error < 0.001
