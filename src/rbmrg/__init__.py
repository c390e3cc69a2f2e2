"""The parts of an answer to "Is deep learning a renormalization group flow?", as plain functions on plain arrays.

`from rbmrg import sampling, exact, rbm, rg, correlators` gives a notebook the doors; the packages beside them hold the
stages of the workflow.
"""
