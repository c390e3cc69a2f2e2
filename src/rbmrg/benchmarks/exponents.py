"""`python -m rbmrg.benchmarks.exponents FOLDER`: how accurate y_t and y_h of the majority rule are, at what cost.

The CPU time is that of everything, from the first sweep to the error bars, without compilation.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd

from rbmrg import rg, store
from rbmrg.exponents import mcrg, replicas
from rbmrg.progress import Progress

L = 64
STEP = 2  # of the exponents in the table
NUMBERS = [2**k for k in range(13, 19)]  # of configurations


def measure(L, n, step=STEP, rng=1):
    """A row of the table: n, CPU seconds, and y_t and y_h of the majority rule at a `step` from L, with errors."""
    start = time.process_time()
    rng = np.random.default_rng(rng)
    chains, batches = replicas.draw(L, n, rng)
    table = mcrg.table(mcrg.measure(batches, rg.RULES["majority"], step, rng, chains), L)
    spent = time.process_time() - start
    row = table[(table.level == step) & (table.operators == table.operators.max())].iloc[0]
    return {"L": L, "step": step, "n": int(row.n), "cpu_s": spent} | {
        name: row[name] for name in ("y_t", "y_t_error", "y_h", "y_h_error")
    }


def main():
    from rbmrg.figures import exponent_costs, style  # matplotlib is slow to import

    parser = argparse.ArgumentParser(description="Measure the accuracy of exponents against its cost (minutes).")
    parser.add_argument("folder", type=Path, help="where exponent_costs.csv and exponent_costs.png are written")
    folder = parser.parse_args().folder
    measure(16, 1024)  # compiles
    progress = Progress("exponents", len(NUMBERS))
    rows = []
    for n in NUMBERS:
        rows.append(measure(L, n))
        progress(len(rows), f"n = {n}")
    figure, table = exponent_costs.draw(pd.DataFrame(rows))
    store.write_table(table, folder / "exponent_costs.csv")
    with store.atomic(folder / "exponent_costs.png") as temporary:
        style.save(figure, temporary)
    print(table.to_string(index=False, float_format="%.5g"))


if __name__ == "__main__":
    main()
