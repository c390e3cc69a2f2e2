"""Tests whether a set of configurations is an Ising ensemble, against fresh samples of equilibrium.

Energy is a sufficient statistic, so T_E = U⁻¹(⟨E⟩) is the temperature of maximum likelihood: configurations that are
not an ensemble of T_E are an ensemble of no temperature.  The mean energy, and with it the nearest-neighbour
correlation averaged over both directions, agrees by construction and tests nothing; every other observable does.
"""

import numpy as np
import pandas as pd

from rbmrg import sampling
from rbmrg.flows.comparison import compare
from rbmrg.lattice import energy
from rbmrg.thermometers.posteriors import energy_temperature


def at_best_temperature(spins, rng, n_reference=100_000):
    """`compare` of `spins` [n, L, L] with `n_reference` equilibrium configurations at T_E; also T (= T_E) and T_error.

    At the two ends, T_E = 0 (all are ground states) and T_E = ∞ (⟨E⟩ ≥ 0), the comparison is with that temperature, not
    fitted, and T_error is NaN.  `rng` is an int or a numpy Generator.  Raises ValueError as `compare` and `sample` do.
    """
    T, error = best_temperature(spins)
    reference = sampling.sample(spins.shape[-1], T, n_reference, rng)
    return compare(spins, reference, fitted=0 < T < np.inf).assign(T=T, T_error=error)


def best_temperature(spins):
    """(T_E, error) of `spins` [n, L, L]; raises ValueError for fewer than two."""
    if len(spins) < 2:
        raise ValueError(f"spins = {len(spins)} configurations: must be at least two")
    return energy_temperature(energy(spins), spins.shape[-1])


def as_mixture(spins, temperatures, rng, n_reference=100_000):
    """`compare` of `spins` [n, L, L], not fitted, with the mixture of equilibria at `temperatures`; T and T_error NaN.

    Each configuration of the reference has any of the temperatures with equal probability, and the same is assumed of
    `spins`: if these hold exactly equal shares of the temperatures, the errors are too large.  Raises ValueError as
    `compare` and `sample` do, and if there are no temperatures.
    """
    reference = sampling.mixture(spins.shape[-1], temperatures, n_reference, rng)
    return compare(spins, reference, fitted=False).assign(T=np.nan, T_error=np.nan)


def assess(spins, training, rng, n_reference=10_000):
    """Both comparisons of the end of a flow, `spins` [n, L, L], of a machine trained at the temperatures `training`.

    A DataFrame as above with a column `reference`: `equilibrium` at T_E and, if there are several temperatures,
    `mixture` of them.
    """
    rng = np.random.default_rng(rng)
    tables = [at_best_temperature(spins, rng, n_reference).assign(reference="equilibrium")]
    if len(training) > 1:
        tables.append(as_mixture(spins, training, rng, n_reference).assign(reference="mixture"))
    return pd.concat(tables, ignore_index=True)
