"""Calibration curves of ensemble thermometers, measured in equilibrium and reweighted with Kaufman's Z."""

import numpy as np
import xarray as xr
from scipy.optimize import isotonic_regression

from rbmrg import arguments, exact, sampling
from rbmrg.correlators import two_point
from rbmrg.lattice import magnetisation
from rbmrg.stats import jackknife_error
from rbmrg.thermometers.curves import PARTS, RANGE, energies

# Curves are reweighted between these, so the energies of neighbours must overlap: they are up to 2.8 σ apart at L = 32.
# With 3000 configurations at each, the errors of both curves are below 0.002 in T from 1.5 to 2.5 at L = 8, 16 and 32.
# Higher up, that of ⟨|m|⟩, which hardly depends on T, grows to 0.03 at T = 3.25 and 0.16 at 6, that of ⟨q²⟩ to 0.017.
NODES = (
    RANGE[0],
    1.2,
    1.4,
    1.6,
    1.8,
    2.0,
    2.1,
    2.2,
    2.25,
    2.3,
    2.35,
    2.4,
    2.5,
    2.6,
    2.8,
    3.0,
    3.5,
    4.0,
    5.0,
    7.0,
    RANGE[1],
)
FARTHEST = 4.0  # σ of the energy between neighbours: beyond this nothing overlaps
STEP = 0.002  # of 1/T along a curve, 0.01 in T at Tc: linear interpolation is good to 2e-4 in T at L = 32
BLOCKS = PARTS  # of the jackknife, as many as readings have


def nodes(L):
    """Temperatures at which to calibrate lattices of size `L`: NODES, and more where two of them are too far apart."""
    found = np.array(NODES)
    while (wide := separations(L, found) > 0.75 * FARTHEST).any():
        found = np.sort(np.concatenate([found, (found[1:] + found[:-1])[wide] / 2]))
    return found


def separations(L, temperatures):
    """Differences of the mean energies of neighbouring `temperatures`, in their standard deviations."""
    deviation = temperatures * np.sqrt(exact.specific_heat(L, temperatures)) / L
    return 2 * np.diff(exact.energy_per_spin(L, temperatures)) / (deviation[1:] + deviation[:-1])


def calibrate(L, temperatures, n, rng, progress=None):
    """Measure the curves of the thermometers of L × L lattices that have no exact one.

    `n` configurations are drawn by `sampling.sample` at each of the `temperatures`, which are positive, finite and
    ascending.  Returns a Dataset: along `T`, in steps of STEP in 1/T from the lowest to the highest temperature,
    `magnetisation` = ⟨|m|⟩ and `overlap` = ⟨q²⟩ = Σ_r G(r)²/N, made monotone, with jackknife errors
    `magnetisation_error` and `overlap_error`, and `magnetisation_without`, `overlap_without` [block, T], the curves
    without each of BLOCKS parts of the configurations.  `progress(number of temperatures done)` is called after each.

    Configurations of all temperatures contribute at each T with weights p(E|T) / Σ_k p(E|T_k).  Kaufman's Z in them is
    exact, so nothing has to be iterated (Ferrenberg & Swendsen, Phys. Rev. Lett. 63, 1195 (1989)) and there is no error
    of interpolation between the temperatures.  Raises ValueError for temperatures that are not such a list, or too far
    apart at this L to be reweighted: FARTHEST.
    """
    temperatures = arguments.mixture(temperatures)
    _check(L, temperatures)
    rng = arguments.generator(rng)
    steps = 1 + int(np.ceil((1 / temperatures[0] - 1 / temperatures[-1]) / STEP))
    T = 1 / np.linspace(1 / temperatures[0], 1 / temperatures[-1], steps)
    sums = 0
    for done, temperature in enumerate(temperatures.tolist(), start=1):
        sums = sums + _weighed(sampling.sample(L, temperature, n, rng), temperatures, T)
        if progress:
            progress(done)
    replicas = np.array([_curves(np.delete(sums, block, axis=0)) for block in range(BLOCKS)])
    magnetisation, overlap = _curves(sums)
    variables = _variables("magnetisation", "mean absolute magnetisation per spin", magnetisation, replicas[:, 0])
    variables |= _variables("overlap", "mean square overlap of two configurations", overlap, replicas[:, 1])
    return xr.Dataset(variables, {"T": ("T", T, {"long_name": "temperature in J/k_B", "units": "1"})}, {"L": L})


def _check(L, temperatures):
    """Raise ValueError unless `temperatures` are ascending positive numbers whose energies overlap."""
    if not (np.all(temperatures > 0) and np.all(np.isfinite(temperatures)) and np.all(np.diff(temperatures) > 0)):
        raise ValueError(f"temperatures = {temperatures.tolist()}: must be positive, finite and ascending")
    gaps = separations(L, temperatures)
    if (gaps > FARTHEST).any():
        k = np.argmax(gaps)
        raise ValueError(
            f"T = {temperatures[k]:g} and {temperatures[k + 1]:g}, {gaps[k]:.1f} σ of the energy apart at L = {L}: "
            f"must be at most {FARTHEST:g} σ apart, add temperatures in between"
        )


def _variables(name, long_name, curve, without):
    """The variables `name`, `name`_error and `name`_without of a calibration, the curve made monotone."""
    monotone = isotonic_regression(curve, increasing=False).x  # noise at its flat ends may not be
    return {
        name: ("T", monotone, {"long_name": long_name, "units": "1"}),
        f"{name}_error": ("T", jackknife_error(without), {"long_name": f"jackknife error of {name}", "units": "1"}),
        f"{name}_without": (("block", "T"), without, {"long_name": f"{long_name}, a block left out", "units": "1"}),
    }


def _weighed(spins, temperatures, T):
    """Sums of 1, |m| and G(r)/L over blocks of configurations, weighed as those of each `T`: [blocks, T, 2 + …].

    `spins` [n, L, L] were drawn at one of the `temperatures`, which all have as many.  Of the displacements r and −r,
    which have the same G, only one is kept, times √2, so that Σ_r G(r)² is the sum of squares of what is kept.
    """
    L = spins.shape[-1]
    levels, place = np.unique(energies(spins), return_inverse=True)
    mixture = exact.log_mixture(levels, L, temperatures)
    weights = np.exp([exact.log_probability(levels, L, t) - mixture for t in T])
    rows = np.arange(L // 2 + 1)
    scale = np.sqrt(np.where(2 * rows % L, 2, 1))[:, None] / L
    sums = []
    for block in np.array_split(np.arange(len(spins)), BLOCKS):
        G = (scale * two_point(spins[block])[:, rows]).reshape(len(block), -1)
        columns = np.column_stack([np.ones(len(block)), np.abs(magnetisation(spins[block])), G])
        sums.append(weights[:, place[block]] @ columns)
    return np.stack(sums)


def _curves(sums):
    """(⟨|m|⟩, Σ_r G(r)²/N), [2, T], from `sums` of `_weighed`.

    The square of a mean with noise is too large, so squares are made of products of different blocks, which are
    independent: Σ_{b≠c} A_b·A_c / Σ_{b≠c} W_b W_c, with A_b the sum of G(r)/L in block b and W_b that of the weights.
    """
    total = sums.sum(axis=0)
    pairs = total**2 - (sums**2).sum(axis=0)
    return np.array([total[:, 1] / total[:, 0], pairs[:, 2:].sum(axis=1) / pairs[:, 0]])
