"""The claims of arXiv:1906.05212, the evidence that each of them needs, and the table that assesses them."""

import pandas as pd

from rbmrg.report import claims_of_flows as flows
from rbmrg.report import claims_of_layers as layers
from rbmrg.report.evidence import COLUMNS

STATEMENTS = {
    "C1": "RBM flows drive configurations of any temperature towards Tc",
    "C2": "|m| of flowed configurations against their measured temperature scales as |T − Tc|^Δm with Δm ≈ 1/8",
    "C3": "the spin two-point function of flowed configurations gives Δσ = 1/8",
    "C4": "the energy two-point function of flowed configurations gives Δε = 1",
    "C5": "visible–hidden correlators of trained machines show the patches of an RG step",
    "C6": "spatial statistics of the maps can identify RG-like coarse graining",
    "C7": "layers of stacked machines move the temperature of configurations in the same direction as RG layers do",
}
# In the order of the table: what yields the rows, and the tables it takes.
EVIDENCE = (
    (flows.fixed_points, ["points"]),
    (flows.magnetisation_exponents, ["scans", "points"]),
    (flows.scaling_dimensions, ["dimensions", "points"]),
    (layers.patches, ["statistics"]),
    (layers.telling, ["statistics"]),
    (layers.temperatures_moved, ["temperatures"]),
)


def assess(points=None, scans=None, dimensions=None, statistics=None, temperatures=None):
    """The table of claims (COLUMNS), one row for each quantity of each claim whose evidence is there.

    Tables, None if the study has none: `points`, fixed points; `scans`, Δm in windows; `dimensions`, fits of Δ;
    `statistics` of maps and receptive fields; `temperatures` of layers.
    """
    tables = {
        "points": points, "scans": scans, "dimensions": dimensions, "statistics": statistics,
        "temperatures": temperatures,
    }  # fmt: skip
    rows = []
    for weigh, names in EVIDENCE:
        evidence = [tables[name] for name in names]
        if all(table is not None for table in evidence):
            rows += weigh(*evidence)
    return pd.DataFrame(rows, columns=COLUMNS)
