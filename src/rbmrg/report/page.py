"""The page: one HTML file that stands alone, with what there is of verdicts, tables, figures, parameters, versions."""

import base64
import importlib.metadata
import platform
from pathlib import Path

import jinja2
import numpy as np
import yaml
from docutils.core import publish_parts

from rbmrg import store
from rbmrg.layers import maps
from rbmrg.layers import statistics as map_statistics
from rbmrg.report import claims, verdicts
from rbmrg.stats import written

PACKAGES = (
    "rbmrg",
    "snakemake",
    "numpy",
    "numba",
    "scipy",
    "scikit-learn",
    "xarray",
    "netCDF4",
    "pandas",
    "matplotlib",
)
ANSWERS = "answers"  # the figure at the top
TEMPLATE = Path(__file__).with_name("page.html.jinja")


def render(study, settings, tables, maps=(), figures=(), captions=()):
    """The page as text; sections without data are left out.

    `settings`: the completed configuration, a dictionary; `tables`: {name: DataFrame} for the names in TABLES that the
    study has; `maps`: Datasets of the layers of RG rules; `figures`: PNG paths; `captions`: their reStructuredText, in
    the same order.  Raises docutils' SystemMessage for a caption that is not reStructuredText.
    """
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    shown = {name: rows(tables[name]) if name in tables else [] for name, rows in TABLES.items()}
    images = [figure(path, caption) for path, caption in zip(figures, captions, strict=True)]
    return environment.from_string(TEMPLATE.read_text()).render(
        study=study,
        **shown,
        answers=[image for image in images if image["name"] == ANSWERS],
        figures=[image for image in images if image["name"] != ANSWERS],
        rule=_html(verdicts.RULE) if shown["claims"] else "",
        layers=[layer_row(layer_map) for layer_map in maps],
        definitions=map_statistics.STATISTICS.values(),
        settings=yaml.safe_dump(_compact(settings), sort_keys=False, width=120, allow_unicode=True),
        seed=settings["seed"],
        versions={name: importlib.metadata.version(name) for name in PACKAGES} | {"Python": platform.python_version()},
    )


def claim_groups(table):
    """Claims in order with their statements, and the text of their rows: those that are shown, and all others."""
    groups = []
    reasons = table.reason.astype(object).where(table.reason.notna(), "")  # a file has no empty text
    for claim, rows in table.assign(reason=reasons).groupby("claim", sort=False):
        counts = rows.verdict.value_counts(sort=False)
        summary = ", ".join(f"{verdict} {counts[verdict]}" for verdict in verdicts.VERDICTS if verdict in counts)
        groups.append({
            "claim": claim, "statement": claims.STATEMENTS[claim], "verdicts": summary,
            "shown": claim_lines(rows[rows.shown]), "others": claim_lines(rows[~rows.shown]),
        })  # fmt: skip
    return groups


def claim_lines(rows):
    """Rows of the table of claims as text, estimate(error) and interval among it."""
    return [
        {
            "source": row.source,
            "scope": row.scope,
            "quantity": row.quantity,
            "estimate": written(row.estimate, row.error),
            "interval": between(row.low, row.high),
            "region": between(row.region_low, row.region_high),
            "verdict": row.verdict,
            "reason": row.reason,
        }
        for row in rows.itertuples()
    ]


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


def layer_row(layer_map):
    """The row of text for one layer in the table of RG maps: its source, peak and far value with jackknife errors."""
    factor = round((layer_map.sizes["y"] * layer_map.sizes["x"] / layer_map.sizes["unit"]) ** 0.5)
    peak, far = maps.own_and_far(layer_map.aligned.values, factor)
    source = "{source}, layer {layer}".format(**layer_map.attrs)
    return {"source": source, "peak": written(*peak), "far": written(*far)}


def statistics_table(statistics):
    """Statistics of the lowest layer at the largest lattice as text: {"sources", "rows"}, a column for each source.

    Cells are of the first seed: the mean over hidden units with its error, its position between the untrained machine
    (0) and RG rules (1), and the share of units in the band of these rules.
    """
    largest = statistics[statistics.L.eq(statistics.L.max())]
    shown = largest[(largest.layer == 1) & (largest.seed == 0)]
    sources = list(shown.source.unique())
    rows = []
    for (of, statistic), here in shown.groupby(["of", "statistic"], sort=False):
        cells = {row.source: _cell(row) for row in here.itertuples()}
        label, _ = map_statistics.STATISTICS[statistic]
        rows.append({"of": of, "statistic": label, "cells": [cells.get(name, "") for name in sources]})
    return {"sources": sources, "rows": sorted(rows, key=lambda row: row["of"] != "map")}


def _cell(row):
    if not np.isfinite(row.position):
        return written(row.mean, row.error)
    position = f"{row.position:.2f}" if abs(row.position) < 100 else f"{row.position:.0e}"
    return f"{written(row.mean, row.error)}, {position}, {row.share:.0%}"


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
    """A row of text for each machine: its layers, and how far the lowest is from its data, one distance a seed."""
    rows = []
    for machine, seeds in table[table.layer == 1].groupby("machine", sort=False):
        first = seeds.iloc[0]
        distances = [written(kl, error) for kl, error in zip(seeds.kl, seeds.kl_error, strict=True)]
        layers = table[(table.machine == machine) & (table.replica == first.replica)]
        sizes = [first.visible, *layers.hidden]
        rows.append(
            {"machine": machine, "recipe": first.recipe, "sizes": " → ".join(map(str, sizes)), "steps": first.steps}
            | {"training": first.training, "kl": ", ".join(distances), "method": ", ".join(dict.fromkeys(seeds.method))}
        )
    return rows


def figure(path, caption):
    """What the template needs of one figure: its name, image as base64 and caption as HTML."""
    image = base64.b64encode(store.read_bytes(path)).decode()
    return {"name": Path(path).stem, "image": image, "caption": _html(caption)}


def _html(text):
    options = {"doctitle_xform": False, "report_level": 2, "halt_level": 2}
    options |= {"file_insertion_enabled": False, "raw_enabled": False}  # a caption is text, not HTML
    return publish_parts(text, writer="html5", settings_overrides=options)["body"]


def _compact(settings):
    """Settings with long lists of temperatures shortened."""
    if isinstance(settings, dict):
        return {key: _compact(value) for key, value in settings.items()}
    if isinstance(settings, list):
        if len(settings) > 6 and all(isinstance(item, str) for item in settings):
            return f"{settings[0]} … {settings[-1]} ({len(settings)} temperatures)"
        return [_compact(item) for item in settings]
    return settings


# The tables that the page can show, and what turns each into the variable of that name in the template.
TABLES = {
    "claims": claim_groups,
    "known_answers": known_answers,
    "thermometers": thermometer_rows,
    "machines": machine_rows,
    "statistics": statistics_table,
}
