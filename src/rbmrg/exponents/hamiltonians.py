"""Tables of couplings: of both layers of machines along their training, of what rules make, of the ends of flows."""

import numpy as np
import pandas as pd

from rbmrg import exact
from rbmrg.exponents import couplings, fourier, pseudolikelihood
from rbmrg.exponents.coupling_names import BLOCKS, FLOW, HIDDEN, PLACED, VISIBLE
from rbmrg.flows import snapshots
from rbmrg.lattice import energy
from rbmrg.layers import placement, sources
from rbmrg.machines import coarse_graining, weights
from rbmrg.rbm.closed_forms import visible_units
from rbmrg.rg.steps import iterate
from rbmrg.splits import held_out_part

# kind, source, control, recipe, training: the machine or RG rule; seed; step of its training; `of`: whose couplings;
# layer: how often their lattice has been coarse-grained (a sublattice: once); L: side of the finest lattice; T: that of
# its configurations; K: K_nn of the data of the machine.  Then those of `couplings`; fourier and its error, scatter:
# those of `fourier.pairs`; quality: that of `placement`; truncation: that of `pseudolikelihood`.
COLUMNS = [
    "kind", "source", "control", "recipe", "training", "seed", "step", "of", "layer", "L", "T", "K", *couplings.COLUMNS,
    "fourier", "fourier_error", "scatter", "quality", "truncation",
]  # fmt: skip
COURSE = 1000  # configurations are enough along the training
PAIRS = ("nn", "nnn")  # whose Fourier coefficients are taken


def of_machine(files, sample, n, entry, stream, progress=None):
    """The couplings of all seeds of a machine over up to `n` held-out configurations of `sample`: DataFrame of COLUMNS.

    `files`: the Datasets of its lowest layer; `sample`: a Dataset with the attribute T.  `stream(seed)`: the Generator
    of a seed.  Both layers are read after the last step of training, the visible one also at all snapshots before.
    `progress(number of seeds read)` is called after each.
    """
    spins = held_out_part(sample.spin)[:n].values
    source = sources.of_machine(entry) | {"L": entry.L, "T": sample.attrs["T"], "K": ideal(entry, spins)}
    tables = []
    for file in files:
        steps = file.step.values
        seed = int(file.attrs["replica"])
        rng = stream(seed)
        for index, step in enumerate(steps[:-1]):
            found = couplings.of(weights.machine_of(file, index), spins[:COURSE])
            tables.append(found.assign(seed=seed, step=step, of=VISIBLE, layer=0))
        last = _trained(weights.machine_of(file), spins, entry, rng)
        tables.append(last.assign(seed=seed, step=steps[-1]))
        if progress:
            progress(seed + 1)
    return _complete(tables, source)


def ideal(entry, spins):
    """K_nn of the exact ln p of the training data of `entry`, in the same fit over `spins`; 1/T of a single T."""
    if len(entry.temperatures) == 1:
        return 1 / entry.temperatures[0] if entry.temperatures[0] else np.inf
    E = energy(spins)
    slope, _ = couplings.regression(exact.log_mixture(E, entry.L, entry.temperatures), -E[:, None])
    return float(slope[0, 0])


def _trained(machine, spins, entry, rng):
    """The couplings of the visible layer of a `machine`, and those of its hidden layer if it has a place for each."""
    closed = visible_units(machine, spins) is not spins
    found = couplings.of(machine, spins)
    for name in PAIRS:
        pairs = fourier.pairs(machine, entry.L, couplings.DIAGONAL[name] if closed else name, rng)
        found.loc[found.operator == name, ["fourier", "fourier_error", "scatter"]] = pairs
    tables = [found.assign(of=VISIBLE, layer=int(closed))]
    placed = placement.place(machine, entry.L)
    if closed or entry.filters == 1:
        tables.append(couplings.of_hidden(machine, spins, rng).assign(of=HIDDEN, layer=1))
    elif placed and not entry.filters:
        ordered, quality = placed
        tables.append(couplings.of_hidden(ordered, spins, rng).assign(of=PLACED, layer=1, quality=quality))
    return pd.concat(tables)


def of_filters(files, samples, layers, entry, stream):
    """The couplings of the blocks that a machine of shared filters makes when it is used as a rule: as `of_rule`."""
    tables = []
    for file in files:
        seed = int(file.attrs["replica"])
        rules = coarse_graining.rules(entry, [weights.machine_of(file)], layers)
        rng = stream(seed)
        tables += [_blocks(sample, rules, rng).assign(seed=seed) for sample in samples]
    return _complete(tables, sources.of_machine(entry))


def of_rule(rule, samples, layers, stream, progress=None):
    """The couplings of the blocks of an RG `rule` of ±1 spins along `layers` steps: DataFrame of COLUMNS.

    `samples`: Datasets of configurations with the attribute T, whose own couplings are those of layer 0; `stream(T)`:
    the Generator for a temperature, given as text with six decimals; `progress(number of samples read)`.
    """
    tables = []
    for sample in samples:
        finest = pseudolikelihood.of(sample.spin.values).assign(layer=0)
        blocks = _blocks(sample, [rule] * layers, stream(f"{sample.attrs['T']:.6f}"))
        tables.append(pd.concat([finest.assign(of=BLOCKS, L=sample.sizes["x"], T=sample.attrs["T"]), blocks]))
        if progress:
            progress(len(tables))
    return _complete(tables, sources.of_rule(rule) | {"seed": 0})


def _blocks(sample, rules, rng):
    """The couplings of the blocks that `rules` make of a Dataset of configurations, one after the other."""
    spins = sample.spin.values
    found = [
        pseudolikelihood.of(level).assign(layer=layer)
        for layer, level in enumerate(iterate(spins, rules, rng), start=1)
    ]
    return pd.concat(found).assign(of=BLOCKS, L=spins.shape[-1], T=sample.attrs["T"])


def of_flows(flows, points, entry, progress=None):
    """The couplings of the configurations at the ends of the flows of a machine, seed by seed: DataFrame of COLUMNS.

    `flows`: Datasets, in the order of the rows of `points`, the table of their fixed points; T is that of the end.
    `progress(number of flows read)` is called after each.
    """
    tables = []
    for flow, point in zip(flows, points.itertuples(), strict=True):
        spins = snapshots.late(flow, point.stationary)
        tables.append(pseudolikelihood.of(spins, more=None).assign(seed=point.seed, T=point.T))
        if progress:
            progress(len(tables))
    return _complete(tables, sources.of_machine(entry) | {"of": FLOW, "layer": 0, "L": entry.L})


def _complete(tables, source):
    """`tables` as one with all COLUMNS, those of the `source` among them."""
    return pd.concat(tables, ignore_index=True).assign(**source).reindex(columns=COLUMNS)
