"""The claims of arXiv:1906.05212 and three of our own, the evidence that each needs, and the table of them."""

import pandas as pd

from rbmrg.lattice import TC
from rbmrg.machines.kinds import KINDS
from rbmrg.report import claims_of_couplings as couplings
from rbmrg.report import claims_of_exponents as exponents
from rbmrg.report import claims_of_flows as flows
from rbmrg.report import claims_of_layers as layers
from rbmrg.report.evidence import COLUMNS
from rbmrg.report.verdicts import together

STATEMENTS = {
    "C1": "RBM flows drive configurations of any temperature towards Tc",
    "C2": "|m| of flowed configurations against their measured temperature scales as |T − Tc|^Δm with Δm ≈ 1/8",
    "C3": "the spin two-point function of flowed configurations gives Δσ = 1/8",
    "C4": "the energy two-point function of flowed configurations gives Δε = 1",
    "C5": "visible–hidden correlators of trained machines show the patches of an RG step",
    "C6": "spatial statistics of the maps can identify RG-like coarse graining",
    "C7": "layers of stacked machines move the temperature of configurations in the same direction as RG layers do",
    "C8": "the machine has learned the Hamiltonian of nearest neighbours",
    "C9": "the hidden layer is a renormalised Ising model near the critical line",
    "C10": "a learned filter is an RG transformation with the exponents y_t = 1 and y_h = 15/8",
}
# In the order of the table: what yields the rows, and the tables it takes.
EVIDENCE = (
    (flows.fixed_points, ["points"]),
    (flows.magnetisations, ["equilibrium", "points"]),
    (flows.scaling_dimensions, ["dimensions", "points"]),
    (layers.patches, ["statistics", "bands"]),
    (layers.telling, ["statistics", "bands"]),
    (layers.temperatures_moved, ["temperatures"]),
    (couplings.learned, ["couplings"]),
    (couplings.renormalised, ["couplings"]),
    (exponents.eigenvalues, ["exponents"]),
)
RULE = "RG rule"  # kinds of sources that are no machines
METHOD = "method"
ANSWERED = (RULE, *KINDS)
SAID = [*(column for column in COLUMNS if column != "claim"), "median"]  # of the row that decides an answer


def assess(machines, **tables):
    """The table of claims: one row for each quantity of each claim and source whose evidence is there.

    `machines`: the table of machines; `tables`: by the names in EVIDENCE, those that the study has.  Columns: COLUMNS,
    the `median` of T_E over seeds (of C1 alone), the `kind` of the source, the recipe and the temperatures of the data
    of a machine, and whether the row is `counted` in the answer of its kind: that of an RG rule, or of the machine that
    stands for its kind.
    """
    rows = []
    for weigh, names in EVIDENCE:
        if all(name in tables for name in names):
            rows += weigh(*(tables[name] for name in names))
    claims = pd.DataFrame(rows, columns=[*COLUMNS, "median"])
    described = machines.drop_duplicates("machine").set_index("machine")
    names = described.kind.to_dict()
    for table in (tables[name] for name in ("statistics", "couplings", "exponents") if name in tables):
        names = dict.fromkeys(table.source[table.kind == "rule"], RULE) | names
    kind = pd.Series([names.get(source, METHOD) for source in claims.source], claims.index, object)
    claims = claims.assign(
        kind=kind,
        recipe=claims.source.map(described.recipe),
        training=claims.source.map(described.training),
        counted=(kind == RULE) | (kind.isin(KINDS) & standing(claims, machines)),
    )
    ordered = claims.assign(place=claims.claim.map(list(STATEMENTS).index)).sort_values(
        ["place", "counted"], ascending=[True, False], kind="stable"
    )
    return ordered.drop(columns="place").reset_index(drop=True)


def representatives(machines):
    """The machine that stands for its kind: trained on most temperatures, then nearest Tc, then nearest to its data."""
    lowest = machines[machines.layer == 1]
    means = lowest.groupby(["kind", "machine"], sort=False).agg(
        {"temperatures": "first", "training": "first", "kl": "mean"}
    )
    away = (pd.to_numeric(means.training, errors="coerce") - TC).abs().round(5)  # a mixture is nowhere
    ordered = (
        means.assign(away=away).reset_index().sort_values(["temperatures", "away", "kl"], ascending=[False, True, True])
    )
    return set(ordered.drop_duplicates("kind").machine)


def standing(claims, machines):
    """Which rows of `claims` are of `representatives`, chosen among the machines of whom a claim says anything."""
    found = pd.Series(False, claims.index)
    for _, rows in claims.groupby("claim"):
        found[rows.index] = rows.source.isin(representatives(machines[machines.machine.isin(rows.source)]))
    return found


def answers(claims):
    """One row for each kind of machine and claim: the verdict of its counted rows, and the one that decides it.

    Columns: claim, kind, those of the deciding row, the number of `rows` that count, and that of the `seeds` of which
    they speak, together or each for itself.  README has three lines that make the matrix of verdicts again from the
    table of claims.
    """
    mine = claims[claims.counted]
    rows = []
    for kind in ANSWERED:
        for claim in STATEMENTS:
            found = mine[(mine.claim == claim) & (mine.kind == kind)]
            if len(found):
                verdict = together(found.verdict)
                deciding = found[found.verdict == verdict].iloc[0]
                seeds = max(found.machines.max(), found.scope[found.machines == 1].nunique())
                counts = {"rows": len(found), "seeds": seeds}
                rows.append({"claim": claim, "kind": kind, **deciding[SAID].to_dict(), **counts})
    return pd.DataFrame(rows, columns=["claim", "kind", *SAID, "rows", "seeds"])  # none if all machines are controls
