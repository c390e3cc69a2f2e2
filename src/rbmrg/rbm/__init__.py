"""Restricted Boltzmann machines: the model, its training, and its distance from the data."""

from rbmrg.rbm import convolutional
from rbmrg.rbm.closed_forms import checkerboard_machine, exact_machine
from rbmrg.rbm.likelihood import (
    Divergence,
    kl,
    log_partition_annealed,
    log_partition_enumerated,
    log_partition_reweighted,
    pseudo_likelihood,
)
from rbmrg.rbm.model import RBM
from rbmrg.rbm.recipes import RECIPES, Recipe
from rbmrg.rbm.stack import downwards, train_stack, upwards
from rbmrg.rbm.training import train, trajectory

__all__ = [
    "RBM",
    "RECIPES",
    "Divergence",
    "Recipe",
    "checkerboard_machine",
    "convolutional",
    "downwards",
    "exact_machine",
    "kl",
    "log_partition_annealed",
    "log_partition_enumerated",
    "log_partition_reweighted",
    "pseudo_likelihood",
    "train",
    "train_stack",
    "trajectory",
    "upwards",
]
