"""The page: one HTML file that stands alone, with what there is of answers, claims, figures, parameters, versions."""

import base64
import html
import importlib.metadata
import platform
import re
import struct
from pathlib import Path

import jinja2
import yaml
from docutils.core import publish_parts

from rbmrg import store
from rbmrg.figures.answers import LOOKS
from rbmrg.layers.statistics import STATISTICS
from rbmrg.report import answer, claims, columns, rows, verdicts

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
INPUTS = "inputs"  # what a figure shows that is of no claim
PIXELS = 2.0  # of a figure for one of the page
# The tables that the page can show, and what turns each into the variable of that name in the template.
TABLES = {
    "answers": rows.matrix,
    "claims": rows.claim_rows,
    "known_answers": rows.known_answers,
    "power": rows.known_answers,
    "observables": rows.sample_rows,
    "thermometers": rows.thermometer_rows,
    "machines": rows.machine_rows,
    "statistics": rows.statistics_table,
}


def render(study, settings, tables, maps=(), figures=(), benchmarks=None, described=()):
    """The page as text; sections without data are left out.

    `settings`: the completed configuration, a dictionary; `tables`: {name: DataFrame} for the names in TABLES that the
    study has; `maps`: Datasets of the layers of RG rules; `figures`: those of `figure`; `benchmarks`: those of
    `rows.timings`; `described`: the table of `columns.described`.
    """
    shown = {name: turned(tables[name]) if name in tables else [] for name, turned in TABLES.items()}
    return environment().get_template("page.html.jinja").render(
        study=study,
        **shown,
        sentences=answer.sentences(tables["answers"], tables.get("known_answers")) if shown["answers"] else [],
        statements=claims.STATEMENTS,
        looks=LOOKS,
        figures=list(figures),
        rule=_html(verdicts.RULE) if shown["claims"] else "",
        layers=[rows.layer_row(layer_map) for layer_map in maps],
        definitions=STATISTICS.values(),
        described=columns.by_table(described),
        times=rows.time_rows(benchmarks or {}),
        settings=yaml.safe_dump(_compact(settings), sort_keys=False, width=120, allow_unicode=True),
        seed=settings["seed"],
        versions={name: importlib.metadata.version(name) for name in PACKAGES} | {"Python": platform.python_version()},
    )  # fmt: skip


def environment():
    """What renders the templates of this folder."""
    found = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
    )  # fmt: skip
    found.filters["linked"] = _linked
    return found


def figure(path, caption, shows):
    """What the template needs of the figure at `path`, a PNG: {"name", "image", "width", …}.

    `caption`: its reStructuredText, whose first sentence is read to those who cannot see the image; `shows`: a list of
    claims or [INPUTS] in the main text, [] in the appendix.  Raises docutils' SystemMessage for a caption that is not
    reStructuredText.
    """
    content = store.read_bytes(path)
    width, height = struct.unpack(">II", content[16:24])  # of every PNG
    text = _html(caption)
    plain = " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())
    return {
        "name": Path(path).stem, "image": base64.b64encode(content).decode(), "caption": text, "shows": shows,
        "alt": re.match(r".*?[.](?= |$)|.*", plain)[0],
        "width": round(width / PIXELS), "height": round(height / PIXELS),
    }  # fmt: skip


def _linked(text):
    """`text` as HTML in which the name of every claim leads to its section."""
    return re.sub(r"\bC\d+\b", r'<a href="#\g<0>">\g<0></a>', html.escape(text))


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
