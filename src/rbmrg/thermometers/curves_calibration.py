"""Calibration curves of ensemble thermometers, measured in equilibrium and reweighted with Kaufman's Z."""

import numpy as np
from scipy.optimize import isotonic_regression

from rbmrg import exact, sampling
from rbmrg.stats import jackknife
from rbmrg.thermometers import posteriors
from rbmrg.thermometers.curves import energies, observables

# Curves are reweighted between these, so the energies of neighbours must overlap: they are up to 2.8 σ apart at L = 32.
# With 3000 configurations at each, ⟨|m|⟩ was right to 0.003 in T from 1.5 to 2.5 at L = 8, 16 and 32; higher up, where
# it hardly depends on T, to 0.02 at T = 3.25 and to 0.15 at 6, as its errors say.
NODES = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.1, 2.2, 2.25, 2.3, 2.35, 2.4, 2.5, 2.6, 2.8, 3.0, 3.5, 4.0, 5.0, 7.0, 10.0)
FARTHEST = 4.0  # σ of the energy between neighbours: beyond this nothing overlaps
STEP = 0.002  # of 1/T along a curve, 0.01 in T at Tc: linear interpolation is good to 2e-4 in T at L = 32
BLOCKS = 20  # of the jackknife


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


def calibrate(L, temperatures, n, hidden, epochs, rng, progress=None):
    """Train the network of lattice size `L` and measure the curves of the thermometers that have no exact one.

    `temperatures` [classes], positive, finite and ascending, are those of the network's classes and of the
    configurations: `n` of each to train on and `n` fresh ones for the curves, from `sampling.sample`.  `hidden`,
    `epochs` and `progress` are those of `posteriors.train_network`.  Returns a Dataset: the network's weights, and
    along `T`, in steps of STEP in 1/T from the lowest to the highest temperature, `magnetisation` = ⟨|m|⟩ and
    `reading` = ⟨Σ_k p_k T_k⟩, made monotone, with jackknife errors `magnetisation_error` and `reading_error`.

    Configurations of all temperatures contribute at each T with weights p(E|T) / Σ_k p(E|T_k).  Kaufman's Z in them is
    exact, so nothing has to be iterated (Ferrenberg & Swendsen, Phys. Rev. Lett. 63, 1195 (1989)) and there is no error
    of interpolation between the classes.  Raises ValueError for temperatures that are not such a list, or too far apart
    at this L to be reweighted: FARTHEST.
    """
    temperatures = np.asarray(temperatures, float)
    _check(L, temperatures)
    rng = np.random.default_rng(rng)
    training, fresh = (np.stack([sampling.sample(L, T, n, rng) for T in temperatures]) for _ in range(2))
    network = posteriors.train_network(training, temperatures, hidden, epochs, rng, progress)
    steps = 1 + int(np.ceil((1 / temperatures[0] - 1 / temperatures[-1]) / STEP))
    T = 1 / np.linspace(1 / temperatures[0], 1 / temperatures[-1], steps)
    read = np.stack([observables(spins, network) for spins in fresh])  # [class, n, observable]
    curves, errors = _curves(np.stack([energies(s) for s in fresh]), read, L, temperatures, T)
    variables = _variables("magnetisation", "mean absolute magnetisation per spin", curves[:, 0], errors[:, 0])
    variables |= _variables("reading", "mean of the posterior mean temperature in J/k_B", curves[:, 1], errors[:, 1])
    return network.assign(variables).assign_coords(T=("T", T, {"long_name": "temperature in J/k_B", "units": "1"}))


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


def _variables(name, long_name, curve, error):
    """The variables `name` and `name`_error of a calibration, the curve made monotone."""
    monotone = isotonic_regression(curve, increasing=name == "reading").x  # noise at its flat ends may not be
    return {
        name: ("T", monotone, {"long_name": long_name, "units": "1"}),
        f"{name}_error": ("T", error, {"long_name": f"jackknife error of {name}", "units": "1"}),
    }


def _curves(E, values, L, temperatures, T):
    """(means, jackknife errors), both [T, k], at each `T` from `values` [class, n, k] and energies `E` [class, n].

    Each block of the jackknife holds equally many configurations of each class.
    """
    levels, place = np.unique(E, return_inverse=True)
    place = place.reshape(E.shape)
    mixture = exact.log_mixture(levels, L, temperatures)
    weights = np.exp([exact.log_probability(levels, L, t) - mixture for t in T])
    sums = []
    for members in np.array_split(np.arange(E.shape[1]), BLOCKS):
        level = place[:, members].ravel()
        mine = values[:, members].reshape(-1, values.shape[-1])
        columns = [np.ones(level.size), *mine.T]
        sums.append(weights @ np.column_stack([np.bincount(level, v, len(levels)) for v in columns]))
    return jackknife(lambda total: total[:, 1:] / total[:, :1], sums)
