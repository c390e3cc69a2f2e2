"""The words of the table of couplings, and which of its rows are of machines whose training is over.

Figures and claims read the table by them; they need nothing of the machines that it is about.
"""

OPERATORS = ("nn", "nnn", "third", "knight", "plaquette", "field")
EQUIVALENT = "equivalent"  # the row of `critical_line.equivalent`,
OTHERS = "others"  # and that of all but nn, as the one coupling nnn that is as far from criticality
VISIBLE = "visible"  # the free energy of a machine
HIDDEN = "hidden"  # that of its hidden units, which are a lattice
PLACED = "placed"  # that of hidden units after `layers.placement`
BLOCKS = "blocks"  # what an RG rule makes, or a filter that is used as one
FLOW = "flow"  # the configurations at the end of flows


def trained(table):
    """The rows of the last step of the training of each machine, and all rows of what is not trained."""
    last = table.groupby(["source", "seed", "of", "layer"]).step.transform("max")
    return table[table.step.isna() | (table.step == last)]
