"""Small tables of evidence that hold a known answer, and decoys that must not be read."""

import numpy as np
import pandas as pd

from rbmrg.exponents import magnetisation
from rbmrg.lattice import TC

nan = np.nan
inf = np.inf


def points_table(ends=(TC, TC + 0.02), stationary=(True, True), T_mix=2.6, untrained=inf):
    """Fixed points of two seeds of a trained machine and of one untrained, as `flows.fixed_points` gives them."""
    rows = [
        ("deep", seed, T if still else nan, 0.01 if still else nan, still, T_mix)
        for seed, (T, still) in enumerate(zip(ends, stationary, strict=True))
    ]
    rows.append(("untrained", 0, untrained, nan, True, TC))
    table = pd.DataFrame(rows, columns=["machine", "seed", "T", "T_error", "stationary", "T_mix"])
    return table.assign(length=1000, control=table.machine.map({"deep": "none", "untrained": "untrained"}))


WINDOWS = [(1.5, 2.2), magnetisation.WINDOW, (1.7, 2.2)]


def scans_table(flow=0.126, control=0.125):
    """Δm in three windows, of which the quoted one has the value given; others are decoys, as are other sources."""
    sources = [
        ("monte carlo", "Monte Carlo, true T", "none", 0, 0.3), ("monte carlo", "Monte Carlo", "none", 0, control),
        ("monte carlo", "Monte Carlo at Tc", "none", 0, 0.4), ("monte carlo", "shuffled", "shuffled", 0, 0.5),
        ("machine", "deep", "none", 0, flow), ("machine", "deep", "none", 1, flow),
    ]  # fmt: skip
    rows = [
        (*window, value + 9 * (window != magnetisation.WINDOW), 0.001, kind, machine, of_control, seed)
        for kind, machine, of_control, seed, value in sources
        for window in WINDOWS
    ]
    return pd.DataFrame(rows, columns=["lowest", "highest", "exponent", "error", "kind", "machine", "control", "seed"])


FITS = [(ensemble, fit) for ensemble in ("grouped", "end", "equilibrium") for fit in ("plain", "torus")]


def dimensions_table(plain=0.126, torus=0.126, plain_control=0.125, torus_control=0.125):
    """Fits of Δ in units of its exact value / 0.125; fits that are not quoted are decoys, as are other sources."""
    of_machine = {("grouped", "plain"): plain, ("end", "torus"): torus, ("equilibrium", "torus"): torus_control}
    sources = [
        ("monte carlo", "Monte Carlo, true T", "none", 0, {}),
        ("monte carlo", "Monte Carlo", "none", 0, of_machine | {("grouped", "plain"): plain_control}),
        ("monte carlo", "shuffled", "shuffled", 0, {}), ("machine", "deep", "none", 0, of_machine),
        ("machine", "deep", "none", 1, of_machine), ("machine", "untrained", "untrained", 0, of_machine),
    ]  # fmt: skip
    rows = [
        (operator, fit, scale * quoted.get((ensemble, fit), 9.0), scale * 0.001, kind, machine, control, seed, ensemble)
        for kind, machine, control, seed, quoted in sources
        for operator, scale in (("spin", 1), ("energy", 8))
        for ensemble, fit in FITS
    ]
    names = "operator fit dimension error kind machine control seed ensemble"
    return pd.DataFrame(rows, columns=names.split())


SETS = [("contrast", "map", 1), ("contrast", "map", 2), ("moran", "map", 1), ("overlap", "field", 1),
        ("overlap", "field", 2), ("overlap", "map", 1)]  # fmt: skip


def statistics_table(L=32, deep=0.4, null=0.1, rule=0.4, spread=0.05, null_spread=0.05, rule_spread=0.01, drop=""):
    """Statistics of two seeds of a trained machine, of an untrained one and of RG rules; some rules are decoys."""
    sources = [
        ("machine", "deep", 0, deep, spread), ("machine", "deep", 1, deep, spread), ("rule", "majority", 0, 9.0, 0.1),
        ("rule", "average", 0, rule, rule_spread), ("machine", "untrained-L32", 0, null, null_spread),
    ]  # fmt: skip
    rows = [
        (kind, source, L, seed, layer, of, statistic, 256, mean, 0.005, width, (mean - rule) / np.hypot(width, 0.01))
        for statistic, of, layer in SETS
        for kind, source, seed, mean, width in sources
        if source != drop
    ]
    names = "kind source L seed layer of statistic units mean error spread separation"
    table = pd.DataFrame(rows, columns=names.split()).assign(separation_error=0.1)
    return table.assign(control=control_of(table))


MAJORITY = {2.0: -0.2, TC: 0.02, 2.4: 0.2, 2.6: 0.4}  # changes of temperature in one step
AVERAGE = dict.fromkeys(MAJORITY, 9.0)  # another rule is no reference
UNTRAINED = dict.fromkeys(MAJORITY, 3.0)  # noise: everything is hot


def temperatures_table(deep=MAJORITY, null=UNTRAINED, rule=MAJORITY, error=0.005):
    """Layer temperatures of two steps that each change it by so much, the same for all thermometers."""
    sources = [
        ("rule", "average", 0, AVERAGE), ("rule", "majority", 0, rule), ("machine", "deep", 0, deep),
        ("machine", "deep", 1, deep), ("machine", "untrained-L32", 0, null),
    ]  # fmt: skip
    rows = [
        (kind, source, seed, T, layer, 32 // 2**layer, name, T + (layer * step if layer else 0))
        for kind, source, seed, steps in sources
        for T, step in steps.items()
        for layer in range(3)
        for name in ("magnetisation", "overlap")
    ]
    names = ["kind", "source", "seed", "T", "layer", "L", "thermometer", "temperature"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(error=np.where(np.isfinite(table.temperature), error, nan), control=control_of(table))


def control_of(table):
    """The column `control` of the sources of `table`."""
    return np.where(table.source == "untrained-L32", "untrained", "none")
