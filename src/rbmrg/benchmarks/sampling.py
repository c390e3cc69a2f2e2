"""`python -m rbmrg.benchmarks.sampling [--quick]`: our samplers against installable ones, side by side, at Tc.

Competitors (`pip install mcising peapods isingenerator`): mcising and peapods (Rust) have Metropolis with sites in
order, Wolff and Swendsen–Wang; isingenerator (C++) has Metropolis on the checkerboard; `metropolis`, below, is what one
would write with numba.  All run in one thread of this process, in interleaved rounds, so that all see the same load.
Times are CPU times, after a first call of everything.
"""

import argparse
import importlib
import os
import platform
import re
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import llvmlite.binding
import numpy as np

from rbmrg.jit import njit
from rbmrg.lattice import TC
from rbmrg.sampling import cluster, coupling, hybrid, multispin, transfer, wolff

MODULES = {"mcising": "mcising._core", "peapods": "peapods", "isingenerator": "isingenerator._core"}
SIZES = [10, 32, 64, 128]
UPDATES = 2**22  # work per round: single-spin updates; a quarter in clusters, 64 times as many in multispin
BONDS = np.uint64(round(cluster.bond_probability(TC) * 2**32))
THINNING = {"Metropolis": multispin.thinning, "Wolff": wolff.thinning, "Swendsen–Wang": cluster.thinning}
NOTES = """Ratio: the best competitor's best time over this one's.  Clusters of Wolff have the mean size N<m²>, which is
measured here for peapods, whose cluster updates include a sweep of Metropolis: the time of that sweep is subtracted.
Independent: after `thinning` sweeps (10 τ), assumed the same for the same algorithm whoever wrote it; a sweep of Wolff
flips N spins on average.  Competitors pay nothing to take configurations out; multispin, transfer, coupling are timed
as used, everything included; hybrid is computed from coupling and Wolff.  coupling takes a random time: mean of few."""


class Contestant(NamedTuple):
    """Whose algorithm is timed: `package` is "rbmrg" for ours, and "numba" for the plain baseline."""

    package: str
    algorithm: str
    kept: bool = False  # timed as it is used, per configuration, instead of per update

    @property
    def ours(self):
        return self.package == "rbmrg"

    def __str__(self):
        return f"{self.package} {self.algorithm}"


MULTISPIN = Contestant("rbmrg", "multispin")
WORDS = Contestant("rbmrg", "words")  # the generator of multispin alone


@njit
def metropolis(spins, sweeps, four, eight):
    """The plain baseline: `sweeps` in order over `spins` (int8 [L, L]), with e^{−4/T} and e^{−8/T}."""
    L = spins.shape[0]
    for _ in range(sweeps):
        for y in range(L):
            up = y - 1 if y > 0 else L - 1
            down = y + 1 if y + 1 < L else 0
            for x in range(L):
                left = x - 1 if x > 0 else L - 1
                right = x + 1 if x + 1 < L else 0
                aligned = spins[y, x] * (spins[up, x] + spins[down, x] + spins[y, left] + spins[y, right])
                if aligned <= 0 or np.random.random() < (four if aligned == 2 else eight):  # noqa: NPY002
                    spins[y, x] = -spins[y, x]


@njit
def generate(lanes, calls):
    """The generator of `multispin.draw_digits` and nothing else: `calls` times LANES · BITS words."""
    for call in range(calls):
        for i in range(multispin.LANES):
            a = lanes[i]
            b = lanes[multispin.LANES + i]
            c = lanes[2 * multispin.LANES + i]
            for bit in range(multispin.BITS):
                word = a + b + np.uint64(call * multispin.BITS + bit)
                a = b ^ (b >> np.uint64(11))
                b = c + (c << np.uint64(3))
                c = ((c << np.uint64(24)) | (c >> np.uint64(40))) + word
            lanes[i] = a
            lanes[multispin.LANES + i] = b
            lanes[2 * multispin.LANES + i] = c


def task(amount, function, *arguments):
    """`function(*arguments)` as a function without arguments that returns the amount of work done."""
    return lambda: (function(*arguments), amount)[1]


def our_tasks(L, updates):
    """By contestant, functions that return how much they did: updates, flips, sites, words; if kept, configurations."""
    sweeps = updates // L**2
    cluster_sweeps = updates // (4 * L**2)
    plain = np.ones((L, L), np.int8)
    spins = np.ones(L**2, np.int8)
    tasks = multispin_tasks(L, updates) | {
        Contestant("numba", "Metropolis"): task(
            sweeps * L**2, metropolis, plain, sweeps, np.exp(-4 / TC), np.exp(-8 / TC)
        ),
        Contestant("rbmrg", "Wolff"): task(
            cluster_sweeps * L**2, wolff.pilot, L, BONDS, np.uint64(1), 1, cluster_sweeps, spins
        ),
        Contestant("rbmrg", "Swendsen–Wang"): task(
            cluster_sweeps * L**2, cluster.sampler(L, TC, 1, thin=1), cluster_sweeps
        ),
    }
    if L <= 64:
        perfect = updates // (2 * L**3)
        tasks[Contestant("rbmrg", "coupling", kept=True)] = task(perfect, coupling.sampler(L, TC, 1), perfect)
    if L in transfer.SIZES:
        many = updates // 16
        tasks[Contestant("rbmrg", "transfer", kept=True)] = task(many, transfer.sampler(L, TC, 1), many)
    return tasks


def multispin_tasks(L, updates):
    """The same for multispin: its updates, its generator alone and, for L ≤ 64, its configurations."""
    words = multispin.replicas(L) // 64
    calls = updates // 128
    sweeps = updates // (words * L**2)
    packed = np.zeros((2, L, (L // 2 + 2) * words), np.uint64)
    lanes = np.arange(6 * multispin.LANES, dtype=np.uint64)
    arguments = packed, words, lanes, np.array([1, 1], np.uint64), sweeps, multispin.acceptance(TC, 1.0)
    tasks = {
        MULTISPIN: task(sweeps * 64 * words * L**2, multispin.run, *arguments),
        WORDS: task(calls * multispin.LANES * multispin.BITS, generate, lanes, calls),
    }
    if L <= 64:
        kept = multispin.emissions(L, TC, 1)
        tasks[MULTISPIN._replace(kept=True)] = lambda: len(next(kept))
    return tasks


def competing_tasks(L, updates, modules):
    """The same for those of MODULES that are there; the work of peapods is in sites, also where it flips a cluster."""
    sweeps = updates // L**2
    cluster_sweeps = updates // (4 * L**2)
    tasks = {}
    if "mcising" in modules:
        for algorithm, n in ("Metropolis", sweeps), ("Wolff", 3 * cluster_sweeps), ("Swendsen–Wang", cluster_sweeps):
            called = algorithm.lower().replace("–", "_")
            chain = modules["mcising"].IsingSimulation(L, 1.0, 0.0, 0.0, 0.0, 1, called)
            chain.set_spins(np.ones((L, L), np.int8))
            tasks[Contestant("mcising", algorithm)] = lambda chain=chain, n=n: chain.sweep(n, temperature=TC)[1]
    if "peapods" in modules:
        chain = modules["peapods"].Ising((L, L), temperatures=np.array([TC]))
        plain = partial(chain.sample, sequential=True, warmup_ratio=0.9)  # it measures in the rest
        tasks[Contestant("peapods", "Metropolis")] = task(sweeps * L**2, plain, sweeps)
        for algorithm, mode, n in ("Swendsen–Wang", "sw", cluster_sweeps), ("Wolff", "wolff", 4 * cluster_sweeps):
            both = partial(plain, cluster_update_interval=1, cluster_mode=mode)
            tasks[Contestant("peapods", algorithm)] = task(n * L**2, both, n)
    if "isingenerator" in modules:
        chain = modules["isingenerator"].Simulation(L, L, probability=1.0, seed=1)
        run = chain.run_single_temperature  # sweeps of equilibration, measurements, sweeps for each, threads
        tasks[Contestant("isingenerator", "Metropolis")] = task(sweeps * L**2, run, TC, sweeps - 1, 1, 1, 1)
    return tasks


def interleaved(tasks, rounds):
    """CPU time in ns per unit of work of each task, sorted, float [rounds]; the tasks take turns: A B C A B C …"""
    spent = {who: [] for who in tasks}
    for _ in range(rounds):
        for who, do in tasks.items():
            start = time.process_time_ns()  # of all threads, should a competitor start some
            amount = do()
            spent[who].append((time.process_time_ns() - start) / amount)
    return {who: np.sort(times) for who, times in spent.items()}


def measure(L, updates, rounds, modules):
    """As `interleaved`; for peapods the times of cluster updates alone, with those of Wolff per flipped spin."""
    tasks = our_tasks(L, updates) | competing_tasks(L, updates, modules)
    interleaved(tasks, 1)  # compiles, and leaves the starts behind
    times = interleaved(tasks, rounds)
    if "peapods" in modules:
        per_sweep = wolff.pilot(L, BONDS, np.uint64(1), 1000, 1000, np.ones(L**2, np.int8)) / 1000
        plain, single, all_clusters = (Contestant("peapods", algorithm) for algorithm in THINNING)
        times[single] = (times[single] - times[plain]) * per_sweep
        times[all_clusters] -= times[plain]
    return times


def per_configuration(L, times):
    """µs per independent configuration, by contestant, from the `times` that `measure` returns."""
    costs = {}
    for who, ns in times.items():
        if who.kept:
            costs[who._replace(kept=False)] = ns / 1000
        elif who.algorithm in THINNING:
            costs[who] = ns * L**2 * THINNING[who.algorithm](L, TC) / 1000
    perfect = 1 / hybrid.PER_START
    starts = costs[Contestant("rbmrg", "coupling")]
    chains = costs[Contestant("rbmrg", "Wolff")]
    costs[Contestant("rbmrg", "hybrid")] = perfect * starts + (1 - perfect) * chains
    return dict(sorted(costs.items(), key=lambda item: (not item[0].ours, item[1][0])))


def table(title, columns, convert):
    """A text: by contestant and L, best and median of the sorted costs in `columns` (dicts by L), and the `ratio`."""
    lines = ["", f"{title:26}" + "".join(f"{f'L = {L}: best':>15}{'median':>10}{'ratio':>8}" for L in columns)]
    for who in dict.fromkeys(who for column in columns.values() for who in column):
        lines.append(f"{who!s:26}")
        for costs in columns.values():
            best, median = convert(costs[who][[0, costs[who].size // 2]]) if who in costs else (0, 0)
            lines[-1] += f"{best:15.3g}{median:10.3g}{ratio(who, costs):8.3g}" if best else 33 * " "
    return "\n".join(lines)


def ratio(who, costs):
    """The cost of the cheapest competitor over the cost of `who`, both in their best rounds."""
    return min((ns[0] for other, ns in costs.items() if not other.ours), default=np.nan) / costs[who][0]


def installed():
    """The competitors in MODULES that are there and work, by name; says which are not."""
    modules = {}
    for name, module in MODULES.items():
        try:
            found = {name: importlib.import_module(module)}
            interleaved(competing_tasks(32, 2**16, found), 1)
            modules |= found
        except (ImportError, AttributeError, TypeError, ValueError, RuntimeError) as error:
            print(f"{name}: skipped, it is not installed or does not work ({error!r})")
    return modules


def show(results):
    """Print the tables of the times in `results`, by L, and how near multispin comes to its limit."""
    for title, convert, *algorithms in (
        ("Spin updates per ns", np.reciprocal, "multispin", "Metropolis"),
        ("Wolff, ns per flipped spin", np.positive, "Wolff"),
        ("Swendsen–Wang, ns per site", np.positive, "Swendsen–Wang"),
    ):
        columns = {
            L: {who: ns for who, ns in results[L].items() if who.algorithm in algorithms and not who.kept}
            for L in SIZES[1:]
        }
        print(table(title, columns, convert))
    print(table("µs per independent conf.", {L: per_configuration(L, results[L]) for L in SIZES[:3]}, np.positive))
    print(f"\nLimit of multispin: its generator alone ({multispin.BITS}/64 words an update, and a few for rare bits)")
    for L in SIZES[1:]:
        speed = 1 / results[L][WORDS][0]
        reached = 1 / results[L][MULTISPIN][0]
        limit = speed * 64 / multispin.BITS
        print(f"L = {L}: {speed:.3g} words/ns, so {limit:.3g} updates/ns; reached {reached:.3g}, {reached / limit:.0%}")


def main():
    parser = argparse.ArgumentParser(description="Time the sampling algorithms against installable ones, at Tc.")
    parser.add_argument("--quick", action="store_true", help="an eighth of the work, five rounds: noisy")
    updates, rounds = (UPDATES // 8, 5) if parser.parse_args().quick else (UPDATES, 9)
    os.environ.update(RAYON_NUM_THREADS="1", OMP_NUM_THREADS="1")
    modules = installed()
    cpu = re.search("model name.*: (.*)", Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else "")
    print(cpu[1] if cpu else platform.machine(), f"({llvmlite.binding.get_host_cpu_name()})")
    print(", ".join(f"{name} {version(name)}" for name in ("rbmrg", "numpy", "numba", *modules)), NOTES, sep="\n")
    show({L: measure(L, updates, rounds, modules) for L in SIZES})


if __name__ == "__main__":
    main()
