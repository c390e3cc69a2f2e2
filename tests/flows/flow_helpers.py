"""Shared by the tests of flows: names and definitions of the compared observables, mixtures, chains of known decay."""

import numpy as np

from rbmrg import sampling
from rbmrg.lattice import energy

NAMES = [
    "energy", "energy_variance", "abs_magnetisation", "magnetisation", "binder", "anisotropy", "nearest", "G(1,1)",
    "G(0,2)", "G(0,L/2)", "G(L/2,L/2)", "S(0,1)", "S(1,1)", "S(0,2)", "S(L/2,L/2)",
]  # fmt: skip
STEPS = np.array([0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300])
LONG = np.append(STEPS, [500, 700, 1000])


def scores(table):
    return dict(zip(table.observable, table.z, strict=True))


def by_definition(spins):
    """Observables that are means, of each configuration, from their definitions: {name: [n]}."""
    L = spins.shape[-1]
    half = spins.shape[-1] // 2
    m = spins.mean(axis=(1, 2))

    def G(y, x):
        return (spins * np.roll(spins, (-y, -x), axis=(1, 2))).mean(axis=(1, 2))

    def S(*waves):
        y, x = np.indices((L, L))
        phases = (np.exp(-2j * np.pi / L * (a * y + b * x)) for a, b in waves)
        return np.mean([np.abs((spins * phase).sum(axis=(1, 2))) ** 2 / L**2 for phase in phases], axis=0)

    return {
        "energy": energy(spins) / L**2,
        "abs_magnetisation": np.abs(m),
        "magnetisation": m,
        "anisotropy": G(0, 1) - G(1, 0),
        "nearest": G(0, 1),
        "G(1,1)": (G(1, 1) + G(1, -1)) / 2,
        "G(0,2)": (G(0, 2) + G(2, 0)) / 2,
        "G(0,L/2)": (G(0, half) + G(half, 0)) / 2,
        "G(L/2,L/2)": (G(half, half) + G(half, -half)) / 2,
        "S(0,1)": S((0, 1), (1, 0)),
        "S(1,1)": S((1, 1), (1, -1)),
        "S(0,2)": S((0, 2), (2, 0)),
        "S(L/2,L/2)": S((half, half), (half, -half)),
    }


def mixed(L, temperatures, n, rng):
    """`n` configurations, each at a temperature drawn from `temperatures`, ordered by temperature."""
    rng = np.random.default_rng(rng)
    counts = rng.multinomial(n, np.full(len(temperatures), 1 / len(temperatures)))
    return np.concatenate([sampling.sample(L, T, k, rng) for T, k in zip(temperatures, counts, strict=True)])


def autoregressive(decay, start, end, steps, n, rng, scatter=20.0):
    """Energies [steps, n] with mean end + (start − end) λ^t and stationary Gaussian scatter, from a sharp start."""
    rows = [np.full(n, float(start))]
    for m in np.diff(steps):
        power = decay**m
        rows.append(end + power * (rows[-1] - end) + scatter * np.sqrt(1 - power**2) * rng.normal(size=n))
    return np.array(rows)


def flow_energies(machine, spins, steps, rng):
    """Energies [steps, n] of the flow of `spins` [n, L, L]."""
    rng = np.random.default_rng(rng)
    rows = [energy(spins)]
    for m in np.diff(steps):
        spins = machine.gibbs(spins, int(m), rng)
        rows.append(energy(spins))
    return np.array(rows)
