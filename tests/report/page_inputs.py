"""What a page is made of, small and made up, and a reader of pages."""

import html.parser
import struct
import zlib

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg.report import claims, columns, page
from rbmrg.report.evidence import COLUMNS

SETTINGS = {
    "seed": 7,
    "samples": [{"L": 10, "temperatures": [f"{T / 10:.6f}" for T in range(60)], "n": 200}],
    "flows": {"starts": ["0.000000", "2.269185"], "length": 3},
}


def png(colour, width=1, height=1):
    """A picture of one colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(height * (b"\0" + width * bytes([colour])))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def claims_table():
    region = (2.1692, 2.3692)
    nans = (np.nan, np.nan, np.nan, np.nan)
    rows = [
        ("C1", "T_E of <b>paper</b> & co", "a", "3 machines", 3, 2.3, 0.02, 2.2, 2.4, *region, "undecided", ""),
        ("C1", "T_E of another", "b", "seed 0", 1, np.inf, np.nan, 9.0, np.inf, *region, "not reproduced", ""),
        ("C1", "T_E", "still", "seed 0", 1, 90.0, 1.0, 88.0, 92.0, *region, "not reproduced", ""),
        ("C3", "Δσ, plain fit", "Monte Carlo", "the method", 0, *nans, 0.11, 0.14, "not diagnostic", "it fails"),
    ]  # fmt: skip
    more = {"kind": ["dense", "dense", "untrained", "method"], "recipe": ["best", "best", "paper", np.nan],
            "training": ["2.269185", "2.6", "2.6", np.nan], "counted": [True, False, True, False],
            "median": [2.256, np.nan, np.nan, np.nan]}  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).assign(**more)


def observables_table():
    """Two temperatures of L = 4: energies 3 σ and 4 σ off, specific heats right; one of frozen spins, without error."""
    rows = [(4, 0.0, 50, -2.0, 0.0, -2.0, 0.0, 0.0, 0.0), (4, 2.0, 50, -1.7, 0.1, -2.0, 1.0, 0.1, 1.0),
            (4, 3.0, 100, -0.6, 0.1, -1.0, 0.7, 0.2, 0.7)]  # fmt: skip
    quantities = [f"{name}{part}" for name in ("energy", "specific_heat") for part in ("", "_error", "_exact")]
    return pd.DataFrame(rows, columns=["L", "T", "n", *quantities])


def known_answers_table():
    rows = [("C1", "monte-carlo-2.6", "fails", "not reproduced", 0.0, 1.0, 200),
            ("C3", "monte-carlo-Tc", "holds", "reproduced", 0.015, 0.93, 200)]  # fmt: skip
    columns = ["claim", "case", "truth", "verdict", "wrong_share", "right_share", "replicas"]
    return pd.DataFrame(rows, columns=columns)


def machines_table():
    rows = [
        ("stack", 0, 1, "paper", "2.269185", 100, 81, 5, 0.25, 0.01, "annealing"),
        ("stack", 0, 2, "paper", "2.269185", 81, 16, 5, np.nan, np.nan, np.nan),
        ("stack", 1, 1, "paper", "2.269185", 100, 81, 5, 0.35, 0.02, "reweighting"),
        ("stack", 1, 2, "paper", "2.269185", 81, 16, 5, np.nan, np.nan, np.nan),
        ("exact", 0, 1, "exact", "2.500000", 100, 200, 0, 0.0, 0.0, "reweighting"),
    ]  # fmt: skip
    columns = "machine replica layer recipe training visible hidden steps kl kl_error method"
    return pd.DataFrame(rows, columns=columns.split())


def statistics():
    """Rows as of map_statistics: a rule and a machine at L = 8, and what is not shown: L = 4, layer 2, another seed."""
    columns = ["source", "L", "layer", "seed", "of", "statistic", "mean", "error", "position", "share"]
    rows = [
        ("average", 8, 1, 0, "map", "patch", 0.21, 0.01, np.nan, np.nan),
        ("trained", 8, 1, 0, "map", "patch", 0.31, 0.02, 4560.0, 0.5),
        ("average", 8, 1, 0, "field", "patch", 0.99, 0.01, 1.0, 1.0),
        ("trained", 8, 1, 0, "field", "patch", 0.41, 0.02, -0.123, 0.25),
        ("trained", 8, 1, 0, "field", "moran", np.nan, np.nan, np.nan, np.nan),
        ("trained", 8, 1, 1, "field", "patch", 0.51, 0.02, 0.5, 0.25),
        ("trained", 8, 2, 0, "field", "patch", 0.61, 0.02, 0.5, 0.25),
        ("small", 4, 1, 0, "field", "patch", 0.71, 0.02, 0.5, 0.25),
    ]
    return pd.DataFrame(rows, columns=columns)


def inputs_in(folder):
    """All arguments of `page.render`; figures are written into `folder`."""
    figures = []
    described = {"energy": ("Energy ``u`` at 0 < T & *more*.  Dashed: exact.", ["inputs"]),
                 "fixed_points": ("The ends of flows.", ["C1"]), "maps": ("Maps of <v h>.", [])}  # fmt: skip
    for colour, (name, (caption, shows)) in enumerate(described.items()):
        (folder / f"{name}.png").write_bytes(png(colour, width=1400, height=900))
        figures.append(page.figure(folder / f"{name}.png", caption, shows))
    table = {
        "thermometer": ["network 0", "bayes", "energy"],
        "cross_entropy": [3.2, 3.1, np.nan],
        "error": [0.01, 0.02, np.nan],
        "excess": [0.1, 0, np.nan],
        "bias": [0.3, 0.4, 0.001],
        "bias_error": [0.01, 0.02, 0.0005],
    }
    return {
        "study": "<script>alert('smoke')</script>",
        "settings": SETTINGS,
        "tables": {
            "claims": claims_table(),
            "answers": claims.answers(claims_table()),
            "known_answers": known_answers_table(),
            "power": known_answers_table().assign(case="near the edge"),
            "observables": observables_table(),
            "thermometers": pd.DataFrame(table),
            "machines": machines_table(),
            "statistics": statistics(),
        },
        "maps": [layer_map("average", scatter=0.02)],
        "figures": figures,
        "benchmarks": {"train": [pd.DataFrame({"s": [2.0], "cpu_time": [1.5], "max_rss": [90.0]})] * 2},
        "described": columns.described({"claims.csv": ["claim", "error"], "tables/machines.csv": ["kind", "kl_error"]}),
    }


def layer_map(source, scatter):
    """A map that is 3/4 on the own block and 1/4 elsewhere, more by `scatter` in every other block of samples."""
    blocks = np.full((20, 8, 8), 0.25)
    blocks[:, :2, :2] = 0.75
    blocks[::2] += scatter
    return xr.Dataset(
        {"aligned": (("block", "dy", "dx"), blocks), "correlator": (("unit", "y", "x"), np.zeros((16, 8, 8)))},
        attrs={"source": source, "layer": 1},
    )


class Page(html.parser.HTMLParser):
    """Tags, with the text and attributes of the page."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.open = []
        self.cells = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.open += [tag] if tag not in ("meta", "img", "br", "hr", "link", "input") else []
        self.cells += [""] if tag == "td" else []

    def handle_startendtag(self, tag, attributes):  # of MathML
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "td" in self.open:
            self.cells[-1] += data
