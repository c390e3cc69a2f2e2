"""Is deep learning a renormalization group flow?  The parts of the answer, as plain functions on plain arrays.

`from rbmrg import sampling, exact, rbm, rg, correlators, thermometers, flows` gives a notebook everything the workflow
uses.
"""
