"""Where a layer comes from: the columns with which tables and files of maps name an RG rule or a machine."""


def of_rule(rule):
    """Those of an RG `rule`, a module with a NAME."""
    return {"kind": "rule", "source": rule.NAME, "control": "none"}


def of_machine(entry):
    """Those of the machine of an `entry` of a study, with the negative control that it is."""
    return {"kind": "machine", "source": entry.name, "control": entry.control}
