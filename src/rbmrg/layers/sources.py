"""Where a layer comes from: the columns with which tables and files of maps name an RG rule or a machine."""


def of_rule(rule):
    """Those of an RG `rule`, a module with a NAME; it has no recipe and no training."""
    return {"kind": "rule", "source": rule.NAME, "control": "none", "recipe": "", "training": ""}


def of_machine(entry):
    """Those of the machine of an `entry` of a study: its recipe, its training, the negative control that it is."""
    return {"kind": "machine", "source": entry.name, "control": entry.control, "recipe": entry.recipe,
            "training": entry.mixture}  # fmt: skip


def named(found, source, L):
    """(Dataset, table) of each layer `found` above L × L spins, the number of the layer and where it comes from added.

    `source`: as the functions above give it.  Datasets have it as attributes, tables as columns.
    """
    for layer, (measured, table) in enumerate(found, start=1):
        place = source | {"L": L, "layer": layer}
        yield measured.assign_attrs(place), table.assign(**place)
