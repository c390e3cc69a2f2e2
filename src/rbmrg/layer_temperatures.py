"""Layer temperatures: what three thermometers read of the lattices that an RG rule or a trained stack makes.

A thermometer of a set of configurations is an observable O whose mean is known at each temperature of the L × L torus;
it reads the temperature at which equilibrium has the mean that was found, T_O = O_L⁻¹(⟨O⟩):

- `energy`: the nearest neighbours' Σ ss' per site, with Kaufman's exact curve;
- `magnetisation`: ⟨|m|⟩;
- `network`: the mean of Σ_k p_k T_k, the posterior mean temperature of the paper's classifier, by the classifier's own
  curve and not as it stands: so the network, too, is unbiased on equilibrium data.

All agree on equilibrium configurations.  Where they do not, the lattice is none of equilibrium at any temperature.
"""

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from rbmrg import exact, sampling, thermometers
from rbmrg.lattice import bonds, magnetisation
from rbmrg.stats import jackknife, mean_error

# Curves are reweighted between these, so the energies of neighbours must overlap: they are up to 2.8 σ apart at L = 32.
# With 3000 configurations at each, ⟨|m|⟩ was right to 0.003 in T from 1.5 to 2.5 at L = 8, 16 and 32; above, where it
# hardly depends on T, to 0.02 at T = 3.25, 0.15 at 6: its errors say so.
NODES = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.1, 2.2, 2.25, 2.3, 2.35, 2.4, 2.5, 2.6, 2.8, 3.0, 3.5, 4.0, 5.0, 7.0, 10.0)
FARTHEST = 4.0  # σ of the energy between neighbours: nothing is left to reweight beyond
STEP = 0.002  # of 1/T along a curve, 0.01 in T at Tc: linear interpolation in between is good to 2e-4 in T at L = 32
BLOCKS = 20  # of the jackknife
KEYS = ["kind", "source", "seed", "T", "layer"]


def calibrate(L, temperatures, n, hidden, epochs, rng, progress=None):
    """Train the network of lattice size `L` and measure the curves of the thermometers that have no exact one.

    `temperatures` [classes], positive, finite and ascending, are those of the network's classes and of the
    configurations: `n` of each to train on and `n` fresh ones for the curves, from `sampling.sample`.  `hidden`,
    `epochs` and `progress` are those of `thermometers.train_network`.  Returns a Dataset: the network's weights, and
    along `T`, in steps of STEP in 1/T from the lowest to the highest temperature, `magnetisation` = ⟨|m|⟩ and
    `reading` = ⟨Σ_k p_k T_k⟩, made monotone, with jackknife errors `magnetisation_error` and `reading_error`.

    Configurations of all temperatures contribute at each T, with weights p(E|T) / Σ_k p(E|T_k), in which Kaufman's Z
    is exact (Ferrenberg & Swendsen, Phys. Rev. Lett. 63, 1195 (1989), with nothing left to iterate): there is no error
    of interpolation between the classes.  Raises ValueError for temperatures that are no such list, or that are too far
    apart at this L to be reweighted: FARTHEST.
    """
    temperatures = np.asarray(temperatures, float)
    _check(L, temperatures)
    rng = np.random.default_rng(rng)
    training, fresh = (np.stack([sampling.sample(L, T, n, rng) for T in temperatures]) for _ in range(2))
    network = thermometers.train_network(training, temperatures, hidden, epochs, rng, progress)
    steps = 1 + int(np.ceil((1 / temperatures[0] - 1 / temperatures[-1]) / STEP))
    T = 1 / np.linspace(1 / temperatures[0], 1 / temperatures[-1], steps)
    observables = np.stack([_observables(spins, network) for spins in fresh])  # [class, n, observable]
    curves, errors = _curves(np.stack([_energies(s) for s in fresh]), observables, L, temperatures, T)
    about = {
        "magnetisation": ("mean absolute magnetisation", "1"),
        "reading": ("mean of the posterior mean temperature", "J/k_B"),
    }
    variables = {}
    for (name, (long_name, units)), O, error in zip(about.items(), curves.T, errors.T, strict=True):
        monotone = isotonic_regression(O, increasing=name == "reading").x  # the noise of level ends may not be
        variables[name] = "T", monotone, {"long_name": long_name, "units": units}
        variables[f"{name}_error"] = "T", error, {"long_name": f"jackknife error of {name}", "units": units}
    return network.assign(variables).assign_coords(T=("T", T, {"long_name": "temperature", "units": "J/k_B"}))


def _check(L, temperatures):
    """Raise ValueError if `temperatures` are no ascending positive numbers or their energies do not overlap."""
    if not (np.all(temperatures > 0) and np.all(np.isfinite(temperatures)) and np.all(np.diff(temperatures) > 0)):
        raise ValueError(f"temperatures must be positive, finite and ascending, not {temperatures.tolist()}")
    u, C = exact.energy_per_spin(L, temperatures), exact.specific_heat(L, temperatures)
    deviation = temperatures * np.sqrt(C) / L
    gaps = 2 * np.diff(u) / (deviation[1:] + deviation[:-1])
    if (gaps > FARTHEST).any():
        k = np.argmax(gaps)
        raise ValueError(
            f"T = {temperatures[k]:g} and {temperatures[k + 1]:g} are {gaps[k]:.1f} σ of the energy apart at L = {L}: "
            f"at most {FARTHEST:g} can be bridged, add temperatures in between"
        )


def _energies(spins):
    """−Σ ss' over nearest neighbours of each configuration, also of real-valued block spins: [n, L, L] → [n]."""
    return -bonds(spins).sum(axis=(0, -2, -1))


def _observables(spins, network):
    """|m| and the posterior mean temperature of each configuration, float64 [n, 2]."""
    posterior = thermometers.network_posterior(network, spins)
    return np.column_stack([np.abs(magnetisation(spins)), posterior @ network["class"].values])


def _curves(E, observables, L, temperatures, T):
    """Means of `observables` [class, n, k] of configurations with energies `E` [class, n], at each `T`, and their
    jackknife errors: both [T, k].  Each block of the jackknife has the same number of configurations of each class.
    """
    levels, place = np.unique(E, return_inverse=True)
    place = place.reshape(E.shape)
    mixture = exact.log_mixture(levels, L, temperatures)
    weights = np.exp([exact.log_probability(levels, L, t) - mixture for t in T])
    sums = []
    for members in np.array_split(np.arange(E.shape[1]), BLOCKS):
        level, values = place[:, members].ravel(), observables[:, members].reshape(-1, observables.shape[-1])
        columns = [np.ones(level.size), *values.T]
        sums.append(weights @ np.column_stack([np.bincount(level, v, len(levels)) for v in columns]))
    return jackknife(lambda total: total[:, 1:] / total[:, :1], sums)


def read(spins, calibration):
    """{thermometer: (temperature, error)} of the configurations `spins` [n, L, L], by a `calibration` of that L.

    `spins` are ±1 or real-valued blocks, taken as they are: |m|, Σ ss' and the network's input are those of the real
    numbers.  A lattice of those has no temperature, and what each thermometer reads is only the temperature of the ±1
    configurations that look alike to it: the thermometers differ, and that is what they are for.

    A temperature is 0 or inf where ⟨O⟩ lies beyond the calibrated range (for the energy: where no T > 0 fits); there,
    and where a curve is level, the error is NaN.  So it is for what a network reads that has learned nothing.

    The error is √(σ_O²/n + (error of the curve)²) / |dO/dT|: the second part is common to all that is read by one
    calibration.  Raises ValueError for lattices of another size.
    """
    L = spins.shape[-1]
    if calibration.sizes["visible"] != L**2:
        raise ValueError(f"a calibration for {calibration.sizes['visible']} spins cannot read lattices of {L} × {L}")
    means, errors = mean_error(_observables(spins, calibration))
    return {
        "energy": thermometers.energy_temperature(_energies(spins), L),
        "magnetisation": _temperature(means[0], errors[0], calibration, "magnetisation"),
        "network": _temperature(means[1], errors[1], calibration, "reading"),
    }


def _temperature(mean, error, calibration, observable):
    """(temperature, error) at which the curve of `observable` has the value `mean` ± `error`."""
    T, O, O_error = (calibration[name].values for name in ("T", observable, f"{observable}_error"))
    if O[0] > O[-1]:
        O, mean = -O, -mean
    if not O[0] <= mean <= O[-1]:
        return (0.0 if mean < O[0] else np.inf), np.nan
    temperature = np.interp(mean, O, T)
    slope = np.interp(temperature, T, np.gradient(O, T))
    total = np.hypot(error, np.interp(temperature, T, O_error))
    return float(temperature), float(total / slope) if slope > 0 else np.nan


def gauge(hidden, spins):
    """The sign of each hidden unit with which its covariance with the magnetisation of the bottom `spins` is positive.

    `hidden` [n, …], `spins` [n, L, L] → int8 ±1 […]; +1 if the covariance is 0.  An RBM is the same with the signs of a
    hidden unit and of its weights and bias changed, so that no thermometer can be read before.  Raises ValueError if
    the numbers of samples differ.
    """
    if len(hidden) != len(spins):
        raise ValueError(f"{len(hidden)} hidden samples of {len(spins)} configurations")
    m = magnetisation(spins)
    covariance = np.tensordot(m - m.mean(), hidden - hidden.mean(axis=0, dtype=np.float64), axes=1)
    return np.where(covariance < 0, np.int8(-1), np.int8(1))


def follow(layers, calibrations):
    """Every thermometer along a stack: `layers`, a list of [n, l, l], the bottom first; `calibrations` {L: Dataset}.

    Returns a DataFrame layer (0: the bottom), L, thermometer, temperature, error.  Raises ValueError if a lattice size
    has no calibration.
    """
    missing = {spins.shape[-1] for spins in layers} - set(calibrations)
    if missing:
        raise ValueError(f"no calibration for L = {', '.join(map(str, sorted(missing)))}")
    rows = [
        (layer, spins.shape[-1], thermometer, *reading)
        for layer, spins in enumerate(layers)
        for thermometer, reading in read(spins, calibrations[spins.shape[-1]]).items()
    ]
    return pd.DataFrame(rows, columns=["layer", "L", "thermometer", "temperature", "error"])


def disagreement(table):
    """The largest difference between thermometers, of each layer: DataFrame kind, source, seed, T, layer, disagreement,
    error.

    `table` has a row for each of those and each `thermometer`: `temperature`, `error`.  The error is √(Σ error²) of the
    highest and the lowest, as if they were independent; as they read the same configurations, it is smaller or equal
    where they err alike.  Even in equilibrium the difference is positive, of the order of its error.  It is inf where
    only some thermometers find a temperature, NaN where fewer than two do.
    """
    rows = [(*key, *_widest(layer)) for key, layer in table.groupby(KEYS, sort=False)]
    return pd.DataFrame(rows, columns=[*KEYS, "disagreement", "error"])


def _widest(layer):
    """(highest − lowest temperature, error) of the thermometers of one layer."""
    known = layer.dropna(subset="temperature").sort_values("temperature")
    if len(known) < 2 or np.isinf(known.temperature.iloc[0]):
        return np.nan, np.nan
    lowest, highest = known.iloc[0], known.iloc[-1]
    return highest.temperature - lowest.temperature, np.hypot(highest.error, lowest.error)
