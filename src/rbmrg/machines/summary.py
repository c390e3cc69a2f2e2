"""The table of machines: one row for each machine, seed and layer, with its making and its distance from its data."""

import json

import pandas as pd

from rbmrg.machines.entries import Entry


def table(files):
    """DataFrame with a row for each of `files` (Datasets of machines), sorted by machine, replica and layer.

    kl and its error are in nats per spin, the pseudo-likelihood and its error in nats per unit, all of the last step.
    """
    rows = [_row(file) for file in files]
    return pd.DataFrame(rows).sort_values(["machine", "replica", "layer"], kind="stable")


def _row(file):
    """The row of one file: its attributes, its entry, its sizes, and what was measured at its last step."""
    entry = Entry(**json.loads(file.attrs["entry"]))
    last = file.isel(step=-1)
    return (
        {name: file.attrs[name] for name in ("machine", "replica", "layer")}
        | {"recipe": entry.recipe, "options": json.dumps(entry.options), "L": entry.L}
        | {"training": entry.mixture, "temperatures": len(entry.training)}
        | {"control": entry.control, "kind": entry.kind}
        | {"visible": file.sizes["visible"], "hidden": file.sizes["hidden"], "steps": int(last.step)}
        | {name: variable.item() for name, variable in last.data_vars.items() if variable.ndim == 0}
    )
