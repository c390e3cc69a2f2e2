"""`python -m rbmrg.benchmarks.costs FOLDER`: what an independent configuration costs at Tc, for every algorithm and L.

Two things are measured: the integrated autocorrelation times τ of E and of m², in sweeps, by the Γ method; and the CPU
time of a configuration as it is used, `thinning` sweeps after the one before.  Averages over 2 τ sweeps of a chain are
as accurate as one independent configuration, which therefore costs 2 τ/thinning of that time.
"""

import argparse
import time
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from rbmrg import stats, store
from rbmrg.lattice import TC, energy, magnetisation
from rbmrg.progress import Progress
from rbmrg.sampling import ALGORITHMS, multispin, schedule, wolff

LATTICES = [4, 8, 16, 32, 64, 128, 256]
SIZES = dict.fromkeys(ALGORITHMS, LATTICES) | {"transfer": [4, 6, 8, 10, 12]}
SECONDS = 0.2  # of CPU in each of the ROUNDS
ROUNDS = 3
FIT_FROM = 16  # the smallest lattice that is fitted for the growth with L


def autocorrelation_times(algorithm, L, T, rng, points=None):
    """((τ, error) of E, (τ, error) of m²) in sweeps, from `points` measurements; (1/2, 0) for perfect algorithms."""
    _, _, thinning = schedule(L, T, algorithm)
    if thinning == 0:
        return (0.5, 0.0), (0.5, 0.0)
    step = max(1, thinning // 200)  # a twentieth of τ at most, or a sweep
    early = -(-thinning // step)  # 10 τ, as the sampler's own thermalisation shrinks with the step
    if algorithm == "multispin":
        parts = islice(multispin.emissions(L, T, rng, thin=step, first=1.0), early, early + (points or 500))
        series = np.array([even_observables(spins) for spins in parts]).transpose(1, 2, 0)
        distance = step
    else:
        module = wolff if algorithm == "hybrid" else ALGORITHMS[algorithm]  # the chains of the hybrid are Wolff's
        draw, distance = chain(module, L, T, rng, step)
        series = series_of(draw, early + (points or 20_000), size=max(1, module.AT_ONCE // L**2))[:, early:]
    return tuple(tuple(distance * x for x in stats.autocorrelation_time(values)) for values in series)


def chain(module, L, T, rng, step):
    """(`draw(n)` for the next n configurations of one chain, the sweeps between two: `step`, for Wolff nearly so)."""
    if module is not wolff:
        return module.sampler(L, T, rng, thin=step), step
    follow, spins, updates = wolff.chain(L, T, np.random.default_rng(rng), thin=step)
    return partial(follow, spins), wolff.distance(L, T, updates)


def series_of(draw, n, size):
    """E and m² of the next `n` configurations, float64 [2, n], drawn in parts of `size`."""
    return np.concatenate([even_observables(draw(min(size, n - done))) for done in range(0, n, size)], axis=1)


def even_observables(spins):
    """E and m² of configurations [n, L, L], float64 [2, n]."""
    return np.array([energy(spins), magnetisation(spins) ** 2])


def cpu_time(algorithm, L, T, rng, seconds=SECONDS):
    """µs of CPU for one configuration as it is used: the best of ROUNDS, without compilation and thermalisation."""
    draw = ALGORITHMS[algorithm].sampler(L, T, rng)
    n = multispin.replicas(L) if algorithm == "multispin" else {"transfer": 2**16, "hybrid": 64}.get(algorithm, 1)
    draw(n)
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        drawn = 0
        while drawn == 0 or time.process_time() - start < seconds:
            drawn += len(draw(n))
        spent.append((time.process_time() - start) / drawn)
    return 1e6 * min(spent)


def measure(algorithm, L, T=TC, rng=1, points=None):
    """A row of the table: τ of E and m² in sweeps, µs of CPU per configuration as used and per independent one."""
    (tau_E, error_E), (tau_m2, error_m2) = autocorrelation_times(algorithm, L, T, rng, points)
    _, thermalisation, thinning = schedule(L, T, algorithm)
    used = cpu_time(algorithm, L, T, rng)
    return {
        "algorithm": algorithm, "L": L, "tau_energy": tau_E, "tau_energy_error": error_E, "tau_m2": tau_m2,
        "tau_m2_error": error_m2, "thermalisation": thermalisation, "thinning": thinning, "us_as_used": used,
        "us_independent": used * 2 * max(tau_E, tau_m2) / thinning if thinning else used,
    }  # fmt: skip


def growth(L, cost):
    """(exponent z, its error) of cost ∝ L^z: least squares of the logarithms, with the error from their scatter."""
    x = np.log(L) - np.mean(np.log(L))
    y = np.log(cost) - np.mean(np.log(cost))
    exponent = x @ y / (x @ x)
    return exponent, np.sqrt(np.sum((y - exponent * x) ** 2) / (len(x) - 2) / (x @ x))


def with_growth(table):
    """`table` with columns `growth` and `growth_error` by algorithm, and `fitted`: whether the row's lattice counts.

    The growth is NaN for an algorithm with fewer than three lattices ≥ FIT_FROM.
    """
    table = table.assign(growth=np.nan, growth_error=np.nan, fitted=table.L >= FIT_FROM)
    for _, rows in table[table.L >= FIT_FROM].groupby("algorithm"):
        if len(rows) > 2:
            own = table.algorithm == rows.algorithm.iloc[0]
            table.loc[own, ["growth", "growth_error"]] = growth(rows.L, rows.us_independent)
    return table


def main():
    from rbmrg.figures import sampling_costs, style  # matplotlib is slow to import

    parser = argparse.ArgumentParser(description="Measure what an independent configuration costs at Tc (minutes).")
    parser.add_argument("folder", type=Path, help="where costs.csv and costs.png are written")
    folder = parser.parse_args().folder
    tasks = [(algorithm, L) for algorithm, sizes in SIZES.items() for L in sizes]
    progress = Progress("costs at Tc", len(tasks))
    rows = []
    for done, (algorithm, L) in enumerate(tasks):
        progress(done, f"{algorithm} L = {L}")
        rows.append(measure(algorithm, L))
    figure, table = sampling_costs.draw(with_growth(pd.DataFrame(rows)))
    store.write_table(table, folder / "costs.csv")
    with store.atomic(folder / "costs.png") as temporary:
        style.save(figure, temporary)
    print(table.to_string(index=False, float_format="%.4g"))


if __name__ == "__main__":
    main()
