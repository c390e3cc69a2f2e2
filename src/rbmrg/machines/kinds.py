"""Kinds of machines: what a claim is answered for, in the order of the matrix of answers."""

ISING = "the Ising model"
PAPER = "the paper's recipe"
DENSE = "dense"
PENALTY = "dense, with a penalty"
FILTERS = "shared filters"
UNTRAINED = "untrained"
TRAINED = (PAPER, DENSE, PENALTY, FILTERS)
KINDS = (ISING, *TRAINED, UNTRAINED)
