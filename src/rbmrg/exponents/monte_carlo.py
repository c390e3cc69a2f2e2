"""Monte Carlo data, and data that are wrong on purpose, grouped by class in the same way as flows."""

import numpy as np
import xarray as xr

from rbmrg.exponents import sources
from rbmrg.exponents.by_class import Grouped, by_temperature, critical, group, joined
from rbmrg.machines import controls


def group_all(mixture, at_tc, network, rng):
    """Join all sources of `group_each` into one `Grouped` along `source`, labelled by `sources.of_monte_carlo`."""
    found = group_each(mixture, at_tc, network, rng)
    labelled = [(sources.of_monte_carlo(name), of) for name, of in found.items()]
    return joined(labelled, xr.Variable("source", list(found), {"long_name": "where the configurations come from"}))


def group_each(mixture, at_tc, network, rng):
    """Group Monte Carlo data, and the same with sites rearranged, by the classes of `network`: {source: Grouped}.

    `mixture` [classes, n, L, L] are configurations at the temperatures of `network`, `at_tc` [n, L, L] at Tc.  The
    groups of `Monte Carlo, true T` are the true temperatures, and its correlators are those at Tc.  A single
    temperature has no |m|(T) to show, and shuffled or independent spins have no two-point function.
    """
    temperatures = network["class"].values
    true = np.broadcast_to(temperatures[:, None], mixture.shape[:2])
    flat = mixture.reshape(-1, *mixture.shape[-2:])
    found = {
        "Monte Carlo, true T": Grouped(*by_temperature(mixture, true, temperatures), critical(at_tc)),
        "Monte Carlo": group(mixture, network),
        "Monte Carlo at Tc": group(at_tc, network),
    }
    for sites in sources.WRONG_ON_PURPOSE:
        spins = controls.rearranged(flat, sites, None, rng)
        found[sites] = group(spins.reshape(mixture.shape), network)
    return found
