"""Rows of the tables of the page: numbers of a study as text, with their errors and in the words of the page."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from rbmrg.figures.answers import LOOKS, SAYS, number
from rbmrg.layers import maps
from rbmrg.layers import statistics as map_statistics
from rbmrg.machines.kinds import ISING, TRAINED, UNTRAINED
from rbmrg.report.claims import RULE
from rbmrg.stats import ROUNDING, written

GROUPS = {"machines": TRAINED, "controls": (RULE, ISING, UNTRAINED)}  # of kinds, in the order of the matrix
FINEST = 1e-4  # the least error of a statistic of maps over its mean: a table of more digits cannot be read


def matrix(answers):
    """The matrix of verdicts: {"groups": {name: kinds}, "claims": a row for each claim, with a cell for each kind}.

    A cell has the `id` of the row on the page that says more; it is None if there is no answer.
    """
    present = set(answers.kind)
    groups = {name: [kind for kind in kinds if kind in present] for name, kinds in GROUPS.items()}
    found = {(row.claim, row.kind): answer(row) for row in answers.itertuples()}
    claims = [
        {
            "claim": claim,
            "short": SAYS[claim],
            "cells": {name: [found.get((claim, kind)) for kind in kinds] for name, kinds in groups.items()},
        }
        for claim in dict.fromkeys(answers.claim.sort_values(key=lambda claims: claims.map(list(SAYS).index)))
    ]
    return {"groups": {name: kinds for name, kinds in groups.items() if kinds}, "claims": claims}


def answer(row):
    """The text of an answer: its cell in the matrix, and its row below the claim."""
    symbol, *_ = LOOKS[row.verdict]
    place = re.sub(r"\W+", "-", f"{row.claim}-{row.kind}")
    return _of_interval(row) | {
        "id": place,
        "kind": row.kind,
        "symbol": symbol,
        "number": number(row),
        "rows": row.rows,
    }


def claim_rows(table):
    """A row of text for each row of the table of claims."""
    return [
        _of_interval(row) | {
            "claim": row.claim, "kind": row.kind, "recipe": _text(row.recipe), "training": _text(row.training),
            "counted": row.counted,
        }
        for row in table.itertuples()
    ]  # fmt: skip


def _estimate(row):
    """With its error; both with an exponent if they are nothing but rounding: 30 zeros would be as long."""
    rounding = 0 < abs(row.estimate) < ROUNDING and row.error < ROUNDING
    return f"{row.estimate:.2g}({row.error:.2g})" if rounding else written(row.estimate, row.error)


def _of_interval(row):
    return {
        "source": row.source, "scope": row.scope, "quantity": row.quantity,
        "estimate": _estimate(row), "median": "" if np.isnan(row.median) else f"{row.median:.3f}",
        "interval": between(row.low, row.high),
        "region": between(row.region_low, row.region_high), "verdict": row.verdict, "reason": _text(row.reason),
    }  # fmt: skip


def _text(value):
    return "" if pd.isna(value) else value  # a file has no empty text


def between(low, high):
    """`2.169 to 2.369` from two numbers, "" if there are none."""
    return "" if np.isnan(low) or np.isnan(high) else f"{low:.4g} to {high:.4g}"


def known_answers(table):
    """The text of a row for each claim and case whose truth is known; nothing is said for certain of no replica."""
    return [
        {
            "claim": row.claim, "case": row.case, "truth": row.truth, "verdict": row.verdict,
            "wrong": f"{100 * row.wrong_share:.3g} %", "right": f"{100 * row.right_share:.3g} %",
            "replicas": row.replicas,
        }
        for row in table.itertuples()
    ]  # fmt: skip


def sample_rows(table):
    """A row of text for each lattice size: how far energies and specific heats lie from their exact values, in σ."""
    rows = []
    for L, here in table.groupby("L"):
        row = {"L": L, "temperatures": len(here), "samples": int(here.n.sum())}
        for quantity in ("energy", "specific_heat"):
            error = here[f"{quantity}_error"]
            z = ((here[quantity] - here[f"{quantity}_exact"]) / error)[error > 0]
            row[quantity] = f"{np.sqrt((z**2).mean()):.2f}, {z.abs().max():.2f}" if len(z) else ""
        rows.append(row)
    return rows


def layer_row(layer_map):
    """The row of text for one layer in the table of RG maps: its source, peak and far value with jackknife errors."""
    factor = round((layer_map.sizes["y"] * layer_map.sizes["x"] / layer_map.sizes["unit"]) ** 0.5)
    peak, far = maps.own_and_far(layer_map.aligned.values, factor)
    source = "{source}, layer {layer}".format(**layer_map.attrs)
    return {"source": source, "peak": written(*peak), "far": written(*far)}


def statistics_table(statistics):
    """Statistics of the lowest layer at the largest lattice as text: {"statistics", "rows"}, a row for each source.

    A cell holds two texts of the first seed: the mean over hidden units with its error, and its position between the
    untrained machine (0) and RG rules (1) with the share of units in the band of these rules.
    """
    largest = statistics[statistics.L.eq(statistics.L.max())]
    shown = largest[(largest.layer == 1) & (largest.seed == 0)]
    statistics = [name for name in map_statistics.STATISTICS if name in set(shown.statistic)]
    rows = []
    for (of, source), here in shown.groupby(["of", "source"], sort=False):
        cells = {row.statistic: _cell(row) for row in here.itertuples()}
        rows.append({"of": of, "source": source, "cells": [cells.get(name, ("", "")) for name in statistics]})
    labels = [map_statistics.STATISTICS[name][0] for name in statistics]
    return {"statistics": labels, "rows": sorted(rows, key=lambda row: row["of"] != "map")}


def _cell(row):
    mean = written(row.mean, max(row.error, FINEST * abs(row.mean)))
    if not np.isfinite(row.position):
        return mean, ""
    position = f"{row.position:.2f}" if abs(row.position) < 100 else f"{row.position:.0e}"
    return mean, f"{position}, {row.share:.0%}"


def thermometer_rows(table):
    """A row of text for each thermometer; T_E reads sets of configurations and has no cross-entropy."""
    rows = []
    for row in table.itertuples():
        single = np.isfinite(row.cross_entropy)
        cells = {
            "thermometer": row.thermometer,
            "cross_entropy": written(row.cross_entropy, row.error) if single else "",
            "excess": f"{row.excess:.4f}" if single else "",
            "bias": written(row.bias, row.bias_error),
        }
        rows.append(cells)
    return rows


def machine_rows(table):
    """A row of text for each machine: its layers, and how far the lowest is from its data, one distance a seed.

    Those with the smallest mean distance come first.
    """
    rows = []
    lowest = table[table.layer == 1]
    order = lowest.groupby("machine", sort=False).kl.mean().sort_values(kind="stable")
    for machine in order.index:
        seeds = lowest[lowest.machine == machine]
        first = seeds.iloc[0]
        distances = [written(kl, error) for kl, error in zip(seeds.kl, seeds.kl_error, strict=True)]
        layers = table[(table.machine == machine) & (table.replica == first.replica)]
        sizes = [first.visible, *layers.hidden]
        rows.append(
            {"machine": machine, "recipe": first.recipe, "sizes": " → ".join(map(str, sizes)), "steps": first.steps}
            | {"training": first.training, "kl": ", ".join(distances), "method": ", ".join(dict.fromkeys(seeds.method))}
        )
    return rows


def timings(folder):
    """{rule: DataFrames} of the benchmarks of Snakemake below `folder`."""
    found = {}
    for path in sorted(Path(folder).rglob("*.tsv")):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        found.setdefault(rule, []).append(pd.read_csv(path, sep="\t", na_values="-"))
    return found


def time_rows(benchmarks):
    """A row of text for each rule from {rule: its tables of benchmarks}, those that took most CPU first."""
    rows = []
    for rule, tables in benchmarks.items():
        jobs = pd.concat(tables)
        rows.append((jobs.cpu_time.sum(), rule, len(jobs), jobs.s.sum(), jobs.max_rss.max()))
    return [
        {"rule": rule, "jobs": jobs, "cpu": f"{cpu:.0f}", "wall": f"{wall:.0f}", "memory": f"{memory:.0f}"}
        for cpu, rule, jobs, wall, memory in sorted(rows, reverse=True)
    ]
