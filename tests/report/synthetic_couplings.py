"""A small table of couplings that holds a known answer, for the tests of C8 and C9."""

import numpy as np
import pandas as pd

from rbmrg.exponents import hamiltonians
from rbmrg.exponents.critical_line import KC

OPERATORS = ("nn", "nnn", "field", "equivalent", "others")


def hamiltonian(of, source, K, kind="machine", training="2.269185", **columns):
    """Rows of one Hamiltonian: couplings `K` of OPERATORS in units of K_c, the last two but once as they are."""
    table = pd.DataFrame({"operator": OPERATORS, "coupling": np.array(K) * KC, "error": 1e-4})
    fixed = {"of": of, "source": source, "kind": kind, "training": training, "K": KC, "T": 1 / KC, "control": "none"}
    usual = {"seed": 0, "step": np.nan if kind == "rule" else 400, "layer": int(of != "visible"), "L": 10}
    left = {"unexplained": np.nan if of == "blocks" else 1e-4, "unexplained_error": 1e-5}
    return table.assign(**fixed | usual | left | columns).reindex(columns=hamiltonians.COLUMNS)


def couplings_table(learned=(1.0, 0.0, 0.0, 1.0, 0.0), hidden=(0.6, 0.3, 0.0, 1.02, 0.3), rule=1.01):
    """One machine that learned its data, a hidden layer and blocks at criticality, an untrained machine, and decoys."""
    nothing = (0.0, 0.0, 0.0, 0.0, 0.0)
    wrong = (5.0, 5.0, 5.0, 5.0, 5.0)
    return pd.concat([
        hamiltonian("visible", "tc", learned),
        hamiltonian("visible", "tc", wrong, step=100),
        hamiltonian("visible", "deep", wrong, training="0 to 5.9, 60 temperatures"),
        hamiltonian("visible", "untrained", nothing, unexplained=0.8),
        hamiltonian("visible", "deep-L32", wrong, layer=1),
        hamiltonian("hidden", "deep-L32", hidden),
        hamiltonian("placed", "untrained-L32", nothing, quality=0.02),
        hamiltonian("flow", "tc", wrong),
        hamiltonian("blocks", "majority", (0.8, 0.1, 0.0, rule, 0.1), "rule", np.nan),
        hamiltonian("blocks", "majority", wrong, "rule", np.nan, layer=0),
        hamiltonian("blocks", "majority", wrong, "rule", np.nan, T=2.0),
    ], ignore_index=True)  # fmt: skip
