"""Joins the tables of a machine's seeds into one that names machine and seed in every row."""

import pandas as pd


def joined(tables, columns):
    """{name: DataFrame} from `tables`, a list of such dicts, one for each seed: rows seed by seed.

    Every row gets `columns`, what is said of the machine, and `seed`.
    """
    labelled = [
        {name: table.assign(**columns, seed=seed) for name, table in of_seed.items()}
        for seed, of_seed in enumerate(tables)
    ]
    return {name: pd.concat([of_seed[name] for of_seed in labelled], ignore_index=True) for name in labelled[0]}
