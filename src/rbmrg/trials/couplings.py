"""Hamiltonians set by us, judged as those of machines, hidden layers and blocks are: claims C8 and C9."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from rbmrg import operators, rbm, rg, sampling
from rbmrg.exponents import couplings, hamiltonians, pseudolikelihood
from rbmrg.exponents.coupling_names import BLOCKS, HIDDEN, VISIBLE
from rbmrg.lattice import TC
from rbmrg.report import claims_of_couplings
from rbmrg.report.evidence import COLUMNS

L = 10  # of machines
N = 10_000  # configurations over which they are fitted
BLOCKS_L = 16
BLOCKS_N = 2000  # configurations of which blocks are made
K = 1 / TC
SCATTER = 0.1  # of the couplings of single bonds, in units of their mean, which they keep
RULES = ("majority", "decimation")
T_BLOCKS = {"at Tc": (TC, True), "at 2": (2.0, False), "at 2.6": (2.6, False)}  # temperature, whether C9 holds


class Learned(NamedTuple):
    """A machine with couplings of pairs and a field where the Ising model has nn = K alone; whether C8 holds."""

    couplings: dict
    holds: bool
    field: float = 0.0
    scatter: float = 0.0
    power: bool = False


LEARNED = {
    "the Ising model": Learned({"nn": K}, True),
    "the Ising model, its bonds scatter": Learned({"nn": K}, True, scatter=SCATTER),
    "neighbours 1 % too weak": Learned({"nn": 0.99 * K}, True, scatter=SCATTER, power=True),
    "neighbours 3 % too weak": Learned({"nn": 0.97 * K}, False, scatter=SCATTER, power=True),
    "neighbours 10 % too weak": Learned({"nn": 0.9 * K}, False, scatter=SCATTER),
    "next-nearest neighbours, too": Learned({"nn": K, "nnn": 0.03}, False),
    "a field": Learned({"nn": K}, False, field=0.03),
}
UNTRAINED = "untrained"


def judge(replicas, stream, progress=None):
    """The rows of C8 and C9 for `replicas` of all cases: the DataFrame for `trials.summary`.

    `stream(replica)`: the Generators; `progress(done)` is called after each replica.
    """
    tables = []
    for replica in range(replicas):
        tables.append(_replica(stream(replica)).assign(replica=replica))
        if progress:
            progress(replica + 1)
    rows = pd.concat(tables, ignore_index=True).rename(columns={"source": "case"})
    truths, power = known()
    return rows.assign(truth=rows.case.map(truths), power=rows.case.isin(power))


def known():
    """({case: whether its claim holds}, the cases that are distances for the table of power)."""
    truths = {name: case.holds for name, case in LEARNED.items()} | {UNTRAINED: False}
    for name, (_, holds) in T_BLOCKS.items():
        truths |= {f"{made} {name}": holds for made in ("decimation by √2", *(f"blocks of {rule}" for rule in RULES))}
    return truths, [name for name, case in LEARNED.items() if case.power]


def bonded(L, case, rng):
    """The machine of a `Learned` case: a hidden unit for each bond, as `rbm.exact_machine` has."""
    site = np.arange(L * L).reshape(L, L)
    units = []
    for name, coupling in case.couplings.items():
        for shape in operators.images(name):
            noise = rng.normal(size=L * L)
            bonds = coupling * (1 + case.scatter * (noise - noise.mean()))
            columns = np.zeros((L * L, L * L))
            for y, x in shape:
                columns[np.roll(site, (-y, -x), (0, 1)).ravel(), site.ravel()] = np.arccosh(np.exp(2 * bonds)) / 2
            units.append(columns)
    W = np.concatenate(units, axis=1)
    return rbm.RBM(W, np.full(L * L, case.field), np.zeros(W.shape[1]))


def _replica(rng):
    """The rows of C8 and C9 for all cases, over configurations of their own."""
    spins = sampling.sample(L, TC, N, rng)
    machines = {name: bonded(L, case, rng) for name, case in LEARNED.items()}
    machines[UNTRAINED] = rbm.train(spins[:100], "paper", 81, rng, steps=0)
    fitted = [_named(couplings.of(machine, spins), name, VISIBLE) for name, machine in machines.items()]
    layers = []
    for name, (T, _) in T_BLOCKS.items():
        half = couplings.of_hidden(rbm.checkerboard_machine(L, T), spins, rng)
        layers.append(_named(half, f"decimation by √2 {name}", HIDDEN))
        finest = sampling.sample(BLOCKS_L, T, BLOCKS_N, rng)
        for rule in RULES:
            blocks = pseudolikelihood.of(rg.coarse_grain(finest, rule, rng))
            layers.append(_named(blocks, f"blocks of {rule} {name}", BLOCKS))
    rows = [
        *claims_of_couplings.learned(pd.concat(fitted)),
        *claims_of_couplings.renormalised(pd.concat(layers)),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _named(table, name, of):
    """Couplings as `hamiltonians` has them in its table, of what says that its data are critical."""
    columns = {"kind": "machine", "source": name, "training": f"{TC:.6f}", "seed": 0, "of": of, "T": TC, "K": K}
    columns["layer"] = int(of != VISIBLE)
    return table.assign(**columns).reindex(columns=hamiltonians.COLUMNS)
