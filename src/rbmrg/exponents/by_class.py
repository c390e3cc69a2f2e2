"""The paper's way of grouping configurations: by the temperature that its network gives them, arXiv:1906.05212.

A class is a choice among configurations, which changes their observables by itself: Monte Carlo data are grouped in the
same way beside every machine.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg import correlators
from rbmrg.exponents.magnetisation import grouped, scan
from rbmrg.lattice import TC, magnetisation
from rbmrg.thermometers import posteriors

BLOCKS = 20  # for the correlators of a class, which may hold few configurations


class Grouped(NamedTuple):
    """A set of configurations in groups.

    The tables of `magnetisation.grouped` and `magnetisation.scan`, and the Dataset of `correlators.measure` for one of
    the groups.
    """

    groups: pd.DataFrame
    scans: pd.DataFrame
    correlators: xr.Dataset


def group(spins, network):
    """Group `spins` [..., n, L, L] by the most probable class of `network`: `Grouped`.

    The correlators are those of the class nearest Tc, NaN if it holds fewer than four configurations a block.
    """
    temperatures = network["class"].values
    flat = spins.reshape(-1, *spins.shape[-2:])
    classes = posteriors.most_probable(posteriors.network_posterior(network, flat), temperatures)
    nearest = temperatures[np.abs(temperatures - TC).argmin()]
    tables = by_temperature(spins, classes.reshape(spins.shape[:-2]), temperatures)
    return Grouped(*tables, critical(flat[classes == nearest]))


def by_temperature(spins, temperature, temperatures):
    """(groups, scans) of `spins` [..., n, L, L] grouped by their `temperature` [..., n], one of `temperatures`."""
    m = magnetisation(spins)
    return grouped(m, temperature), scan(m, temperature, temperatures)


def critical(spins):
    """Two-point functions of the configurations of one class, `spins` [n, L, L]; NaN if there are too few."""
    if len(spins) >= 4 * BLOCKS:
        return correlators.measure(spins, BLOCKS)
    nothing = correlators.measure(np.ones((4 * BLOCKS, *spins.shape[-2:]), np.int8), BLOCKS)
    return xr.full_like(nothing, np.nan)


def joined(found, along):
    """Join several `Grouped` into one: their tables one below the other, their correlators along a new dimension.

    `found` is a list of (columns for the rows, Grouped); `along` is the name of the dimension or a Variable.
    """
    return Grouped(
        groups=pd.concat([of.groups.assign(**columns) for columns, of in found], ignore_index=True),
        scans=pd.concat([of.scans.assign(**columns) for columns, of in found], ignore_index=True),
        correlators=xr.concat([of.correlators for _, of in found], along),
    )
