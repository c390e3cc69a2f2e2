"""The paper's way: configurations grouped by the temperature that its network gives them, arXiv:1906.05212.

A class is a choice among configurations, which changes their observables by itself: Monte Carlo data are grouped in the
same way beside every machine.
"""

import numpy as np
import xarray as xr

from rbmrg import correlators
from rbmrg.exponents import magnetisation as scaling
from rbmrg.lattice import TC, magnetisation
from rbmrg.machines import controls
from rbmrg.thermometers import posteriors

BLOCKS = 20  # for the correlators of a class, which may hold few configurations


def by_class(spins, network):
    """Configurations `spins` [..., n, L, L] grouped by the most probable class of `network`.

    Returns (groups, scan, correlators): the tables of `scaling.grouped` and `scaling.scan`, and the Dataset of
    `correlators.measure` for the class nearest Tc, of NaN if it holds fewer than four configurations a block.
    """
    temperatures = network["class"].values
    flat = spins.reshape(-1, *spins.shape[-2:])
    classes = posteriors.most_probable(posteriors.network_posterior(network, flat), temperatures)
    nearest = temperatures[np.abs(temperatures - TC).argmin()]
    return (*by_temperature(spins, classes.reshape(spins.shape[:-2]), temperatures), critical(flat[classes == nearest]))


def by_temperature(spins, temperature, temperatures):
    """(groups, scan) of `spins` [..., n, L, L] grouped by their `temperature` [..., n], one of `temperatures`."""
    m = magnetisation(spins)
    return scaling.grouped(m, temperature), scaling.scan(m, temperature, temperatures)


def critical(spins):
    """Two-point functions of the configurations of one class, `spins` [n, L, L]; NaN if there are too few."""
    if len(spins) >= 4 * BLOCKS:
        return correlators.measure(spins, BLOCKS)
    nothing = correlators.measure(np.ones((4 * BLOCKS, *spins.shape[-2:]), np.int8), BLOCKS)
    return xr.full_like(nothing, np.nan)


def monte_carlo(mixture, at_tc, network, rng):
    """What genuine Monte Carlo data give when grouped in the same way, and data that are wrong on purpose.

    `mixture` [classes, n, L, L] are configurations of the temperatures of `network`, `at_tc` [n, L, L] of Tc.  Returns
    {source: (groups, scan, correlators)}; nothing is selected in `Monte Carlo, true T`, whose correlators are those at
    Tc.  A single temperature has no |m|(T) to show, and shuffled or independent spins have no two-point function.
    """
    temperatures, classes = network["class"].values, len(mixture)
    true = np.broadcast_to(temperatures[:, None], mixture.shape[:2])
    flat = mixture.reshape(-1, *mixture.shape[-2:])
    found = {
        "Monte Carlo, true T": (*by_temperature(mixture, true, temperatures), critical(at_tc)),
        "Monte Carlo": by_class(mixture, network),
        "Monte Carlo at Tc": by_class(at_tc, network),
    }
    for sites in ("shuffled", "independent"):
        spins = controls.rearranged(flat, sites, None, rng)
        found[sites] = by_class(spins.reshape(classes, -1, *spins.shape[-2:]), network)
    return found
