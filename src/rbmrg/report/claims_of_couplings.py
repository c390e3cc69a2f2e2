"""Claims C8 and C9: which Hamiltonian a machine has learned, and which one its hidden layer has."""

import numpy as np
import pandas as pd

from rbmrg.exponents.coupling_names import BLOCKS, EQUIVALENT, HIDDEN, OTHERS, PLACED, VISIBLE, trained
from rbmrg.exponents.critical_line import KC
from rbmrg.lattice import TC
from rbmrg.report.evidence import of_column, row, scopes
from rbmrg.report.verdicts import REGIONS

QUALITY = 0.5  # of a placement, below which hidden units have no places
UNEXPLAINED = "share left unexplained"
LAYERS = {  # in the order of the rows
    HIDDEN: "hidden layer",
    PLACED: "hidden layer, its units placed on the lattice",
    BLOCKS: "blocks",
}


def learned(couplings):
    """C8: all couplings of machines of one temperature against those of the Ising model at that temperature.

    A mixture of temperatures has no Hamiltonian of a few couplings, and one sublattice has another one.
    """
    mine = trained(couplings[(couplings.of == VISIBLE) & (couplings.layer == 0)])
    single = mine[pd.to_numeric(mine.training, errors="coerce").notna()]
    for machine, rows in single.groupby("source", sort=False):
        for scope, seeds in scopes(rows):
            yield row("C8", "K_nn in units of 1/T", machine, scope, of_nearest_neighbours(seeds))


def of_nearest_neighbours(seeds):
    """The tests of C8: {name: (Interval, Region)}."""
    nearest = seeds[seeds.operator == "nn"]
    tests = {"K_nn": (_interval(nearest, unit=1 / nearest.K), REGIONS["nearest"])}
    for name in seeds.operator[~seeds.operator.isin(["nn", EQUIVALENT, OTHERS])].unique():
        tests[f"K_{name}"] = (_interval(seeds[seeds.operator == name]), REGIONS["other"])
    return tests | {UNEXPLAINED: (_interval(nearest, "unexplained"), REGIONS["unexplained"])}


def renormalised(couplings):
    """C9: the distance from criticality of hidden layers, and of the blocks of RG rules and filters, of data at Tc."""
    last = trained(couplings[couplings.of.isin(LAYERS) & (couplings.layer > 0)])
    own = pd.to_numeric(last.training, errors="coerce").where(last.kind == "machine", TC)
    T = last["T"].where(last.of == BLOCKS, own)
    critical = last[np.isclose([T, own], TC, rtol=0, atol=1e-5).all(axis=0)]
    for of, name in LAYERS.items():
        for (source, layer), rows in critical[critical.of == of].groupby(["source", "layer"], sort=False):
            quality = rows.quality.min()
            fault = without_places(quality)
            for scope, seeds in scopes(rows):
                quantity = f"Σ r K in units of K_c, {name}, layer {layer}"
                yield row("C9", quantity, source, scope, of_critical(seeds), fault)


def without_places(quality):
    """Why nothing can be told of hidden units that are placed with this `quality`, "" if something can or it is NaN."""
    return f"units have no places: {quality:.2f} of their weights lie there" if quality < QUALITY else ""


def of_critical(seeds):
    """The tests of C9: {name: (Interval, Region)}.

    Blocks have no closed form, of which a share could be left: their interval is extended by their truncation.
    """
    total = seeds[seeds.operator == EQUIVALENT]
    found = _interval(total, unit=1 / KC)
    beyond = total.truncation.fillna(0.0).mean() / KC
    found = found._replace(low=found.low - beyond, high=found.high + beyond)
    field = _interval(seeds[seeds.operator == "field"])
    tests = {"Σ r K": (found, REGIONS["equivalent"]), "K_field": (field, REGIONS["field"])}
    if total.unexplained.notna().any():
        tests[UNEXPLAINED] = (_interval(total, "unexplained"), REGIONS["local"])
    return tests


def _interval(rows, column="coupling", unit=1.0):
    """The interval of a `column` of `rows`, of seeds, in some `unit`: all have read the same configurations."""
    error = "error" if column == "coupling" else f"{column}_error"
    return of_column(rows.assign(value=rows[column] * unit, error=rows[error] * unit), common=True)
