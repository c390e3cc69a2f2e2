"""Where the data of an exponent come from: the columns that say so, and the list of all two-point functions."""

WRONG_ON_PURPOSE = ("shuffled", "independent")  # rearrangements of Monte Carlo data, see `machines.controls`


def of_machine(columns, seed):
    """The columns of one seed of a machine; `columns` are those of its `Entry`."""
    return {**columns, "seed": seed, "kind": "machine"}


def of_monte_carlo(name):
    """The columns of Monte Carlo data called `name`, or of such data that are wrong on purpose."""
    control = name if name in WRONG_ON_PURPOSE else "none"
    return {"machine": name, "recipe": "", "training": "", "control": control, "seed": 0, "kind": "monte carlo"}


def every(samples, grouped_samples, flows=(), grouped_flows=()):
    """All two-point functions as a list of (columns, Dataset of `correlators.measure`).

    `samples` is the Dataset of Monte Carlo data at Tc, `grouped_samples` that of their classes along `source`.  `flows`
    and `grouped_flows` are lists of Datasets along `seed`, one for each machine; those of `flows` have the dimension
    `ensemble` and the columns of the machine as attributes.  The column `ensemble` is `grouped` for a class.
    """
    found = [(of_monte_carlo("Monte Carlo") | {"ensemble": "end"}, samples)]
    for name in grouped_samples.source.values:
        found.append((of_monte_carlo(str(name)) | {"ensemble": "grouped"}, grouped_samples.sel(source=name)))
    for ends, grouped in zip(flows, grouped_flows, strict=True):
        columns = {name: ends.attrs[name] for name in ("machine", "recipe", "training", "control")}
        for seed in range(ends.sizes["seed"]):
            each = {str(name): ends.isel(seed=seed).sel(ensemble=name) for name in ends.ensemble.values}
            each["grouped"] = grouped.isel(seed=seed)
            found += [(of_machine(columns, seed) | {"ensemble": name}, data) for name, data in each.items()]
    return found
