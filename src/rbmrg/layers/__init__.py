"""Layers: one coarse graining, by an RG rule or by a machine, and what its units see."""
