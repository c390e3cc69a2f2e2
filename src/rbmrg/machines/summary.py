"""The table of machines: one row for each file of a machine, how it was made and how far it is from its data."""

import json

import pandas as pd

from rbmrg.machines.entries import Entry


def summary(files):
    """DataFrame of the files (Datasets) of all machines, seeds and layers; KL and pseudo-likelihood in nats a unit."""
    rows = []
    for file in files:
        entry = Entry(**json.loads(file.attrs["entry"]))
        last = file.isel(step=-1)
        rows.append(
            {name: file.attrs[name] for name in ("machine", "replica", "layer")}
            | {"recipe": entry.recipe, "options": json.dumps(entry.options), "L": entry.L}
            | {"training": entry.mixture, "control": entry.control}
            | {"visible": file.sizes["visible"], "hidden": file.sizes["hidden"], "steps": int(last.step)}
            | {name: variable.item() for name, variable in last.data_vars.items() if variable.ndim == 0}
        )
    return pd.DataFrame(rows).sort_values(["machine", "replica", "layer"], kind="stable")
