"""Errors of what is read off Monte Carlo data: observables, and thermometers of ensembles."""

import numpy as np

from rbmrg import exact, observables, sampling
from rbmrg.coverage import gaussian
from rbmrg.lattice import TC, magnetisation
from rbmrg.stats import mean_error
from rbmrg.thermometers import posteriors

L = 10
N = 1000  # configurations of a replica
LONG = 200  # times as many give the truth that is not known exactly
CLASSES = np.round(np.arange(20) * 0.3, 1)
COUNTED = 4000  # configurations of a class, for the thermometer that reads |m|
READ = 2.3  # the temperature that thermometers of classes read


def samples(rng):
    """Energy, specific heat and T_E against Kaufman's, |m| against a long run."""
    m, m_error = mean_error(np.abs(magnetisation(sampling.sample(L, TC, LONG * N, rng))))
    truths = {
        "energy": (float(exact.energy_per_spin(L, TC)), 0.0),
        "specific heat": (float(exact.specific_heat(L, TC)), 0.0),
        "|m|": (m, m_error),
    }
    columns = dict(zip(truths, ("energy", "specific_heat", "abs_magnetisation"), strict=True))

    def replica(rng):
        row = observables.observe(sampling.sample(L, TC, N, rng), TC)
        return {name: gaussian(row[column], row[f"{column}_error"]) for name, column in columns.items()}

    return truths, replica


def thermometers(rng):
    """Mean readings of one ensemble: T_E, the Bayes thermometer, and the |m| thermometer with a new table each time."""
    levels = np.arange(-2 * L**2, 2 * L**2 + 1, 2)
    classes = posteriors.most_probable(posteriors.bayes_posterior(*_possible(levels)), CLASSES)
    bayes = exact.energy_distribution(L, READ)[_possible_at(levels)] @ classes
    tables = [_table(10 * COUNTED, rng) for _ in range(LONG // 10)]
    table = tables[0].assign(p=sum(part.p for part in tables) / len(tables))
    reading, error = _readings(sampling.sample(L, READ, LONG * N, rng), table)["magnetisation"]
    truths = {"T_E": (READ, 0.0), "Bayes thermometer": (float(bayes), 0.0), "|m| thermometer": (reading, error)}
    names = dict(zip(truths, ("energy", "bayes", "magnetisation"), strict=True))

    def replica(rng):
        read = _readings(sampling.sample(L, READ, N, rng), _table(COUNTED, rng))
        return {name: gaussian(*read[thermometer]) for name, thermometer in names.items()}

    return truths, replica


def _possible_at(levels):
    """Whether a configuration can have each of the energies `levels`."""
    return exact.energy_distribution(L, np.inf) > 0


def _possible(levels):
    """The arguments of the Bayes posterior for the possible ones of the energies `levels`."""
    return levels[_possible_at(levels)], L, CLASSES


def _table(n, rng):
    """The table of |m| counted on `n` configurations of each class."""
    return posteriors.magnetisation_table(np.stack([sampling.sample(L, T, n, rng) for T in CLASSES]), CLASSES)


def _readings(spins, table):
    """{thermometer: (temperature, error)} of `spins` without a network."""
    return posteriors.read(spins, [], table)[0]
