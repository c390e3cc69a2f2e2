"""Where flows end, how long they take to forget their start, and which prediction their end agrees with.

The nonlinear relaxation time of the energy is τ = Σ_{t≥0} φ(t), φ(t) = (⟨E⟩(t) − E_end)/(⟨E⟩(0) − E_end): Rácz,
Phys. Rev. B 13, 263 (1976); Binder & Heermann, Monte Carlo Simulation in Statistical Physics, section 2.3.  It depends
on the start, is 1 for a machine that forgets everything in one step and 1/(1 − λ) if φ(t) = λ^t.
"""

import numpy as np

from rbmrg import exact
from rbmrg.lattice import TC
from rbmrg.stats import block_means, jackknife, mean_error
from rbmrg.thermometers.posteriors import energy_temperature

STILL = 3.0  # errors within which two energies agree: 0.3 % false alarms each
SIGNIFICANT = 4.0  # errors beyond which φ is not noise: one of 20 snapshots of noise in 0.1 % of flows
SLOWER = 1.5  # how much slower the slowest mode of a flow may be than its relaxation time says
BLOCKS = 50


def relaxation_sum(phi, steps):
    """Σ φ(t) over every integer t from the first to the last of the increasing `steps`, from `phi` [steps] at these.

    φ is interpolated exponentially between snapshots of equal sign and linearly between others; both sums are exact.
    A sum of decaying exponentials lies below its interpolation: the result is then too large, by less than 1 % if
    consecutive steps grow by 2/3 at most.
    """
    first = phi[:-1]
    last = phi[1:]
    m = np.diff(steps)
    same = first * last > 0
    x = np.log(np.divide(last, first, out=np.ones(len(m)), where=same))  # 0, and not used, where signs differ
    rate = np.expm1(x / m)
    geometric = np.divide(np.expm1(x), rate, out=m.astype(float), where=rate != 0)  # Σ_{k<m} e^{kx/m}
    return float(np.where(same, first * geometric, m * first + (last - first) * (m - 1) / 2).sum() + phi[-1])


def relaxation_time(E, E_end, steps, blocks=BLOCKS):
    """(τ, error) in steps, of `E` [steps, n]: energies of n independent chains from one start at increasing `steps`.

    `E_end` is a number known exactly, or energies [..., n] at the ends of chains.  The jackknife leaves chain k of all
    of them out together, so the error of E_end counts, with its correlation if they are the same chains.

    Later steps are noise, which would add an error of (length × error of φ).  So the sum ends at the first snapshot t
    after the last |φ| > 4 errors at which what is left out is less than a quarter of the error, if φ = λ^t with a time
    1/(1 − λ) = 1 + 1.5 (τ − 1) of the slowest mode (as the window of the Γ method, Wolff, hep-lat/0306017).  A slower
    mode whose φ is within the noise is not seen.

    (NaN, NaN) if the start is within 3 errors of the end: nothing relaxes.  Raises ValueError for fewer than two chains
    or `steps` that do not rise from 0.
    """
    steps = _checked(steps, E)
    E = np.asarray(E, float)
    E_end = np.asarray(E_end, float)
    end = np.full(E.shape[1], E_end) if E_end.ndim == 0 else E_end.reshape(-1, E.shape[1]).mean(axis=0)
    means = block_means(np.column_stack([E.T, end]), min(blocks, len(end)))
    gap, error = jackknife(lambda mean: mean[0] - mean[-1], means)
    if abs(gap) <= STILL * error:
        return np.nan, np.nan
    phi, error = jackknife(_phi, means)
    window = min(np.flatnonzero(np.abs(phi) > SIGNIFICANT * error)[-1] + 1, len(steps) - 1)
    for used in range(window + 1, len(steps) + 1):
        tau, error = jackknife(lambda mean, n=used: relaxation_sum(_phi(mean)[:n], steps[:n]), means)
        slowest = 1 + SLOWER * (tau - 1)
        if slowest <= 1 or slowest * (1 - 1 / slowest) ** steps[used - 1] < error / 4:
            break
    return tau, float(error)


def _phi(mean):
    """φ [steps] from mean energies [steps + 1], the last of them E_end."""
    return (mean[:-1] - mean[-1]) / (mean[0] - mean[-1])


def fixed_point(E, starts, steps, L):
    """The end of flows as a dict, from `E` [starts, steps, n] of n independent chains at each temperature of `starts`.

    `length`, the last step, and the size `L`; `u`, the energy per spin there of all starts together, `u_cold`, `u_hot`
    of the coldest and of the hottest start, and `T_cold`, `T_hot`, their T_E; `drift_cold`, `drift_hot`, the change of
    the energy per spin since the snapshot nearest to half the length, and `moved_cold`, `moved_hot`, the same in errors
    of paired differences; `stationary`: u_cold and u_hot agree within 3 combined errors *and* neither moved by more
    than 3.  Both are needed: ends that cross may agree while they move, and two that are stuck do not move.  At most
    0.9 % false alarms.  Only energies are compared: chains in opposite phases, m and −m, are stationary.

    If stationary, `T` is T_E of the ends of all starts together, and `time_cold` and `time_hot` are the relaxation
    times to their mean energy; otherwise these are NaN.  Each but `length`, `L`, `stationary` and `moved` has an
    error, `…_error`.  Raises ValueError unless there are two chains, two starts and two `steps` rising from 0.
    """
    steps = _checked(steps, E, axis=1)
    E = np.asarray(E)
    if len(E) != len(starts) or len(starts) < 2:
        raise ValueError(f"starts = {list(starts)}: must be at least 2, one for each of E of shape {E.shape}")
    sides = {"cold": E[np.argmin(starts)], "hot": E[np.argmax(starts)]}
    half = np.abs(steps[:-1] - steps[-1] / 2).argmin()
    ends = E[:, -1]
    found = {"length": int(steps[-1]), "L": L} | _with_error("u", map(float, mean_error(ends.ravel() / L**2)))
    for side, energies in sides.items():
        found |= _with_error(f"u_{side}", map(float, mean_error(energies[-1] / L**2)))
        found |= _with_error(f"T_{side}", energy_temperature(energies[-1], L))
        drift = mean_error((energies[-1] - energies[half]) / L**2)
        found |= _with_error(f"drift_{side}", map(float, drift))
        found[f"moved_{side}"] = _score(*drift)
    apart = _score(found["u_hot"] - found["u_cold"], np.hypot(found["u_cold_error"], found["u_hot_error"]))
    scores = np.abs([apart, found["moved_cold"], found["moved_hot"]])
    stationary = bool((scores <= STILL).all())
    found["stationary"] = stationary
    nothing = (np.nan, np.nan)
    found |= _with_error("T", energy_temperature(ends.ravel(), L) if stationary else nothing)
    for side, energies in sides.items():
        found |= _with_error(f"time_{side}", relaxation_time(energies, ends, steps) if stationary else nothing)
    return found


def _with_error(name, pair):
    """{name: value, name_error: error} from a `pair` (value, error)."""
    return dict(zip((name, f"{name}_error"), pair, strict=True))


def _score(difference, error):
    """A difference in units of its error: 0 if both are 0, ±∞ if only the error is."""
    if error == 0:
        return float(np.sign(difference)) * np.inf if difference else 0.0
    return float(difference / error)


def _checked(steps, E, axis=0):
    """`steps` as an array; ValueError unless they rise from 0, are two or more, and are those of `E` along `axis`."""
    steps = np.asarray(steps)
    shape = np.shape(E)
    if len(steps) < 2 or steps[0] != 0 or (np.diff(steps) <= 0).any():
        raise ValueError(f"steps = {steps.tolist()}: must be at least two, rising from 0")
    if len(shape) != axis + 2 or shape[axis] != len(steps) or shape[-1] < 2:
        names = "[starts, steps, n]" if axis else "[steps, n]"
        raise ValueError(f"E of shape {shape} with {len(steps)} steps: must be {names} with n ≥ 2 chains")
    return steps


def rivals(L, data_energy):
    """Temperatures said to attract flows, {name: T}, for a machine whose training data have `data_energy` per spin.

    `Tc` of the infinite lattice (arXiv:1906.05212); `T_peak`, the maximum of the specific heat at this L (Funai &
    Giataganas, arXiv:1810.08179); `T_mix`, the temperature of the mean energy of the training data, where
    the flow of a machine that learned only this energy would end.  Raises ValueError for L < 2.
    """
    T_mix = float(exact.temperature_of_energy(L, data_energy))
    return {"Tc": TC, "T_peak": exact.specific_heat_maximum(L), "T_mix": T_mix}
