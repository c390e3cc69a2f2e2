"""Machines: from an entry of a study to trained weights with a learning curve."""
