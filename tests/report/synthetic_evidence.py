"""Small tables of evidence that hold a known answer, and decoys that must not be read."""

import exponent_tables
import numpy as np
import pandas as pd
from dimension_tables import with_totals
from synthetic_couplings import couplings_table

from rbmrg import exact
from rbmrg.lattice import TC
from rbmrg.layers.thermometry import WITHOUT
from rbmrg.thermometers.curves import PARTS

nan = np.nan
inf = np.inf
L = 10


def machines_table():
    """The table of machines: three seeds of one trained machine, one of others that differ in their data or KL."""
    mixture = "0 to 5.9, 60 temperatures"
    tc = "2.269185"
    rows = [("deep", seed, L, "the paper's recipe", 60, mixture, 0.4) for seed in range(3)]
    rows += [
        ("cold", 0, L, "the paper's recipe", 1, "2.000000", 0.01), ("tc", 0, L, "the paper's recipe", 1, tc, 0.2),
        ("tc-well", 0, L, "the paper's recipe", 1, tc, 0.1), ("untrained", 0, L, "untrained", 1, tc, 0.3),
        ("deep-L32", 0, 32, "dense", 1, tc, 0.2), ("untrained-L32", 0, 32, "untrained", 1, tc, 0.3),
        ("filter", 0, 8, "shared filters", 1, tc, 0.1),
    ]  # fmt: skip
    names = ["machine", "replica", "L", "kind", "temperatures", "training", "kl"]
    return pd.DataFrame(rows, columns=names).assign(layer=1, recipe="any")


def points_table(ends=(TC, TC + 0.02, TC - 0.02), apart=0.0, drift=0.0, stationary=True, T_mix=2.6, error=1e-3):
    """Fixed points of the seeds of a machine and of an untrained one: hot ends are `apart` (in T) above cold ones."""
    u, cold, hot = (exact.energy_per_spin(L, np.array(ends) + shift) for shift in (0, -apart / 2, apart / 2))
    table = pd.DataFrame({"u": u, "u_cold": cold, "u_hot": hot, "drift_cold": drift, "drift_hot": -drift})
    table = table.assign(machine="deep", seed=range(len(ends)), stationary=stationary, T_mix=T_mix)
    still = table[:1].assign(machine="untrained", u=0.001, u_cold=0.001, u_hot=0.001, stationary=True, T_mix=TC)
    both = pd.concat([table, still], ignore_index=True)
    control = np.where(both.machine == "untrained", "untrained", "none")
    return both.assign(control=control, L=L, u_error=error, u_cold_error=error, u_hot_error=error)


def equilibrium_table(ratio=1.0, T=TC, expected=0.7, seeds=3, spread=0.001):
    """|m| of the ends of flows against that of equilibrium; the mixture and other observables are decoys."""
    ratios = ratio + spread * np.linspace(-1, 1, seeds)
    mine = pd.DataFrame({"seed": range(seeds), "flow": ratios * expected}).assign(
        observable="abs_magnetisation", reference="equilibrium"
    )
    decoys = mine.assign(flow=9.0)
    both = [mine, decoys.assign(reference="mixture"), decoys.assign(observable="binder")]
    return pd.concat(both, ignore_index=True).assign(machine="deep", expected=expected, error=0.001, T=T)


FITS = [(ensemble, fit) for ensemble in ("grouped", "end", "equilibrium") for fit in ("plain", "torus", "amplitude")]
QUOTED = [("spin", "torus"), ("spin", "amplitude"), ("energy", "amplitude")]  # at the end


def dimensions_table(spin=0.126, energy=1.01, level=0.13, method=1.0, plain_method=0.5, error=0.001, seeds=1):
    """Fits of Δ at the ends of flows and of Monte Carlo data, there in units of 1/8 and 1; other fits are decoys.

    `level`: Δσ with the amplitude, small where there is a correlation.
    """
    of_machine = {("spin", "torus"): spin, ("spin", "amplitude"): level, ("energy", "amplitude"): energy}
    sources = [("monte carlo", "Monte Carlo", 0)] + [("machine", "deep", seed) for seed in range(seeds)]
    rows = []
    for kind, machine, seed in sources:
        for operator, exact_value in (("spin", 0.125), ("energy", 1.0)):
            for ensemble, fit in FITS:
                value = 9.0
                if ensemble == "end" and (operator, fit) in QUOTED:
                    value = method * exact_value
                    if kind == "machine":
                        value = of_machine[operator, fit] + 1e-4 * exact_value * (seed - 1)
                if kind == "monte carlo" and (ensemble, fit) == ("grouped", "plain"):
                    value = plain_method * exact_value
                rows.append((operator, fit, value, error * 8 * exact_value, kind, machine, seed, ensemble))
    columns = ["operator", "fit", "dimension", "error", "kind", "machine", "seed", "ensemble"]
    return with_totals(pd.DataFrame(rows, columns=columns))


def bands_table(reason=""):
    """Bands of RG rules for three statistics."""
    rows = [(size, layer, of, statistic) for size in (16, 32) for layer in (1, 2)
            for of, statistic in (("field", "patch"), ("field", "moran"), ("map", "moran"))]  # fmt: skip
    table = pd.DataFrame(rows, columns=["L", "layer", "of", "statistic"])
    return table.assign(low=0.9, high=1.1, null=0.0, valid=reason == "", reason=reason)


def statistics_table(mean=1.0, share=1.0, error=0.01, size=32, units=100, rule_share=1.0):
    """Statistics of a trained machine, of an untrained one and of an RG rule, all of 100 units."""
    sources = [("machine", "deep-L32", mean, share, units), ("machine", "untrained-L32", 0.0, 0.0, 100),
               ("rule", "majority", 1.0, rule_share, 100)]  # fmt: skip
    rows = [
        (kind, source, 0, band.L, band.layer, band.of, band.statistic, value, error, seen, 100, part, error,
         part - 0.03, part + 0.02, part if kind == "rule" else nan)
        for band in bands_table().itertuples()
        if size == band.L
        for kind, source, value, part, seen in sources
    ]  # fmt: skip
    names = "kind source seed L layer of statistic mean error units of_units share share_error share_low share_high"
    names += " share_by_others"
    return pd.DataFrame(rows, columns=names.split())


MAJORITY = {2.0: -0.2, TC: 0.02, 2.4: 0.2}  # changes of temperature in one step


def temperatures_table(change=MAJORITY, rule=MAJORITY, null=None, error=1e-4):
    """Layer temperatures of two steps that each change it by so much; the energy and another rule are decoys.

    The errors of the bottom, which is the same for all, of RG rules and of machines are independent.
    """
    null = null or dict.fromkeys(rule, inf)
    sources = [("rule", "average", dict.fromkeys(rule, 0.9)), ("rule", "majority", rule),
               ("machine", "deep-L32", change), ("machine", "untrained-L32", null)]  # fmt: skip
    rows = [
        (kind, source, 0, T, layer, 32 // 2**layer, name, T + (layer * step if layer else 0) + more * layer)
        for kind, source, steps in sources
        for T, step in steps.items()
        for layer in range(3)
        for name, more in (("energy", 0.7), ("magnetisation", 0), ("overlap", 0))
    ]
    names = ["kind", "source", "seed", "T", "layer", "L", "thermometer", "temperature"]
    table = pd.DataFrame(rows, columns=names)
    finite = np.isfinite(table.temperature)
    wave = np.select([table.layer == 0, table.kind == "rule"], [1, 2], 3)[:, None] * np.arange(PARTS)
    shifts = np.where(finite, error, 0.0)[:, None] * np.cos(2 * np.pi * wave / PARTS) * (2 / (PARTS - 1)) ** 0.5
    without = pd.DataFrame(table.temperature.to_numpy()[:, None] + shifts, columns=WITHOUT)
    return pd.concat([table.assign(control="none", error=np.where(finite, error, nan)), without], axis=1)


def evidence():
    """All that `claims.assess` takes, with the verdict that the claim holds for the trained machines."""
    return {
        "machines": machines_table(), "points": points_table(), "equilibrium": equilibrium_table(),
        "dimensions": dimensions_table(), "statistics": statistics_table(), "bands": bands_table(),
        "temperatures": temperatures_table(), "couplings": couplings_table(), "exponents": exponent_tables.table(),
    }  # fmt: skip
